#include "common/cap/cap_terms.h"

#include <algorithm>

#include "core/alert/wording.h"

namespace siren {
namespace {

constexpr hours kSoon{1};            // CAP: Expected is "soon (within next hour)"
constexpr probability kLikely{0.5};  // CAP: Likely is "p > ~50 %"

bool is_cbrne(threat const& t) {
  return t.by == issuer::official && (t.alarm == alarm_type::chemical || t.alarm == alarm_type::nuclear);
}

bool any(alert const& a, bool (*is)(threat const&)) {
  return std::any_of(a.threats.begin(), a.threats.end(), is);
}

bool all_later_than(alert const& a, utc_time when) {
  return !a.threats.empty() && std::all_of(a.threats.begin(), a.threats.end(),
                                           [&](threat const& t) { return t.arrival && t.arrival->earliest > when; });
}

std::string_view certainty_of(alert const& a) {
  if (any(a, [](threat const& t) { return t.by != issuer::analysis; })) return "Observed";
  return any(a, [](threat const& t) { return t.entering > kLikely; }) ? "Likely" : "Possible";
}

cap_terms by_stage(alert const& a, utc_time sent) {
  switch (a.level) {
    case stage::all_clear:
      return {"Security", "AllClear", "Past", "Minor", "Unlikely"};
    case stage::prepare:
      return {"Security", "Prepare", all_later_than(a, sent + kSoon) ? "Future" : "Expected", "Moderate",
              certainty_of(a)};
    case stage::go:
      return {"Security", "Shelter", "Immediate", "Severe", certainty_of(a)};
    case stage::take_cover:
      break;
  }
  return {"Security", "Shelter", "Immediate", "Extreme", certainty_of(a)};
}

}  // namespace

cap_terms terms_of(alert const& revision, utc_time sent) {
  if (only_message(revision)) return {"Safety", "Monitor", "Unknown", "Unknown", "Unknown"};
  auto terms = by_stage(revision, sent);
  if (any(revision, is_cbrne)) {
    terms.category = "CBRNE";
    terms.severity = "Extreme";
  }
  return terms;
}

alert const& event_of(cap_subject const& subject) {
  if (!subject.now.threats.empty()) return subject.now;
  auto const named =
      std::find_if(subject.earlier.rbegin(), subject.earlier.rend(), [](alert const& a) { return !a.threats.empty(); });
  return named == subject.earlier.rend() ? subject.now : *named;
}

bool only_messages(cap_subject const& subject) {
  return !subject.earlier.empty() && subject.earlier.size() + 1 == subject.now.rev &&
         std::all_of(subject.earlier.begin(), subject.earlier.end(), only_message) &&
         (subject.now.ended() || only_message(subject.now));
}

utc_time onset_of(alert const& revision, utc_time sent) {
  auto first = utc_time::max();
  for (auto const& t : revision.threats) first = t.arrival ? std::min(first, t.arrival->earliest) : first;
  return first == utc_time::max() ? revision.raised_at : std::max(first, sent);
}

std::string cap_time(utc_time at) {
  auto const whole = format_utc(std::chrono::floor<seconds>(at));  // …:00.000Z
  return whole.substr(0, whole.size() - 5) + "-00:00";
}

}  // namespace siren
