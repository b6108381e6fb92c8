#include "route_planner/planner.h"

#include <algorithm>

#include <prometheus/histogram.h>

#include "common/log.h"
#include "core/geo/sun.h"
#include "route_planner/planner_metrics.h"

namespace siren {
namespace {

double seconds_since(steady_time begin) {
  return std::chrono::duration<double>(steady_now() - begin).count();
}

walking_conditions outside_now(ground_conditions const& said, lat_lon centre, utc_time now) {
  walking_conditions made;
  made.ice = said.ice;
  switch (said.light) {
    case light_rule::automatic:
      made.light = sun_is_down(centre, now) ? street_light::dark : street_light::day;
      break;
    case light_rule::day:
      made.light = street_light::day;
      break;
    case light_rule::dark:
      made.light = street_light::dark;
      break;
    case light_rule::blackout:
      made.light = street_light::blackout;
      break;
  }
  return made;
}

bool same_but_version(city_plan const& a, city_plan const& b) {
  return a.graph == b.graph && a.walks == b.walks && a.facts == b.facts && a.states == b.states && a.lines == b.lines &&
         a.rides == b.rides && a.profiles == b.profiles;
}

}  // namespace

planner::planner(parts with) : parts_{std::move(with)}, next_version_{parts_.first_version} {
  alarms_.resize(parts_.people.areas.size());
  set_out_.resize(alarms_.size());
}

void planner::start() {
  thread_ = std::thread{[this] { run(); }};
}

planner::~planner() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (being_made_.valid()) being_made_.wait();
}

void planner::poke() {
  {
    std::lock_guard const lock{mutex_};
    poked_ = true;
  }
  wake_.notify_all();
}

void planner::alarms_are(zone_alarms all) {
  {
    std::lock_guard const lock{mutex_};
    told_alarms_ = std::move(all);
  }
  poke();
}

void planner::run() {
  while (true) {
    if (ask_registry()) ask_conditions();
    if (read_once_ && ground_known_) {
      follow_outside();
      follow_walks();
      if (plans_) {
        follow_alarms();
        if (dirty_ || inputs_new_)
          make();
        else if (compare_due_)
          compare(figures_);
      }
    }
    std::unique_lock lock{mutex_};
    wake_.wait_for(lock, parts_.options.ask_every, [this] { return poked_ || stopping_; });
    if (stopping_) return;
    poked_ = false;
  }
}

/// True when something changed there, or when conditions are still unknown.
bool planner::ask_registry() {
  auto answer = parts_.shelters.changes_after(covered_);
  auto const put_back = answer && answer->head < covered_;
  if (put_back) answer = parts_.shelters.changes_after(0);
  if (!answer) {
    log(log_level::warn, "registry_silent", {{"error", answer.error().message}});
    return false;
  }
  auto const news = !read_once_ || put_back || answer->head != covered_;
  take_shelters(*answer, put_back);
  covered_ = answer->head;
  read_once_ = true;
  return news || !ground_known_;
}

void planner::take_shelters(shelter_changes const& answer, bool all_anew) {
  if (all_anew) {
    // Who is not named again is gone: closed, until new walking times leave it out.
    std::map<shelter_id, shelter> now;
    for (auto const& one : answer.changed) now.emplace(one.id, one);
    std::swap(shelters_, now);
    for (auto const& [id, one] : now)
      if (!shelters_.contains(id)) tell_plans(id);
  }
  for (auto const& one : answer.changed) {
    shelters_[one.id] = one;
    tell_plans(one.id);
  }
  for (auto const& id : answer.unreadable) {
    auto const known = shelters_.find(id);
    if (known == shelters_.end()) continue;
    known->second.state = open_state::closed;
    tell_plans(id);
  }
}

void planner::ask_conditions() {
  auto const now = parts_.shelters.conditions();
  if (!now) {
    log(log_level::warn, "conditions_unknown", {{"error", now.error().message}});
    // Before they were ever read nothing is planned; later the last ones stay until the registry answers.
    poke();
    return;
  }
  ground_ = *now;
  ground_known_ = true;
}

