#include "core/shelter/confidence.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace siren {
namespace {

double prior(std::optional<utc_time> inspected, utc_time now, confidence_policy const& policy) {
  if (!inspected) return policy.never_inspected;
  auto const age = std::max(std::chrono::duration<double>(now - *inspected).count(), 0.0);
  auto const halves = age / std::chrono::duration<double>(policy.inspection_half_life).count();
  return policy.never_inspected + (policy.just_inspected - policy.never_inspected) * std::exp2(-halves);
}

double odds_of(open_sign const& sign, confidence_policy const& policy) {
  auto const odds = sign.kind == sign_kind::door ? policy.door_odds : policy.keeper_odds;
  return sign.open ? odds : 1.0 / odds;
}

}  // namespace

minutes lasts(sign_kind kind, confidence_policy const& policy) {
  switch (kind) {
    case sign_kind::door:
      return policy.door_lasts;
    case sign_kind::keeper:
      return policy.keeper_lasts;
    case sign_kind::person:
      return policy.person_lasts;
  }
  verify(false, "every kind of sign lasts");
  return {};
}

result<void> validate(open_sign const& sign, confidence_policy const& policy) {
  if (sign.source.empty()) return failure{reason::missing_field, "sign: source missing"};
  if (sign.source.size() > policy.most_source_bytes) return failure{reason::field_too_long, "sign: source too long"};
  return {};
}

std::optional<std::uint32_t> confidence_of(std::optional<utc_time> inspected, std::vector<open_sign> const& signs,
                                           utc_time now, confidence_policy const& policy) {
  auto const base = prior(inspected, now, policy);
  auto odds = base / (1.0 - base);
  std::set<std::string> say_open;
  std::set<std::string> say_shut;
  bool any = false;
  for (auto const& sign : signs) {
    if (sign.at > now || now - sign.at >= lasts(sign.kind, policy) || (inspected && sign.at < *inspected)) continue;
    if (sign.kind == sign_kind::person) {
      (sign.open ? say_open : say_shut).insert(sign.source);
      continue;
    }
    odds *= odds_of(sign, policy);
    any = true;
  }
  auto const more = std::max(say_open.size(), say_shut.size());
  auto const fewer = std::min(say_open.size(), say_shut.size());
  if (more >= policy.persons_needed && more > fewer) {
    auto const weight = std::pow(policy.person_odds, static_cast<double>(more - fewer));
    odds *= say_open.size() > say_shut.size() ? weight : 1.0 / weight;
    any = true;
  }
  if (!any) return std::nullopt;
  auto const percent = 100.0 * odds / (1.0 + odds);
  auto const steps = std::lround(percent / policy.step_percent);
  return static_cast<std::uint32_t>(steps) * policy.step_percent;
}

}  // namespace siren
