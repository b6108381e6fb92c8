#include "operators_bench/guided_phones.h"

#include <algorithm>
#include <map>

#include "route_planner/adapters/osm_streets.h"
#include "swarm/places.h"

namespace siren::operators {
namespace {

constexpr std::uint64_t kSeed = 5;

}  // namespace

class guided_phones::told_phone final : public client::phone_listener {
 public:
  struct last_word {
    std::string shelter;  // empty: takes cover
    std::string second_choice;
    steady_time at{};
    bool guided = false;
  };
  void on_snapshot(alerts::v1::Snapshot const&) override {}
  void on_alert(alerts::v1::LoggedAlert const&) override {}
  void on_provisional(alerts::v1::ProvisionalAlert const&) override {}
  void on_merged(alerts::v1::LoggedAlert const&) override {}
  void on_state(bool) override {}
  void on_guidance(routing::v1::Guidance const& told) override {
    std::lock_guard const lock{mutex_};
    last_ = {told.destination().shelter_id(), told.second_choice().destination().shelter_id(), steady_now(), true};
  }
  [[nodiscard]] last_word last() const {
    std::lock_guard const lock{mutex_};
    return last_;
  }

 private:
  mutable std::mutex mutex_;
  last_word last_;
};

guided_phones::guided_phones() = default;

guided_phones::~guided_phones() {
  for (auto const& phone : phones_) phone->stop();
  phones_.clear();
}

result<std::unique_ptr<guided_phones>> guided_phones::start(duty_room& room, std::size_t count) {
  auto const streets = import_osm_streets(room.city().streets.string(), true);
  if (!streets) return streets.error();
  auto const people = swarm::place_people(streets->streets, room.zones(), room.city().info.city_zone, count, kSeed);
  std::unique_ptr<guided_phones> made{new guided_phones};
  auto const timers = std::make_shared<client::timers>();
  for (std::size_t i = 0; i < people.size(); ++i) {
    made->told_.push_back(std::make_unique<told_phone>());
    client::phone_options wanted;
    wanted.gateways = {room.siren().address("alert_gateway")};
    wanted.serves = world::exercise;
    wanted.position = people[i].place;
    wanted.profile = people[i].profile;
    wanted.phone_id = "phone " + std::to_string(i);
    wanted.seed = i + 1;
    made->phones_.push_back(std::make_unique<client::phone_client>(wanted, *made->told_.back(), timers));
    made->phones_.back()->start();
  }
  return made;
}

std::size_t guided_phones::guided() const {
  return static_cast<std::size_t>(
      std::count_if(told_.begin(), told_.end(), [](auto const& phone) { return phone->last().guided; }));
}

std::string guided_phones::favourite() const {
  std::map<std::string, std::size_t> counts;
  for (auto const& phone : told_)
    if (auto const told = phone->last(); !told.shelter.empty()) ++counts[told.shelter];
  auto const most =
      std::max_element(counts.begin(), counts.end(), [](auto const& a, auto const& b) { return a.second < b.second; });
  return most == counts.end() ? "" : most->first;
}

std::vector<std::size_t> guided_phones::sent_to(std::string const& shelter) const {
  std::vector<std::size_t> who;
  for (std::size_t i = 0; i < told_.size(); ++i)
    if (told_[i]->last().shelter == shelter) who.push_back(i);
  return who;
}

std::size_t guided_phones::second_choices(std::string const& shelter) const {
  return static_cast<std::size_t>(std::count_if(
      told_.begin(), told_.end(), [&](auto const& phone) { return phone->last().second_choice == shelter; }));
}

steady_time guided_phones::heard(std::size_t phone) const {
  return told_.at(phone)->last().at;
}

}  // namespace siren::operators
