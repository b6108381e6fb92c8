#include "cli/watch_printer.h"

#include <google/protobuf/util/json_util.h>

#include "cli/guidance_words.h"
#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"

namespace siren {
namespace {

std::string stage_word(zones::v1::Stage level, bool uk) {
  switch (level) {
    case zones::v1::STAGE_PREPARE:
      return uk ? "ГОТУЙТЕСЯ" : "PREPARE";
    case zones::v1::STAGE_GO:
      return uk ? "В УКРИТТЯ" : "GO TO SHELTER";
    case zones::v1::STAGE_TAKE_COVER:
      return uk ? "УКРИЙТЕСЯ НЕГАЙНО" : "TAKE COVER NOW";
    case zones::v1::STAGE_ALL_CLEAR:
      return uk ? "ВІДБІЙ" : "ALL CLEAR";
    default:
      return uk ? "НЕВІДОМО" : "UNKNOWN";
  }
}

}  // namespace

std::string watch_printer::words_of_alert(alerts::v1::Alert const& alert) const {
  auto const uk = language_ == "uk";
  auto text = format_utc(utc_from_proto(alert.changed_time())) + "  ";
  if (alert.world() == geo::v1::WORLD_EXERCISE) text += uk ? "[НАВЧАННЯ] " : "[EXERCISE] ";
  text += stage_word(alert.stage(), uk) + "  " + (uk ? alert.zone_name_uk() : alert.zone_name_en());
  if (alert.partly()) text += uk ? " (частково)" : " (partly)";
  auto const& headline = uk ? alert.headline_uk() : alert.headline_en();
  auto const& body = uk ? alert.body_uk() : alert.body_en();
  if (!headline.empty()) text += "\n    " + headline;
  if (!body.empty()) text += "\n    " + body;
  return text + '\n';
}

void watch_printer::on_snapshot(alerts::v1::Snapshot const& whole) {
  if (json_) return say_json("snapshot", whole);
  auto const uk = language_ == "uk";
  std::string text = uk ? "Зони:" : "Zones:";
  for (auto const& zone : whole.zones())
    text += " " + (uk ? zone.name_uk() : zone.name_en()) + " (" + zone.zone_id() + ")";
  if (whole.zones().empty()) text += uk ? " жодної" : " none";
  text += uk ? "; тривог: " : "; alarms: ";
  text += std::to_string(whole.alerts_size() + whole.provisional_size()) + '\n';
  for (auto const& one : whole.alerts()) text += words_of_alert(one.alert());
  for (auto const& one : whole.provisional()) text += words_of_alert(one.alert());
  say(text);
}

void watch_printer::on_alert(alerts::v1::LoggedAlert const& change) {
  if (json_) return say_json("alert", change);
  say(words_of_alert(change.alert()));
}

void watch_printer::on_provisional(alerts::v1::ProvisionalAlert const& now) {
  if (json_) return say_json("provisional", now);
  say(words_of_alert(now.alert()));
}

void watch_printer::on_merged(alerts::v1::LoggedAlert const& change) {
  if (json_) say_json("merged", change);
}

void watch_printer::on_guidance(routing::v1::Guidance const& told) {
  if (json_) return say_json("guidance", told);
  say(words_of(told, language_));
}

void watch_printer::on_state(bool current) {
  if (json_) return say(std::string{R"({"event":"state","current":)"} + (current ? "true" : "false") + "}\n");
  auto const uk = language_ == "uk";
  if (current) return say(uk ? "Дані свіжі.\n" : "What is shown is current.\n");
  say(uk ? "НЕВІДОМО: зв'язку немає або дані застарілі. Це не відбій.\n"
         : "UNKNOWN: no fresh word from the service. This is not an all-clear.\n");
}

void watch_printer::on_disconnected(client::disconnection const& why) {
  auto const& words = why.message.empty() ? why.reason : why.message;
  if (!why.back_in) {
    std::lock_guard const lock{mutex_};
    refused_ = "the gateway refuses: " + words + (why.reason.empty() ? "" : " (" + why.reason + ")");
    return;
  }
  if (!json_) io_.err << "siren: the stream ended (" << words << "), coming back\n";
}

std::optional<std::string> watch_printer::refused() const {
  std::lock_guard const lock{mutex_};
  return refused_;
}

void watch_printer::say(std::string const& text) {
  std::lock_guard const lock{mutex_};
  io_.out << text << std::flush;
}

void watch_printer::say_json(std::string const& event, google::protobuf::Message const& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string body;
  auto const written = google::protobuf::util::MessageToJsonString(message, &body, options);
  verify(written.ok(), "a message of ours can be written as JSON");
  say("{\"event\":\"" + event + "\",\"" + event + "\":" + body + "}\n");
}

}  // namespace siren
