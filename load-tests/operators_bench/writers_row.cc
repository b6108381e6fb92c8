#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <numeric>
#include <random>
#include <thread>

#include "common/rpc_server.h"
#include "operators_bench/rows.h"
#include "rig/child_process.h"
#include "siren/shelters/v1/shelter_service.grpc.pb.h"

namespace siren::operators {
namespace {

namespace api = shelters::v1;
constexpr std::size_t kShelters = 4;  // 16 doors each: they meet at the same rows
constexpr seconds kAnswerWithin{10};
constexpr milliseconds kUpWithin{60'000};
constexpr milliseconds kWholeWithin{600'000};
constexpr milliseconds kRetry{50};
constexpr std::uint64_t kSeed = 20260123;

/// What one door counts: as many in as out in the long run, so that sums cross both bounds.
std::vector<std::int32_t> counted_at(std::size_t door, std::size_t updates) {
  std::mt19937_64 dice{kSeed + door};
  std::vector<std::int32_t> people(updates);
  for (auto& one : people) one = static_cast<std::int32_t>(dice() % 9) - 4;
  return people;
}

struct totals {
  std::atomic<std::size_t> done{0};  // updates that the registry has
  std::atomic<std::size_t> calls{0};
  std::atomic<std::size_t> failed_calls{0};
  std::atomic<std::size_t> repeated{0};
  std::atomic<bool> gave_up{false};
};

/// A door counter: sends from where the registry says that it stands, until everything is there.
class door {
 public:
  door(std::string const& registry, std::string shelter, std::size_t number, bench_options const& options)
      : stub_{api::ShelterService::NewStub(internal_channel(registry))},
        shelter_{std::move(shelter)},
        name_{"door-" + std::to_string(number)},
        batch_{options.batch},
        people_{counted_at(number, options.updates)} {}

  void run(totals& all, steady_time until) {
    std::size_t stands = 0;
    while (stands < people_.size()) {
      if (steady_now() > until) {
        all.gave_up = true;
        return;
      }
      api::ReportCountsResponse answer;
      ++all.calls;
      if (!send(stands, answer).ok()) {
        ++all.failed_calls;
        std::this_thread::sleep_for(kRetry);
        continue;
      }
      all.repeated += answer.repeated();
      for (auto const& position : answer.positions()) {
        all.done += position.sequence() - stands;
        stands = position.sequence();
      }
    }
  }

 private:
  grpc::Status send(std::size_t from, api::ReportCountsResponse& answer) const {
    api::ReportCountsRequest request;
    for (auto i = from; i < std::min(from + batch_, people_.size()); ++i) {
      auto* delta = request.add_deltas();
      delta->set_shelter_id(shelter_);
      delta->set_sensor_id(name_);
      delta->set_run(1);
      delta->set_sequence(i + 1);
      delta->set_delta(people_[i]);
    }
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kAnswerWithin);
    return stub_->ReportCounts(&context, request, &answer);
  }

  std::unique_ptr<api::ShelterService::Stub> stub_;
  std::string shelter_;
  std::string name_;
  std::size_t batch_;
  std::vector<std::int32_t> people_;
};

/// Looks at the shelters all the while.
class watcher {
 public:
  watcher(std::string const& registry, std::vector<std::string> shelters)
      : stub_{api::ShelterService::NewStub(internal_channel(registry))},
        shelters_{std::move(shelters)},
        thread_{[this] { run(); }} {}
  ~watcher() { stop(); }
  void stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }
  std::size_t looks = 0;
  std::size_t out_of_bounds = 0;
  std::size_t at_zero = 0;
  std::size_t at_capacity = 0;

 private:
  void run() {
    for (std::size_t i = 0; !stopping_; ++i) {
      api::GetShelterRequest which;
      which.set_shelter_id(shelters_[i % shelters_.size()]);
      api::GetShelterResponse found;
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + kAnswerWithin);
      if (!stub_->GetShelter(&context, which, &found).ok()) continue;
      auto const& now = found.shelter();
      ++looks;
      out_of_bounds += now.occupancy() > now.capacity() ? 1 : 0;  // below 0 is no number of the contract
      at_zero += now.occupancy() == 0 ? 1 : 0;
      at_capacity += now.occupancy() == now.capacity() ? 1 : 0;
      std::this_thread::sleep_for(milliseconds{2});
    }
  }
  std::unique_ptr<api::ShelterService::Stub> stub_;
  std::vector<std::string> shelters_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// Kills the registry each time that the next share of updates is in.
bool kill_in_the_middle(duty_room& room, bench_options const& options, totals const& all) {
  auto const whole = options.writers * options.updates;
  for (std::size_t kill = 1; kill <= options.kills; ++kill) {
    auto const share = whole * kill / (options.kills + 1);
    if (!wait_until([&] { return all.done >= share || all.gave_up; }, kWholeWithin)) return false;
    room.siren().service("shelter_registry").kill_hard();
    if (!room.siren().start_again("shelter_registry")) return false;
    if (!room.siren().wait_serving("shelter_registry", kUpWithin)) return false;
  }
  return true;
}

std::int64_t expected_sum(std::size_t shelter, bench_options const& options) {
  std::int64_t sum = 0;
  for (auto number = shelter; number < options.writers; number += kShelters) {
    auto const people = counted_at(number, options.updates);
    sum = std::accumulate(people.begin(), people.end(), sum);
  }
  return sum;
}

/// Compares the database with what the doors counted.
void compare(duty_room& room, std::vector<std::string> const& shelters, bench_options const& options, row& found) {
  auto sums = row::array();
  for (std::size_t i = 0; i < shelters.size(); ++i) {
    auto const expected = expected_sum(i, options);
    auto const counted = room.number("SELECT people FROM shelter_sum WHERE shelter_id = '" + shelters[i] + "'");
    auto const shown = room.number("SELECT occupancy FROM shelter WHERE shelter_id = '" + shelters[i] + "'");
    auto const capacity = room.number("SELECT capacity FROM shelter WHERE shelter_id = '" + shelters[i] + "'");
    if (!counted || !shown || !capacity) {
      found["broken"].push_back("the sums can't be read");
      return;
    }
    sums.push_back({{"shelter", shelters[i]},
                    {"expected", expected},
                    {"counted", *counted},
                    {"shown", *shown},
                    {"capacity", *capacity}});
    if (*counted != expected) found["broken"].push_back("a sum is wrong");
    if (*shown != std::clamp<std::int64_t>(expected, 0, *capacity)) found["broken"].push_back("what is shown is wrong");
  }
  found["sums"] = std::move(sums);
}

std::vector<std::string> chosen(duty_room const& room) {
  std::vector<std::string> ids;
  for (auto const& s : room.city().shelters)
    if (takes_people(s) && s.type != shelter_type::metro_station && ids.size() < kShelters) ids.push_back(s.id.value);
  return ids;
}

}  // namespace

row writers_row(duty_room& room, bench_options const& options) {
  row found{{"row", "writers"}, {"broken", row::array()}};
  auto const shelters = chosen(room);
  if (shelters.size() < kShelters) {
    found["broken"].push_back("the city has too few shelters");
    return found;
  }
  auto const registry = room.siren().address("shelter_registry");
  totals all;
  watcher eyes{registry, shelters};
  auto const begin = steady_now();
  std::vector<std::thread> doors;
  for (std::size_t number = 0; number < options.writers; ++number)
    doors.emplace_back([&, number] {
      door{registry, shelters[number % kShelters], number, options}.run(all, begin + kWholeWithin);
    });
  bool const killed = kill_in_the_middle(room, options, all);
  for (auto& one : doors) one.join();
  auto const taken = std::chrono::duration<double>(steady_now() - begin).count();
  eyes.stop();
  auto const updates = options.writers * options.updates;
  found["writers"] = options.writers;
  found["updates"] = updates;
  found["batch"] = options.batch;
  found["kills"] = options.kills;
  found["seconds"] = taken;
  found["updates_per_second"] = static_cast<double>(updates) / taken;
  found["calls"] = all.calls.load();
  found["failed_calls"] = all.failed_calls.load();
  found["repeated_updates"] = all.repeated.load();
  found["looks"] = eyes.looks;
  found["looks_out_of_bounds"] = eyes.out_of_bounds;
  found["looks_at_zero"] = eyes.at_zero;
  found["looks_at_capacity"] = eyes.at_capacity;
  if (!killed) found["broken"].push_back("the registry did not come back");
  if (all.gave_up) found["broken"].push_back("a writer did not finish in ten minutes");
  if (eyes.out_of_bounds > 0) found["broken"].push_back("more people than places were shown");
  compare(room, shelters, options, found);
  return found;
}

}  // namespace siren::operators
