#pragma once

#include <atomic>
#include <iomanip>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "alert_gateway/gateway.h"
#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"
#include "core/plan/city_planner.h"
#include "core/route/doors.h"
#include "core/route/street_graph_builder.h"
#include "fakes/memory_alert_log.h"
#include "fakes/memory_bus.h"

namespace siren {

/// A planner in memory: one street from west to east through both zones, on which nobody lives: who is there goes to
/// the nearest shelter with room.
class memory_plan_source final : public plan_source {
 public:
  memory_plan_source() : streets_{std::make_shared<street_graph const>(build())}, snap_{*streets_} {}

  result<plan_head> head() override {
    std::lock_guard const lock{mutex_};
    return plan_head{plan_ ? plan_->version : 0, hash(streets_->id().value), hash(walks_ ? walks_->id().value : 0)};
  }
  result<std::vector<std::byte>> fetch_graph(std::string const&) override {
    ++graphs_fetched;
    return write_street_graph(*streets_);
  }
  result<std::vector<std::byte>> fetch_reach(std::string const&) override {
    std::lock_guard const lock{mutex_};
    ++walks_fetched;
    return std::vector<std::byte>{walks_->bytes().begin(), walks_->bytes().end()};
  }
  result<std::vector<std::byte>> fetch_plan(std::uint64_t) override {
    std::lock_guard const lock{mutex_};
    ++plans_fetched;
    return write_plan(*plan_);
  }
  result<std::vector<std::vector<std::byte>>> fetch_deltas(std::uint64_t base, std::uint64_t) override {
    std::lock_guard const lock{mutex_};
    if (delta_.empty() || base + 1 != plan_->version) return failure{reason::plan_missing, "no way from there"};
    auto told = delta_;
    if (damage_deltas) told.back() ^= std::byte{1};
    return std::vector<std::vector<std::byte>>{told};
  }
  /// A new plan in which these shelters are open; each is a longitude on the street.
  void plan_for(std::vector<std::pair<std::string, double>> const& open) {
    std::vector<shelter> shelters;
    for (auto const& [name, lon] : open) {
      shelter s;
      s.id = shelter_id{name};
      s.name_uk = s.name_en = name;
      s.place = {degrees{50.05}, degrees{lon}};
      s.entrances = {{"", s.place, true}};
      s.capacity = 100;
      s.state = open_state::open;
      shelters.push_back(s);
    }
    std::lock_guard const lock{mutex_};
    planner_input input;
    input.streets = streets_;
    walks_ = std::make_shared<reach const>(make_reach(*streets_, reach_of(shelters)));
    input.walks = walks_;
    input.by_node = make_walks_by_node(*walks_, streets_->node_count());
    input.shelters = shelters_ = shelters;
    input.people.assign(streets_->node_count(), 0);
    input.area_of.assign(streets_->node_count(), area_index{0});
    input.areas = 1;
    planner_ = std::make_unique<city_planner>(std::move(input));
    make();
  }
  /// The next plan for the same walking times, in which this shelter is shut.
  void shut(std::string const& name) {
    std::lock_guard const lock{mutex_};
    for (auto& one : shelters_) {
      if (one.id.value != name) continue;
      one.state = open_state::closed;
      EXPECT_TRUE(planner_->shelter_changed(one));
    }
    make();
  }

  std::atomic<int> graphs_fetched{0};
  std::atomic<int> walks_fetched{0};
  std::atomic<int> plans_fetched{0};
  std::atomic<bool> damage_deltas{false};