/// Light follows the sun, trains their hours.
void planner::follow_outside() {
  auto const now = parts_.clock.now();
  outside_ = outside_now(ground_, parts_.centre, now);
  metro_conditions metro;
  metro.power = ground_.metro_power;
  metro.trains =
      ground_.trains_running && parts_.metro.hours && trains_run_at(*parts_.metro.hours, parts_.local_time(now));
  std::vector<shelter> stations;
  for (auto const& [id, one] : shelters_)
    if (one.type == shelter_type::metro_station) stations.push_back(one);
  auto state = run_metro(parts_.metro, stations, metro);
  auto next_rides = rides(parts_.metro, state, parts_.options.walks.doors.metro);
  inputs_new_ = inputs_new_ || (plans_ != nullptr && next_rides != rides_);
  rides_ = std::move(next_rides);
  if (state == metro_) return;
  metro_ = std::move(state);
  if (plans_ == nullptr) return;
  plans_->roles_changed(metro_);
  dirty_ = true;
}

walks_request planner::request_now() const {
  walks_request request;
  request.targets.reserve(shelters_.size());
  for (auto const& [id, one] : shelters_) request.targets.push_back(one);
  request.metro = metro_;
  request.now = outside_;
  request.closed_bridges = ground_.closed_bridges;
  return request;
}

void planner::follow_walks() {
  if (being_made_.valid()) {
    std::optional<city_walks> made;
    {
      std::lock_guard const lock{mutex_};
      std::swap(made, made_walks_);
    }
    if (!made) return;
    being_made_.get();
    adopt(std::move(*made));
  }
  auto request = request_now();
  auto const stamp = walks_stamp(request, parts_.options.walks);
  if (walks_ && stamp == walks_stamp_) return;
  walks_stamp_ = stamp;
  being_made_ = std::async(std::launch::async, [this, asked = std::move(request)]() mutable {
    auto const begin = steady_now();
    auto made = make_walks(*parts_.streets, *parts_.snap, std::move(asked), parts_.people.people.people,
                           parts_.options.walks, parts_.cache);
    auto const taken = seconds_since(begin);
    parts_.measured.delay_histogram("siren_walks_seconds", "Time to make or find walking times").Observe(taken);
    log(log_level::info, "walks_made",
        {{"targets", made.targets.size()},
         {"entries", made.walks->entry_count(gait::foot) + made.walks->entry_count(gait::wheels)},
         {"doors_far_from_street", made.doors_far_from_street},
         {"from_cache", made.kept},
         {"seconds", taken}});
    {
      std::lock_guard const lock{mutex_};
      made_walks_ = std::move(made);
    }
    poke();
  });
}

void planner::adopt(city_walks made) {
  walks_ = std::make_shared<city_walks const>(std::move(made));
  targets_.clear();
  for (std::uint32_t t = 0; t < walks_->targets.size(); ++t) targets_[walks_->targets[t].id] = target_index{t};
  inputs_new_ = true;
  if (plans_ != nullptr) return;
  plans_ = std::make_unique<city_planner>(input_now(), parts_.options.plan);
  inputs_new_ = false;
  dirty_ = true;
}

/// Place, doors and ways in as walking times know them, everything else as it is now.
shelter planner::target_now(shelter const& as_built) const {
  auto const found = shelters_.find(as_built.id);
  auto now = found == shelters_.end() ? as_built : found->second;
  if (found == shelters_.end()) now.state = open_state::closed;
  now.place = as_built.place;
  now.entrances = as_built.entrances;
  now.step_free = as_built.step_free;
  now.depth = as_built.depth;
  return now;
}

void planner::tell_plans(shelter_id const& id) {
  if (plans_ == nullptr) return;
  auto const known = targets_.find(id);
  if (known == targets_.end()) return;
  // Other doors than those it was planned with follow from the next walking times; all else is taken at once.
  (void)plans_->shelter_changed(target_now(walks_->targets[known->second.value]));
  dirty_ = true;
}

