#include "core/route/guidance.h"

namespace siren {

std::string_view name_of(verdict_kind v) {
  switch (v) {
    case verdict_kind::go_shelter:
      return "go_shelter";
    case verdict_kind::go_metro:
      return "go_metro";
    case verdict_kind::take_cover:
      return "take_cover";
  }
  verify(false, "every verdict has a name");
  return "";
}

std::string_view name_of(verdict_reason r) {
  switch (r) {
    case verdict_reason::in_time:
      return "in_time";
    case verdict_reason::no_deadline:
      return "no_deadline";
    case verdict_reason::too_late:
      return "too_late";
    case verdict_reason::none_reachable:
      return "none_reachable";
    case verdict_reason::too_far_from_street:
      return "too_far_from_street";
    case verdict_reason::plan_missing:
      return "plan_missing";
    case verdict_reason::no_room:
      return "no_room";
  }
  verify(false, "every verdict's reason has a name");
  return "";
}

std::string_view name_of(maneuver m) {
  switch (m) {
    case maneuver::depart:
      return "depart";
    case maneuver::straight:
      return "straight";
    case maneuver::left:
      return "left";
    case maneuver::right:
      return "right";
    case maneuver::u_turn:
      return "u_turn";
    case maneuver::steps:
      return "steps";
    case maneuver::arrive:
      return "arrive";
    case maneuver::ride:
      return "ride";
  }
  verify(false, "every maneuver has a name");
  return "";
}

std::string_view name_of(room_band b) {
  switch (b) {
    case room_band::hidden:
      return "hidden";
    case room_band::plenty:
      return "plenty";
    case room_band::some:
      return "some";
    case room_band::little:
      return "little";
  }
  verify(false, "every band has a name");
  return "";
}

}  // namespace siren
