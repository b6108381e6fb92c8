#include "common/convert/guidance_convert.h"

#include "common/convert/base_convert.h"
#include "common/convert/shelter_convert.h"
#include "core/route/guidance_text.h"

namespace siren {
namespace {

std::string in_words(guidance const& told, shelter_door const* door, guidance_language language) {
  auto const words = describe(told, door, language);
  std::string text = words.headline;
  auto const add = [&](std::string const& sentence, char const* before) {
    if (!sentence.empty()) text.append(before).append(sentence);
  };
  add(words.why, "\n");
  std::size_t number = 0;
  for (auto const& step : words.steps) add(std::to_string(++number) + ". " + step, "\n");
  add(words.generated_note, "\n");
  return text;
}

void fill_destination(shelter_door const& door, bool generated, routing::v1::Destination* to) {
  to->set_shelter_id(door.shelter.value);
  to->set_type(to_proto(door.type));
  to->set_name_uk(door.name_uk);
  to->set_name_en(door.name_en);
  to_proto(entrance{door.entrance_name, door.place, door.step_free}, to->mutable_entrance());
  to->set_generated(generated);
}

}  // namespace

routing::v1::WalkingProfile to_proto(walking_profile from) {
  return static_cast<routing::v1::WalkingProfile>(from);
}

result<walking_profile> from_proto(routing::v1::WalkingProfile from) {
  switch (from) {
    case routing::v1::WALKING_PROFILE_UNSPECIFIED:
    case routing::v1::WALKING_PROFILE_AVERAGE:
      return walking_profile::average;
    case routing::v1::WALKING_PROFILE_SLOW:
      return walking_profile::slow;
    case routing::v1::WALKING_PROFILE_WHEELCHAIR:
      return walking_profile::wheelchair;
    default:
      return failure{reason::malformed, "unknown walking profile"};
  }
}

routing::v1::Verdict to_proto(verdict_kind from) {
  return static_cast<routing::v1::Verdict>(from);
}
routing::v1::VerdictReason to_proto(verdict_reason from) {
  return static_cast<routing::v1::VerdictReason>(from);
}
routing::v1::Maneuver to_proto(maneuver from) {
  return static_cast<routing::v1::Maneuver>(from);
}

void to_proto(route const& from, routing::v1::Route* to) {
  to->set_length_m(from.length.value);
  to_proto(from.expected, to->mutable_expected_duration());
  to_proto(from.slow_case, to->mutable_slow_case_duration());
  for (auto const& step : from.steps) {
    auto* added = to->add_steps();
    added->set_maneuver(to_proto(step.turn));
    added->set_street(step.street);
    added->set_length_m(step.length.value);
    to_proto(step.duration, added->mutable_duration());
  }
  to->set_polyline(encode_polyline(from.shape));
}

void to_proto(guidance const& from, plan const* made_of, std::optional<utc_time> deadline, routing::v1::Guidance* to) {
  to->set_verdict(to_proto(from.verdict));
  to->set_reason(to_proto(from.because));
  shelter_door const* door = nullptr;
  if (from.to && from.door_index && made_of != nullptr) door = &made_of->doors.at(*from.door_index);
  if (door != nullptr) fill_destination(*door, from.generated, to->mutable_destination());
  if (from.way) to_proto(*from.way, to->mutable_route());
  if (from.margin) to_proto(*from.margin, to->mutable_margin());
  if (deadline) to_proto(*deadline, to->mutable_deadline_time());
  to->set_plan_version(from.plan_version);
  to->set_text_uk(in_words(from, door, guidance_language::uk));
  to->set_text_en(in_words(from, door, guidance_language::en));
}

}  // namespace siren