 private:
  static std::string hash(std::uint64_t id) {
    std::ostringstream hex;
    hex << std::hex << std::setw(16) << std::setfill('0') << id;
    return hex.str();
  }
  static street_graph build() {
    street_graph_builder streets;
    for (int i = 0; i <= 200; ++i) streets.add_node(street_key{i}, {degrees{50.05}, degrees{30.0 + i * 0.001}});
    way_attributes street;
    street.name = "Long street";
    for (int i = 0; i < 200; ++i) streets.add_way({street_key{i}, street_key{i + 1}}, street);
    return std::move(streets).build().graph;
  }
  reach_input reach_of(std::vector<shelter> const& shelters) const {
    walking_policy const walking;
    auto doors = place_doors(snap_, shelters, {}, walking);
    reach_input input;
    for (auto const g : kAllGaits) input.paces[static_cast<std::size_t>(g)] = walking.pace(g, {});
    input.first_door = std::move(doors.first_door);
    input.doors = std::move(doors.doors);
    for (auto const& s : shelters) input.room.push_back(s.capacity);
    return input;
  }
  void make() {
    auto made = planner_->make(utc_time{seconds{1'769'191'200}}, plan_ ? plan_->version + 1 : 1);
    delta_ = std::move(made.delta);
    plan_ = made.now;
  }

  std::mutex mutex_;
  std::shared_ptr<street_graph const> streets_;
  snap_index snap_;
  std::vector<shelter> shelters_;
  std::shared_ptr<reach const> walks_;
  std::unique_ptr<city_planner> planner_;
  std::shared_ptr<city_plan const> plan_;
  std::vector<std::byte> delta_;
};

/// A bus that takes everything and, while deaf, tells nobody: a broker after a failover, seen by a publisher on the old
/// one.
class doubtful_bus final : public bus {
 public:
  explicit doubtful_bus(memory_bus& real) : real_{real} {}
  result<void> publish(std::string const& channel, std::string const& bytes) override {
    if (deaf) return {};
    return real_.publish(channel, bytes);
  }
  std::atomic<bool> deaf{false};

 private:
  memory_bus& real_;
};

/// A clock that stands still: 2026-01-23 18:00 UTC.
class still_clock final : public world_clock {
 public:
  utc_time now() const override { return utc_time{seconds{1'769'191'200}}; }
};

inline zone box(std::string id, std::optional<zone_id> parent, double west, double east,
                std::vector<zone_id> replaces = {}) {
  zone z;
  z.replaces = std::move(replaces);
  z.id = zone_id{id};
  z.kind = parent ? zone_kind::district : zone_kind::city;
  z.parent = std::move(parent);
  z.name_uk = z.name_en = id;
  auto const at = [](double lat, double lon) { return lat_lon{degrees{lat}, degrees{lon}}; };
  z.shape = {{{at(50.0, west), at(50.0, east), at(50.1, east), at(50.1, west)}, {}}};
  return z;
}

/// Log, bus, planner, two zones "west" and "east" (once a part of "whole", which is no more) in a city, and gateways
/// over real sockets.
class gateway_world {
 public:
  gateway_world()
      : speaker{bus_},
        zones{
            *zone_map::build({box("city", {}, 30.0, 30.2), box("west", zone_id{"city"}, 30.0, 30.1, {zone_id{"whole"}}),
                              box("east", zone_id{"city"}, 30.1, 30.2, {zone_id{"whole"}})})} {
    (void)log.beat(picture_state::live);
  }

  static gateway_options quick() {
    gateway_options o;
    o.phones.address = "127.0.0.1:0";
    o.internal_listen = "127.0.0.1:0";
    o.channels = {.alert = "alert", .provisional = "provisional", .plan = "plan", .probe = "probe.one"};
    o.session.heartbeat_interval = milliseconds{200};
    o.follower.reading.poll = milliseconds{50};
    o.plan_poll = milliseconds{50};
    o.reconnect.shortest = milliseconds{50};
    return o;
  }
  std::unique_ptr<gateway> start(gateway_options options = quick()) {
    auto made = gateway::start({.log = log,
                                .speaker = speaker,
                                .listen = [this](auto channels, auto to) { return bus_.listen(channels, to); },
                                .plans = plans,
                                .zones = zones,
                                .clock = clock,
                                .measured = measured},
                               std::move(options));
    EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message);
    return std::move(*made);
  }

  /// The next revision of the zone's alarm goes into the log; returns what the bus would be told.
  alerts::v1::LoggedAlert happen(std::string const& zone, stage level, std::optional<seconds> arrives_in = {},
                                 std::string const& body = "") {
    auto& [raise, rev] = turns_[zone];
    if (rev == 0) ++raise;
    alert a;
    a.id = alert_id{zone + "@" + std::to_string(raise)};
    a.rev = ++rev;
    a.zone = zone_id{zone};
    a.level = level;
    a.raised_at = a.changed_at = clock.now();
    a.because = {trace_id{"0123456789abcdef0123456789abcdef"}, wall_now()};
    if (arrives_in) {
      threat t;
      auto const first = clock.now() + *arrives_in;
      t.arrival = arrival_interval{first, first + minutes{1}, first + minutes{2}};
      a.threats = {t};
    }
    if (level == stage::all_clear) rev = 0;
    alerts::v1::Alert wire;
    to_proto(a, *zones.find(a.zone), world::exercise, clock.now(), &wire);
    if (!body.empty()) wire.set_body_en(body);
    auto const logged = log.append({{.zone = a.zone,
                                     .alert = a.id,
                                     .rev = a.rev,
                                     .ended = a.ended(),
                                     .bytes = wire.SerializeAsString(),
                                     .source = "test",
                                     .message_id = a.id.value + "/" + std::to_string(a.rev),
                                     .actor = "",
                                     .act = "",
                                     .because = "",
                                     .trace = {}}});
    EXPECT_TRUE(logged.ok());
    return *logged_alert_of(logged->at(0));
  }
  void publish(alerts::v1::LoggedAlert const& entry) { (void)speaker.publish("alert", entry.SerializeAsString()); }

  memory_alert_log log;
  still_clock clock;
  metrics measured;

 private:
  memory_bus bus_;

 public:
  doubtful_bus speaker;
  memory_plan_source plans;
  zone_map zones;

 private:
  std::map<std::string, std::pair<std::uint32_t, std::uint32_t>> turns_;  // raise, revision
};

}  // namespace siren
