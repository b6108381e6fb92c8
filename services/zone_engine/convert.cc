#include "zone_engine/convert.h"

#include <algorithm>

#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"
#include "common/convert/threat_convert.h"
#include "core/alert/wording.h"

namespace siren {
namespace {

constexpr auto kSource = "zone_engine";

std::string message_id_of(alert_id const& alert, std::uint32_t rev) {
  return alert.value + "/" + std::to_string(rev);
}

std::string_view act_of(alert const& decided) {
  if (decided.ended()) return "end";
  return decided.rev == 1 ? "raise" : "change";
}

/// Who stands behind it: whoever asks for the most; analysis when nobody does any more.
std::string actor_of(alert const& decided) {
  if (decided.threats.empty()) return "analysis";
  auto const& first = decided.threats.front();
  return first.by == issuer::analysis ? "analysis" : first.issuer_name;
}

void add_texts(std::vector<std::string> const& texts, std::string* body) {
  for (auto const& text : texts) {
    if (!body->empty()) *body += ' ';
    *body += text;
  }
}

/// Well-formed UTF-8 without control characters: how many characters. Protobuf has checked the encoding already.
result<std::size_t> characters_of(std::string const& text, char const* name) {
  std::size_t characters = 0;
  for (auto const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      return failure{reason::malformed, std::string{name} + " must not contain control characters"};
    if ((byte & 0xc0) != 0x80) ++characters;
  }
  return characters;
}

result<void> check_name(std::string const& text, char const* name, std::size_t max_bytes) {
  if (text.empty()) return failure{reason::missing_field, std::string{name} + " is not given"};
  if (text.size() > max_bytes)
    return failure{reason::field_too_long,
                   std::string{name} + " is longer than " + std::to_string(max_bytes) + " bytes"};
  auto const characters = characters_of(text, name);
  return characters ? result<void>{} : result<void>{characters.error()};
}

template <typename Request>
result<operator_order> checked(Request const& request, zone_map const& zones, bool of_gone_zones_too) {
  if (auto const ok = check_name(request.request_id(), "request_id", kMaxRequestIdBytes); !ok) return ok.error();
  if (auto const ok = check_name(request.operator_name(), "operator_name", kMaxOperatorNameBytes); !ok)
    return ok.error();
  if (request.zone_id().empty()) return failure{reason::missing_field, "zone_id is not given"};
  zone_id const zone{request.zone_id()};
  auto const means = zones.meant_by(zone);
  if (means.empty() || (zones.find(zone) == nullptr && !of_gone_zones_too)) {
    auto message = "no zone \"" + zone.value + "\"";
    for (auto const at : means) message += (at == means.front() ? "; now: " : ", ") + zones.all()[at].id.value;
    return failure{reason::unknown_zone, message};
  }
  operator_order order;
  order.request_id = request.request_id();
  order.operator_name = request.operator_name();
  order.zone = zone;
  return order;
}

/// An order, or a proposal of one, to raise an alarm.
template <typename Request>
result<operator_order> raising(Request const& request, zone_map const& zones) {
  auto order = checked(request, zones, false);
  if (!order) return order.error();
  auto const level = from_proto(request.stage());
  if (!level) return level.error();
  if (*level == stage::all_clear) return failure{reason::malformed, "an alarm is raised to PREPARE, GO or TAKE_COVER"};
  auto const characters = characters_of(request.text(), "text");
  if (!characters) return characters.error();
  if (*characters > kMaxTextCharacters)
    return failure{reason::field_too_long, "text is longer than " + std::to_string(kMaxTextCharacters) + " characters"};
  order->level = *level;
  order->text = request.text();
  return order;
}

/// Fields in order, each with its length, so that no two different requests give the same bytes.
std::string fingerprint(operator_order const& order) {
  std::string bytes;
  for (auto const& field : {order.operator_name, order.zone.value, std::string{name_of(order.level)}, order.text})
    bytes += std::to_string(field.size()) + ":" + field;
  return bytes;
}

std::optional<source_trust> trust_of(threats::v1::SourceKind kind) {
  switch (kind) {
    case threats::v1::SOURCE_KIND_OFFICIAL:
    case threats::v1::SOURCE_KIND_TRUSTED:
      return source_trust::trusted;
    case threats::v1::SOURCE_KIND_SENSOR:
      return source_trust::counts;
    case threats::v1::SOURCE_KIND_VOLUNTEER:
      return source_trust::informs;
    default:
      return std::nullopt;
  }
}

alert_append logged_as(alert const& decided, alerts::v1::Alert const& message) {
  return {.zone = decided.zone,
          .alert = decided.id,
          .rev = decided.rev,
          .ended = decided.ended(),
          .bytes = message.SerializeAsString(),
          .source = kSource,
          .message_id = message_id_of(decided.id, decided.rev),
          .actor = actor_of(decided),
          .act = std::string{act_of(decided)},
          .because = message.headline_en(),
          .trace = decided.because.trace};
}

}  // namespace

picture_news news_of(threats::v1::PictureStep const& step) {
  picture_news news;
  for (auto const& feed : step.feeds()) {
    source_id const source{feed.source()};
    news.events.emplace_back(
        feed_state{source, feed.alive(), utc_from_proto(feed.changed_time()), trust_of(feed.kind())});
    news.feeds.push_back({source, feed.official(), feed.alive()});
  }
  for (auto const& alarm : step.region_alarms()) news.events.emplace_back(from_proto(alarm));
  for (auto const& logged : step.launches()) {
    auto launch = from_proto(logged);
    if (on_earth(launch.from) && static_cast<std::size_t>(launch.kind) < kThreatClasses)
      news.events.emplace_back(std::move(launch));
    else
      news.rejected.push_back(reason::malformed);
  }
  for (auto const& track : step.tracks()) {
    auto change = from_proto(track);
    if (change)
      news.events.emplace_back(std::move(change).value());
    else
      news.rejected.push_back(change.error().why);
  }
  return news;
}

whole_picture whole_of(threats::v1::PictureStep const& state) {
  auto news = news_of(state);
  whole_picture whole{{}, std::move(news.feeds), std::move(news.rejected)};
  for (auto& event : news.events) {
    if (auto* track = std::get_if<track_change>(&event)) whole.snapshot.tracks.push_back(std::move(*track));
    if (auto* alarm = std::get_if<region_alarm>(&event)) whole.snapshot.alarms.push_back(std::move(*alarm));
    if (auto* feed = std::get_if<feed_state>(&event)) whole.snapshot.feeds.push_back(std::move(*feed));
    if (auto* launch = std::get_if<launch_report>(&event)) whole.snapshot.launches.push_back(std::move(*launch));
  }
  return whole;
}

alert_append append_of(alert const& decided, zone const& place, world belongs_to,
                       std::vector<std::string> const& texts) {
  alerts::v1::Alert message;
  to_proto(decided, place, belongs_to, decided.changed_at, &message);
  add_texts(texts, message.mutable_body_uk());
  add_texts(texts, message.mutable_body_en());
  return logged_as(decided, message);
}

alert_append append_of_gone(alert const& decided, zone const& place, std::vector<zone> const& heirs, world belongs_to) {
  alerts::v1::Alert message;
  to_proto(decided, place, belongs_to, decided.changed_at, &message);
  auto uk = words_of_gone(place, heirs, language::uk, belongs_to);
  auto en = words_of_gone(place, heirs, language::en, belongs_to);
  message.set_headline_uk(std::move(uk.headline));
  message.set_body_uk(std::move(uk.body));
  message.set_headline_en(std::move(en.headline));
  message.set_body_en(std::move(en.body));
  return logged_as(decided, message);
}

result<alert_append> append_again(alert_entry const& logged) {
  alerts::v1::Alert message;
  if (!message.ParseFromString(logged.bytes)) return failure{reason::malformed, "not an alert"};
  return alert_append{.zone = logged.zone,
                      .alert = logged.alert,
                      .rev = logged.rev,
                      .ended = logged.ended,
                      .bytes = logged.bytes,
                      .source = kSource,
                      .message_id = message_id_of(logged.alert, logged.rev),
                      .actor = kSource,
                      .act = "restore",
                      .because = message.headline_en(),
                      .trace = trace_id{message.trace_id()}};
}

stage stage_of(alert_entry const& entry) {
  alerts::v1::Alert message;
  if (!message.ParseFromString(entry.bytes)) return stage::all_clear;
  auto const level = from_proto(message.stage());
  return level ? *level : stage::all_clear;
}

result<alerts::v1::ProvisionalAlert> provisional_of(alert_append const& decided, cursor after) {
  alerts::v1::ProvisionalAlert message;
  message.set_source(decided.source);
  message.set_message_id(decided.message_id);
  if (!message.mutable_alert()->ParseFromString(decided.bytes)) return failure{reason::malformed, "not an alert"};
  to_proto(after, message.mutable_after());
  return message;
}

result<asked_order> order_of(alerts::v1::RaiseAlarmRequest const& request, zone_map const& zones) {
  auto order = raising(request, zones);
  if (!order) return order.error();
  auto asked = fingerprint(*order);
  return asked_order{std::move(order).value(), std::move(asked)};
}

result<asked_order> order_of(alerts::v1::ClearAlarmRequest const& request, zone_map const& zones) {
  auto order = checked(request, zones, true);
  if (!order) return order.error();
  order->level = stage::all_clear;
  auto asked = fingerprint(*order);
  return asked_order{std::move(order).value(), std::move(asked)};
}

result<alarm_words> words_of(alerts::v1::ProposeAlarmRequest const& request, zone_map const& zones) {
  auto const order = raising(request, zones);
  if (!order) return order.error();
  return alarm_words{order->zone, order->level, order->text};
}

result<alarm_words> words_of(alerts::v1::ApproveAlarmRequest const& request, zone_map const& zones) {
  auto const order = raising(request, zones);
  if (!order) return order.error();
  return alarm_words{order->zone, order->level, order->text};
}

void to_proto(alarm_proposal const& from, steady_time now, two_person_policy const& policy,
              alerts::v1::AlarmProposal* to) {
  to->set_proposal_id(from.id);
  to->set_zone_id(from.words.zone.value);
  to->set_stage(to_proto(from.words.level));
  to->set_text(from.words.text);
  to->set_proposer(from.proposer);
  auto const left = std::chrono::duration_cast<microseconds>(from.made_at + policy.window - now);
  to_proto(std::max(left, microseconds{0}), to->mutable_time_left());
}

}  // namespace siren
