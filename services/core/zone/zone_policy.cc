#include "core/zone/zone_policy.h"

namespace siren {
namespace {

using std::chrono::minutes;

constexpr stage_rule within(minutes m, double p) {
  return {m, probability{p}};
}

/// Takes cover at once wherever it isn't ruled out: 2-8 minutes of warning at best, S-300 45-50 s, and some alarms came
/// after the first explosion (11 Dec 2023). Salvos follow each other for minutes, so it clears slowly.
/// Reach: of what the class is known to fly from where it is launched, public figures. A cone of 25° to each side holds
/// what a first course of a climbing missile can still become.
constexpr class_rule at_once(minutes horizon, degrees course_sigma, degrees aim_error, meters reach) {
  auto const always = stage_rule{horizon, probability{0.0}};
  return {{horizon, course_sigma, 20, probability{0.0}, aim_error, seconds{30}, 30},
          always,
          always,
          always,
          seconds{2},
          seconds{20},
          minutes{5},
          minutes{10},
          minutes{1},
          {reach, degrees{25}, horizon}};
}

}  // namespace

// Stage times. go must leave the slow case of 500 m (10.4 min on foot) and a few minutes to dress, against the earliest
// arrival; take_cover is when that walk is no longer made. Warning times by class: drone 50 km in 16-25 min, jet drone
// 5-9 min, cruise missile 90 km in 6-8 min, Kh-22 a few minutes, bombs minutes.
// Probabilities: a district is 5-10 km wide and seen from 60 km holds 5-10 % of a drone's possible courses; prepare
// costs people little, take_cover ends a walk, so it asks for more. First settings, to be replaced by figures from
// recorded raids. Manoeuvres: drones loiter and turn, cruise missiles fly legs of a route; a share of flights is taken
// to turn anywhere.
zone_policy default_zone_policy() {
  zone_policy p;
  class_rule const drone{{minutes{75}, degrees{12}, 10, probability{0.2}, degrees{0}, minutes{3}, 30},
                         within(minutes{60}, 0.05),
                         within(minutes{25}, 0.10),
                         within(minutes{6}, 0.15),
                         seconds{20},
                         minutes{3},
                         minutes{8},
                         minutes{12},
                         minutes{5}};
  class_rule const jet{{minutes{40}, degrees{10}, 10, probability{0.15}, degrees{0}, minutes{1}, 30},
                       within(minutes{35}, 0.05),
                       within(minutes{15}, 0.10),
                       within(minutes{4}, 0.15),
                       seconds{10},
                       minutes{1},
                       minutes{3},
                       minutes{8},
                       minutes{5}};
  class_rule const cruise{{minutes{50}, degrees{12}, 10, probability{0.2}, degrees{0}, minutes{1}, 30},
                          within(minutes{45}, 0.03),
                          within(minutes{20}, 0.06),
                          within(minutes{5}, 0.10),
                          seconds{5},
                          minutes{1},
                          minutes{3},
                          minutes{10},
                          minutes{5}};
  class_rule const supersonic{{minutes{15}, degrees{6}, 15, probability{0.0}, degrees{4}, seconds{40}, 30},
                              within(minutes{15}, 0.0),
                              within(minutes{10}, 0.0),
                              within(minutes{5}, 0.0),
                              seconds{2},
                              seconds{20},
                              minutes{5},
                              minutes{10},
                              minutes{3},
                              {meters{600e3}, degrees{25}, minutes{15}}};  // Kh-22
  class_rule const bomb{{minutes{8}, degrees{8}, 10, probability{0.0}, degrees{3}, seconds{40}, 30},
                        within(minutes{8}, 0.0),
                        within(minutes{8}, 0.0),
                        within(minutes{5}, 0.0),
                        seconds{2},
                        seconds{20},
                        minutes{4},
                        minutes{8},
                        minutes{2},
                        {meters{126e3}, degrees{25}, minutes{8}}};                     // the longest reach seen
  auto const ballistic = at_once(minutes{12}, degrees{5}, degrees{5}, meters{500e3});  // Iskander-M
  // An unknown object is judged as a cruise missile until its class is known: between a drone's calm and a false rush.
  p.classes = {cruise,
               drone,
               jet,
               cruise,
               supersonic,
               ballistic,
               at_once(minutes{26}, degrees{5}, degrees{5}, meters{2000e3}),  // Kinzhal from its carrier's flight
               at_once(minutes{12}, degrees{5}, degrees{5}, meters{1000e3}),  // Zircon
               at_once(minutes{5}, degrees{5}, degrees{5}, meters{120e3}),    // S-300 against ground
               bomb};
  // Under shelling, street fights or a chemical cloud being outdoors is itself the danger. What is not understood is
  // shown, not sounded: it asks for no more than prepare.
  p.official_asks = {stage::prepare,    stage::go, stage::take_cover, stage::take_cover,
                     stage::take_cover, stage::go, stage::prepare,    stage::prepare};
  return p;
}

}  // namespace siren
