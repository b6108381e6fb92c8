#include "common/convert/guidance_convert.h"

#include "common/convert/base_convert.h"
#include "common/convert/shelter_convert.h"
#include "core/route/guidance_text.h"

namespace siren {
namespace {

// Core and contract number these alike; a value that only one side knows shows up here.
static_assert(static_cast<int>(walking_profile::pet) == routing::v1::WalkingProfile_MAX);
static_assert(static_cast<int>(verdict_kind::take_cover) == routing::v1::Verdict_MAX);
static_assert(static_cast<int>(verdict_reason::no_room) == routing::v1::VerdictReason_MAX);
static_assert(static_cast<int>(maneuver::ride) == routing::v1::Maneuver_MAX);
static_assert(static_cast<int>(room_band::little) == routing::v1::RoomBand_MAX);
static_assert(static_cast<int>(walking_profile::children) == routing::v1::WALKING_PROFILE_CHILDREN);
static_assert(static_cast<int>(room_band::plenty) == routing::v1::ROOM_BAND_PLENTY);

std::string in_words(guidance const& told, guidance_language language) {
  auto const words = describe(told, language);
  std::string text = words.headline;
  auto const add = [&](std::string const& sentence, char const* before) {
    if (!sentence.empty()) text.append(before).append(sentence);
  };
  add(words.why, "\n");
  std::size_t number = 0;
  for (auto const& step : words.steps) add(std::to_string(++number) + ". " + step, "\n");
  add(words.second_choice, "\n");
  add(words.generated_note, "\n");
  return text;
}

void fill(shelter_goal const& from, bool generated, routing::v1::Destination* to) {
  to->set_shelter_id(from.shelter.value);
  to->set_type(to_proto(from.type));
  to->set_name_uk(from.name_uk);
  to->set_name_en(from.name_en);
  to_proto(from.door, to->mutable_entrance());
  to->set_room(to_proto(from.room));
  to->set_generated(generated || from.generated);
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
    case routing::v1::WALKING_PROFILE_CHILDREN:
      return walking_profile::children;
    case routing::v1::WALKING_PROFILE_PET:
      return walking_profile::pet;
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

routing::v1::RoomBand to_proto(room_band from) {
  return static_cast<routing::v1::RoomBand>(from);
}

void to_proto(told_ride const& from, routing::v1::Ride* to) {
  to->set_line(from.line);
  to->set_board_name_uk(from.board_uk);
  to->set_board_name_en(from.board_en);
  to->set_alight_name_uk(from.alight_uk);
  to->set_alight_name_en(from.alight_en);
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
    if (step.ride) to_proto(*step.ride, added->mutable_ride());
  }
  if (!from.shape.empty()) to->set_polyline(encode_polyline(from.shape));
}

void to_proto(alternative const& from, routing::v1::Alternative* to) {
  fill(from.to, from.to.generated, to->mutable_destination());
  to_proto(from.way, to->mutable_route());
  if (from.margin) to_proto(*from.margin, to->mutable_margin());
}

void to_proto(guidance const& from, std::optional<utc_time> deadline, routing::v1::Guidance* to) {
  to->set_verdict(to_proto(from.verdict));
  to->set_reason(to_proto(from.because));
  if (from.goal) fill(*from.goal, from.generated, to->mutable_destination());
  if (from.way) to_proto(*from.way, to->mutable_route());
  if (from.margin) to_proto(*from.margin, to->mutable_margin());
  if (deadline) to_proto(*deadline, to->mutable_deadline_time());
  to->set_plan_version(from.plan_version);
  to->set_text_uk(in_words(from, guidance_language::uk));
  to->set_text_en(in_words(from, guidance_language::en));
  if (from.second_choice) to_proto(*from.second_choice, to->mutable_second_choice());
}

}  // namespace siren
