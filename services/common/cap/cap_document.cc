#include "common/cap/cap_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <pugixml.hpp>
#include <sstream>

#include "common/cap/cap_terms.h"
#include "common/cap/xml_text.h"
#include "core/alert/wording.h"
#include "core/track/threat_class.h"

namespace siren {
namespace {

constexpr utc_time kFirstTime{};                         // CAP's times have four digits for the year
constexpr utc_time kLastTime{seconds{253'000'000'000}};  // in 9987: a renewal later still has four
constexpr std::size_t kMostNameBytes = 200;              // of a sender; CAP gives no limit, screens do

void put(pugi::xml_node& to, char const* name, std::string_view text) {
  to.append_child(name).text().set(xml_text(text).c_str());
}
void put_pair(pugi::xml_node& to, char const* name, std::string const& key, std::string const& value) {
  auto pair = to.append_child(name);
  put(pair, "valueName", key);
  put(pair, "value", value);
}

std::string reference_to(alert const& revision, std::uint32_t renewal, cap_subject const& subject,
                         cap_sender const& sender, cap_policy const& policy) {
  return sender.id + "," + to_text({revision.id, revision.rev, renewal}, subject.belongs_to) + "," +
         cap_time(sent_at(revision, renewal, policy));
}

/// Newest first while gathering, oldest first in the end.
std::vector<std::string> references_of(cap_subject const& subject, std::uint32_t renewal, cap_sender const& sender,
                                       cap_policy const& policy) {
  std::vector<std::string> references;
  auto const add = [&](alert const& revision, std::uint32_t count) {
    for (auto k = count; k > 0 && references.size() < policy.most_references; --k)
      references.push_back(reference_to(revision, k - 1, subject, sender, policy));
  };
  add(subject.now, renewal);
  auto until = subject.now.changed_at;
  for (auto each = subject.earlier.rbegin(); each != subject.earlier.rend(); ++each) {
    add(*each, renewals_until(*each, until, policy) + 1);
    until = each->changed_at;
  }
  std::reverse(references.begin(), references.end());
  return references;
}

std::string_view message_type(cap_subject const& subject, bool first) {
  if (first) return "Alert";
  return subject.now.ended() && only_messages(subject) ? "Cancel" : "Update";
}

void put_ring(pugi::xml_node& area, std::vector<lat_lon> const& ring) {
  std::string text;
  for (auto const& at : ring)
    text += fmt::format("{}{:.5f},{:.5f}", text.empty() ? "" : " ", at.lat.value, at.lon.value);
  put(area, "polygon", text);
}

void put_area(pugi::xml_node& info, cap_subject const& subject, cap_area const& place, language l) {
  auto area = info.append_child("area");
  auto const& name = l == language::uk ? place.name_uk : place.name_en;
  if (subject.now.partly) {
    put(area, "areaDesc", name + (l == language::uk ? " (частково)" : " (in parts)"));
    return;
  }
  put(area, "areaDesc", name);
  for (auto const& ring : place.rings) put_ring(area, ring);
  if (!place.codes.katotth.empty()) put_pair(area, "geocode", "KATOTTH", place.codes.katotth);
  if (!place.codes.uid.empty()) put_pair(area, "geocode", "alerts.in.ua/uid", place.codes.uid);
}

void put_codes(pugi::xml_node& info, alert const& about) {
  std::vector<std::string_view> told;
  for (auto const& t : about.threats) {
    auto const name = name_of(t.kind);
    if (t.kind != threat_class::unknown && std::find(told.begin(), told.end(), name) == told.end())
      told.push_back(name);
  }
  for (auto const name : told) put_pair(info, "eventCode", "siren/threat_class", std::string{name});
}

/// A renewal comes long after its revision: what was awaited by then is awaited no more.
cap_subject as_of(utc_time sent, cap_subject subject) {
  for (auto& t : subject.now.threats)
    if (t.arrival && t.arrival->latest < sent) t.arrival.reset();
  return subject;
}

struct info_parts {
  cap_subject const& subject;
  zone const& place;
  cap_area const& area;
  cap_sender const& sender;
  utc_time sent;
  utc_time expires;
};

void put_info(pugi::xml_node& root, info_parts const& from, language l) {
  auto const& now = from.subject.now;
  auto const& about = event_of(from.subject);
  auto const terms = terms_of(now, from.sent);
  auto const withdrawn = now.ended() && only_messages(from.subject);
  auto info = root.append_child("info");
  put(info, "language", l == language::uk ? "uk-UA" : "en-US");
  put(info, "category", withdrawn ? "Safety" : terms_of(about, from.sent).category);
  put(info, "event", event_words(about, l));
  put(info, "responseType", withdrawn ? "None" : terms.response);
  put(info, "urgency", terms.urgency);
  put(info, "severity", terms.severity);
  put(info, "certainty", terms.certainty);
  put_codes(info, about);
  put(info, "effective", cap_time(from.sent));
  if (!now.ended()) put(info, "onset", cap_time(onset_of(now, from.sent)));
  put(info, "expires", cap_time(from.expires));
  put(info, "senderName", l == language::uk ? from.sender.name_uk : from.sender.name_en);
  put(info, "headline", words_of(now, from.place, l, from.subject.belongs_to, from.sent).headline);
  put(info, "description", situation_words(now, l, from.subject.belongs_to, from.sent));
  put(info, "instruction", instruction_words(now, l, from.subject.belongs_to));
  put_pair(info, "parameter", "siren/stage", std::string{name_of(now.level)});
  put_pair(info, "parameter", "siren/zone", now.zone.value);
  put_area(info, from.subject, from.area, l);
}

bool can_be_written(utc_time at) {
  return at >= kFirstTime && at <= kLastTime;
}

bool can_be_written(alert const& a) {
  return can_be_written(a.raised_at) && can_be_written(a.changed_at) &&
         std::all_of(a.threats.begin(), a.threats.end(),
                     [](threat const& t) { return !t.arrival || can_be_written(t.arrival->earliest); });
}

result<void> check(cap_subject const& subject, cap_sender const& sender) {
  if (subject.belongs_to != sender.serves) {
    auto const drill = subject.belongs_to == world::exercise;
    return failure{drill ? reason::drill_in_live : reason::live_in_drill,
                   "alert " + subject.now.id.value + " is of the world " + std::string{name_of(subject.belongs_to)}};
  }
  auto const writable = [](alert const& a) { return can_be_written(a); };
  if (!can_be_written(subject.now) || !std::all_of(subject.earlier.begin(), subject.earlier.end(), writable))
    return failure{reason::malformed, "alert " + subject.now.id.value + " has a time that CAP can't write"};
  std::uint32_t before = 0;
  for (auto const& each : subject.earlier) {
    if (each.id != subject.now.id || each.rev <= before || each.rev >= subject.now.rev)
      return failure{reason::malformed, "revision " + std::to_string(each.rev) + " of " + each.id.value +
                                            " is not an earlier one of " + subject.now.id.value};
    before = each.rev;
  }
  return verify_sender(sender);
}

bool is_sender_letter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
         c == '@' || c == '_';
}

}  // namespace

result<void> verify_sender(cap_sender const& sender) {
  if (sender.id.empty() || sender.id.size() > kMostNameBytes ||
      !std::all_of(sender.id.begin(), sender.id.end(), is_sender_letter))
    return failure{reason::malformed, "a CAP sender has letters, digits and - . @ _ only"};
  for (auto const* name : {&sender.name_uk, &sender.name_en})
    if (name->empty() || name->size() > kMostNameBytes)
      return failure{reason::malformed, "a CAP sender has a name of 1 to 200 bytes in both languages"};
  return {};
}

std::uint32_t renewals_until(alert const& revision, utc_time until, cap_policy const& policy) {
  if (revision.ended() || until <= revision.changed_at) return 0;
  auto const whole = (until - revision.changed_at - microseconds{1}) / policy.renew_every;
  return static_cast<std::uint32_t>(std::min<std::int64_t>(whole, std::numeric_limits<std::int32_t>::max()));
}

utc_time sent_at(alert const& revision, std::uint32_t renewal, cap_policy const& policy) {
  return revision.changed_at + policy.renew_every * std::int64_t{renewal};
}

utc_time expires_at(alert const& revision, std::uint32_t renewal, cap_policy const& policy) {
  return sent_at(revision, renewal, policy) + (revision.ended() ? policy.all_clear_holds : policy.holds);
}

result<std::string> cap_document(cap_subject const& subject, std::uint32_t renewal, zone const& place,
                                 cap_area const& area, cap_sender const& sender, cap_policy const& policy) {
  if (auto const good = check(subject, sender); !good) return good.error();
  auto const sent = sent_at(subject.now, renewal, policy);
  auto const references = references_of(subject, renewal, sender, policy);
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  auto root = document.append_child("alert");
  root.append_attribute("xmlns") = "urn:oasis:names:tc:emergency:cap:1.2";
  put(root, "identifier", to_text({subject.now.id, subject.now.rev, renewal}, subject.belongs_to));
  put(root, "sender", sender.id);
  put(root, "sent", cap_time(sent));
  put(root, "status", subject.belongs_to == world::exercise ? "Exercise" : "Actual");
  put(root, "msgType", message_type(subject, references.empty()));
  put(root, "scope", "Public");
  if (subject.belongs_to == world::exercise) put(root, "note", "НАВЧАННЯ. EXERCISE. This is not a real alarm.");
  if (!references.empty()) put(root, "references", fmt::format("{}", fmt::join(references, " ")));
  put(root, "incidents", to_text(subject.now.id));
  auto const told = renewal == 0 ? subject : as_of(sent, subject);
  info_parts const parts{told, place, area, sender, sent, expires_at(subject.now, renewal, policy)};
  put_info(root, parts, language::uk);
  put_info(root, parts, language::en);
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return std::move(out).str();
}

}  // namespace siren
