#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <mutex>

#include "common/convert/base_convert.h"
#include "common/rpc_server.h"
#include "core/route/ascii_streets.h"
#include "rig/child_process.h"
#include "rig/private_servers.h"
#include "route_planner/handlers.h"
#include "route_planner/planner.h"

namespace siren::test {
inline constexpr milliseconds kSoon{20'000};      // an event that does not come by then does not come
inline constexpr milliseconds kNever{3'600'000};  // only a poke can be the cause
inline constexpr milliseconds kOften{5};
inline constexpr utc_time kNow{hours{24 * 365 * 56}};

class scripted_shelters final : public shelter_source {
 public:
  void set(shelter const& row) {
    std::lock_guard const lock{mutex_};
    rows_[row.id] = {++head_, row};
  }
  void set_silent(bool silent) {
    std::lock_guard const lock{mutex_};
    silent_ = silent;
  }
  /// As from a backup: other rows, an earlier change number.
  void put_back(shelter const& only) {
    std::lock_guard const lock{mutex_};
    rows_ = {{only.id, {1, only}}};
    head_ = 1;
  }
  /// The row can't be understood any more, as when a newer release wrote it.
  void garble(shelter_id const& id) {
    std::lock_guard const lock{mutex_};
    rows_.erase(id);
    garbled_.push_back({++head_, id});
  }
  void set(ground_conditions const& now) {
    std::lock_guard const lock{mutex_};
    ++head_;
    ground_ = now;
  }
  [[nodiscard]] result<ground_conditions> conditions() override {
    std::lock_guard const lock{mutex_};
    if (silent_) return failure{reason::store_unavailable, "the registry does not answer"};
    return ground_;
  }
  [[nodiscard]] int asked() const {
    std::lock_guard const lock{mutex_};
    return asked_;
  }
  [[nodiscard]] result<shelter_changes> changes_after(std::uint64_t seq) override {
    std::lock_guard const lock{mutex_};
    ++asked_;
    if (silent_) return failure{reason::store_unavailable, "the registry does not answer"};
    shelter_changes made{{}, {}, head_};
    for (auto const& [id, row] : rows_)
      if (row.first > seq) made.changed.push_back(row.second);
    for (auto const& [change, id] : garbled_)
      if (change > seq) made.unreadable.push_back(id);
    return made;
  }

 private:
  mutable std::mutex mutex_;
  std::map<shelter_id, std::pair<std::uint64_t, shelter>> rows_;
  std::vector<std::pair<std::uint64_t, shelter_id>> garbled_;
  ground_conditions ground_{.light = light_rule::day};
  std::uint64_t head_ = 0;
  int asked_ = 0;
  bool silent_ = false;
};

class still_clock final : public world_clock {
 public:
  [[nodiscard]] utc_time now() const override { return kNow; }
};

inline shelter closed(shelter row) {
  row.state = open_state::closed;
  return row;
}

/// With pets, too.
inline shelter for_everybody(shelter row) {
  row.pets = true;
  return row;
}

inline shelter surface_station(std::string const& id, lat_lon place) {
  auto row = open_shelter(id, place);
  row.type = shelter_type::metro_station;
  row.surface = true;
  row.role = metro_role::closed;
  row.capacity = 2'000;
  return row;
}

inline zone_map one_zone(std::uint32_t population) {
  zone city;
  city.id = zone_id{"city"};
  city.kind = zone_kind::city;
  city.population = population;
  auto const at = [](double lat, double lon) { return lat_lon{degrees{lat}, degrees{lon}}; };
  city.shape = {{{at(50.3, 30.3), at(50.3, 30.8), at(50.6, 30.8), at(50.6, 30.3)}, {}}};
  return *zone_map::build({city});
}

/// One street of 1 km with a shelter at each end, where 120 people live.
class a_planner : public ::testing::Test {
 protected:
  void SetUp() override {
    registry_.set(west());
    registry_.set(east());
  }
  [[nodiscard]] shelter west() const { return for_everybody(open_shelter("west", drawn_.at('W'))); }
  [[nodiscard]] shelter east() const { return for_everybody(open_shelter("east", drawn_.at('E'))); }

  planner& run(milliseconds ask_every, std::uint64_t first_version = 1) {
    streets_ = std::make_shared<street_graph const>(drawn_.graph());
    snap_ = std::make_shared<snap_index const>(*streets_);
    planner_options options;
    options.ask_every = ask_every;
    options.compare_every = milliseconds{0};
    made_ = std::make_unique<planner>(planner::parts{.streets = streets_,
                                                     .snap = snap_,
                                                     .zones = zones_,
                                                     .people = find_people(*streets_, zones_, zone_id{"city"}),
                                                     .metro = {},
                                                     .centre = drawn_.at('W'),
                                                     .shelters = registry_,
                                                     .local_time = [](utc_time) { return minutes{0}; },
                                                     .clock = clock_,
                                                     .announce = [this](std::uint64_t version) { tell(version); },
                                                     .shelf = shelf_,
                                                     .cache = cache_,
                                                     .measured = measured_,
                                                     .first_version = first_version,
                                                     .options = options});
    made_->start();
    return *made_;
  }
  [[nodiscard]] std::vector<std::string> open_now() const {
    std::vector<std::string> ids;
    if (auto const current = shelf_.current())
      for (std::size_t t = 0; t < current->plan->facts.size(); ++t)
        if (current->plan->states[t].open) ids.push_back(current->plan->facts[t].shelter.value);
    return ids;
  }
  /// Walking times are made beside the plans, so that a change may take more than one plan to be seen whole.
  bool opens(std::vector<std::string> const& wanted) {
    return wait_until([&] { return open_now() == wanted; }, kSoon);
  }
  [[nodiscard]] std::vector<std::uint64_t> announced() const {
    std::lock_guard const lock{mutex_};
    return announced_;
  }
  bool announces(std::size_t count) {
    return wait_until([&] { return announced().size() >= count; }, kSoon);
  }
  bool asks_again() {
    auto const before = registry_.asked();
    return wait_until([&] { return registry_.asked() >= before + 3; }, kSoon);
  }
  [[nodiscard]] std::uint64_t staying() const {
    auto const told = shelf_.figures();
    return told ? told->plan.people - told->plan.assigned : 0;
  }

  ascii_streets drawn_{{"W---------+---------E"}, {{0, "Довга"}}};
  zone_map zones_ = one_zone(120);
  scripted_shelters registry_;
  still_clock clock_;
  file_cache cache_{""};
  metrics measured_;
  plan_shelf shelf_;
  std::shared_ptr<street_graph const> streets_;
  std::shared_ptr<snap_index const> snap_;

 private:
  void tell(std::uint64_t version) {
    std::lock_guard const lock{mutex_};
    announced_.push_back(version);
  }
  mutable std::mutex mutex_;
  std::vector<std::uint64_t> announced_;

 protected:
  std::unique_ptr<planner> made_;  // last: its thread uses the others
};

}  // namespace siren::test
