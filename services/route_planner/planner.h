#pragma once

#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "common/clock.h"
#include "common/metrics.h"
#include "route_planner/city_people.h"
#include "route_planner/plan_shelf.h"
#include "route_planner/ports.h"
#include "route_planner/zone_alarms.h"

namespace siren {

struct planner_options {
  planner_policy plan;
  walks_policy walks;
  judge_policy judge;
  milliseconds ask_every{1'000};
  /// A plan is published at the latest after this, whatever is still to be improved; the rest follows at once. A closed
  /// shelter must reach phones within two seconds.
  milliseconds make_within{800};
  milliseconds first_make_within{10'000};
  /// The comparison with nearest shelters looks at every person's way: not more often than this.
  milliseconds compare_every{2'000};
};

/// Keeps the newest plan for the streets, the registry's shelters, what is true outside and the alarms. One thread asks
/// the registry once a second and whenever `poke` is called (the bus or the alarms say that something changed), takes
/// everything that came meanwhile, and makes one plan of it. New walking times (doors, light, ice, bridges, escalators)
/// are made beside it: until they are there, plans go on with the old ones.
///
/// A registry that is silent leaves the newest plan in force; one whose change number went back (its store was put
/// back) is read anew. A shelter that can't be read counts as closed.
class planner {
 public:
  struct parts {
    std::shared_ptr<street_graph const> streets;
    std::shared_ptr<snap_index const> snap;
    zone_map const& zones;
    city_people people;
    metro_network metro;
    lat_lon centre;  // whose sun is the city's light
    shelter_source& shelters;
    std::function<minutes(utc_time)> local_time;
    world_clock const& clock;
    std::function<void(std::uint64_t version)> announce;  // best effort; gateways also ask
    plan_shelf& shelf;
    file_cache const& cache;
    metrics& measured;
    /// Plan versions go up across restarts: they begin at the wall clock's milliseconds.
    std::uint64_t first_version = 1;
    planner_options options{};
  };

  explicit planner(parts with);
  ~planner();

  /// Call once; `announce` may be called from then on.
  void start();
  void poke();
  /// Every zone's newest alarm; any thread.
  void alarms_are(zone_alarms all);

 private:
  void run();
  [[nodiscard]] bool ask_registry();
  void ask_conditions();
  void take_shelters(shelter_changes const& answer, bool all_anew);
  void follow_outside();
  void follow_walks();
  void adopt(city_walks made);
  void follow_alarms();
  void tell_plans(shelter_id const& id);
  [[nodiscard]] walks_request request_now() const;
  [[nodiscard]] planner_input input_now() const;
  [[nodiscard]] shelter target_now(shelter const& as_built) const;
  void make();
  void measure(planned const& made, double seconds_taken);
  void compare(plan_figures const& figures);

  parts parts_;
  std::map<shelter_id, shelter> shelters_;
  std::uint64_t covered_ = 0;
  bool read_once_ = false;
  ground_conditions ground_;
  bool ground_known_ = false;
  walking_conditions outside_;
  metro_state metro_;
  std::vector<metro_ride> rides_;
  std::vector<area_alarm> alarms_;
  std::vector<utc_time> set_out_;  // by area: when it was told, or when last looked at

  std::shared_ptr<city_walks const> walks_;
  std::uint64_t walks_stamp_ = 0;  // of walks_, or of those being made
  std::future<void> being_made_;
  std::map<shelter_id, target_index> targets_;
  std::unique_ptr<city_planner> plans_;
  bool dirty_ = false;       // something was told that a plan must show
  bool inputs_new_ = false;  // rides changed: the planner needs its input anew
  std::uint64_t next_version_;
  steady_time compared_at_{};
  bool compare_due_ = false;
  plan_figures figures_;  // of the newest plan

  std::mutex mutex_;
  std::condition_variable wake_;
  bool poked_ = false;
  bool stopping_ = false;
  zone_alarms told_alarms_;
  std::optional<city_walks> made_walks_;  // handed over before the poke that tells of them
  std::thread thread_;
};

}  // namespace siren