planner_input planner::input_now() const {
  planner_input input;
  input.streets = parts_.streets;
  input.walks = walks_->walks;
  input.by_node = walks_->by_node;
  input.shelters.reserve(walks_->targets.size());
  for (auto const& target : walks_->targets) input.shelters.push_back(target_now(target));
  input.metro = metro_;
  input.rides = rides_;
  input.network = parts_.metro;
  input.people = parts_.people.people.people;
  input.area_of = parts_.people.area_of;
  input.areas = static_cast<std::uint32_t>(parts_.people.areas.size());
  return input;
}

void planner::follow_alarms() {
  auto const now = parts_.clock.now();
  zone_alarms told;
  {
    std::lock_guard const lock{mutex_};
    told = told_alarms_;
  }
  auto const next = alarms_of_areas(parts_.people.areas, parts_.zones, told);
  for (std::uint32_t a = 0; a < next.size(); ++a) {
    if (!alarms_[a].told) set_out_[a] = now;
    if (next[a] == alarms_[a]) continue;
    alarms_[a] = next[a];
    plans_->area_changed(area_index{a}, next[a], now);
    dirty_ = compare_due_ = true;
  }
  // Who was not told yet has less time with every second.
  auto const waits = [](area_alarm const& a) { return a.deadline && !a.told; };
  dirty_ = dirty_ || std::any_of(alarms_.begin(), alarms_.end(), waits);
}

void planner::make() {
  auto const begin = steady_now();
  auto const before = parts_.shelf.current();
  if (inputs_new_) plans_->replace(input_now());
  inputs_new_ = dirty_ = false;
  auto const limit = begin + (before ? parts_.options.make_within : parts_.options.first_make_within);
  auto made = plans_->make(parts_.clock.now(), next_version_++, false, [limit] { return steady_now() >= limit; });
  if (!made.figures.finished) {
    dirty_ = true;
    poke();
  }
  auto const changed = !before || !same_but_version(*before->plan, *made.now);
  if (changed) {
    // Not the planner's own delta: a plan that was made and not published may stand between.
    auto const& told = before ? before->plan : nullptr;
    auto const same_walks = told && told->walks == made.now->walks && told->facts.size() == made.now->facts.size();
    parts_.shelf.put({parts_.streets, parts_.snap, walks_, made.now},
                     same_walks ? write_delta(*told, *made.now) : std::vector<std::byte>{});
    parts_.announce(made.now->version);
  }
  measure(made, seconds_since(begin));
  figures_ = made.figures;
  compare(figures_);
}

void planner::measure(planned const& made, double seconds_taken) {
  observe_plan(parts_.measured, made, seconds_taken);
  auto const& f = made.figures;
  log(log_level::info, "plan_made",
      {{"version", made.now->version},
       {"targets", f.targets},
       {"open", f.targets_open},
       {"people", f.people},
       {"assigned", f.assigned},
       {"no_room", f.no_room},
       {"too_late", f.too_late},
       {"unreachable", f.unreachable},
       {"moved", f.moved},
       {"moved_underway", f.moved_underway},
       {"overload", f.overload},
       {"finished", f.finished},
       {"seconds", seconds_taken}});
}

void planner::compare(plan_figures const& figures) {
  auto const current = parts_.shelf.current();
  if (!current || !usable(current->view())) return;
  auto const now = steady_now();
  if (parts_.shelf.figures() && (!compare_due_ || now - compared_at_ < parts_.options.compare_every)) return;
  compared_at_ = now;
  compare_due_ = false;
  std::vector<std::uint32_t> room;
  for (auto const& target : walks_->targets) {
    auto const one = target_now(target);
    room.push_back(one.capacity > one.occupancy ? one.capacity - one.occupancy : 0);
  }
  told_figures told;
  told.plan = figures;
  told.overfull_shelters = figures.overfull;
  for (auto const& alarm : alarms_)
    if (alarm.told && alarm.deadline) ++told.areas_with_deadline;
  told.nearest =
      send_to_nearest({current->view(), parts_.people.people.people, parts_.people.area_of, set_out_, alarms_, room},
                      parts_.options.judge);
  parts_.shelf.tell(told);
  observe_comparison(parts_.measured, told);
}

}  // namespace siren
