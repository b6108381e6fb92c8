// From the registry to the phones: a shelter that is shut while an alarm is on.
#include <algorithm>
#include <iostream>
#include <mutex>

#include "client/phone_client.h"
#include "common/convert/base_convert.h"
#include "common/rpc_server.h"
#include "integration/attacked_city.h"
#include "route_planner/adapters/osm_streets.h"
#include "siren/alerts/v1/alarm_service.grpc.pb.h"
#include "siren/shelters/v1/shelter_service.grpc.pb.h"

namespace siren {
namespace {

constexpr std::size_t kPhones = 400;
constexpr milliseconds kGuidedWithin{60'000};
constexpr milliseconds kElsewhereWithin{2'000};  // the promise
constexpr std::uint64_t kSeed = 5;

/// Remembers what one phone was told last, and when.
class told_phone final : public client::phone_listener {
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

class a_city_in_alarm : public attacked_city {
 protected:
  void SetUp() override {
    attacked_city::SetUp();
    if (HasFatalFailure()) return;
    listen();
    raise();
    ASSERT_TRUE(
        wait_until([&] { return count([](auto const& told) { return told.guided; }) == kPhones; }, kGuidedWithin));
  }
  void TearDown() override {
    for (auto const& phone : phones_on_) phone->stop();
    phones_on_.clear();
    attacked_city::TearDown();
  }

  void listen() {
    auto const streets = import_osm_streets(city_->streets.string(), true);
    ASSERT_TRUE(streets.ok()) << streets.error().message;
    auto const people = swarm::place_people(streets->streets, *zones_, city_->info.city_zone, kPhones, kSeed);
    ASSERT_EQ(people.size(), kPhones);
    auto const timers = std::make_shared<client::timers>();
    for (std::size_t i = 0; i < people.size(); ++i) {
      told_.push_back(std::make_unique<told_phone>());
      client::phone_options wanted;
      wanted.gateways = {siren_->address("alert_gateway")};
      wanted.serves = world::exercise;
      wanted.position = people[i].place;
      wanted.profile = people[i].profile;
      wanted.phone_id = "phone " + std::to_string(i);
      wanted.seed = i + 1;
      phones_on_.push_back(std::make_unique<client::phone_client>(wanted, *told_.back(), timers));
      phones_on_.back()->start();
    }
  }

  /// An operator's order: its deadline is unknown, so nothing but shelters decides where people go.
  void raise() {
    auto const stub = alerts::v1::AlarmService::NewStub(internal_channel(siren_->address("zone_engine")));
    for (auto const& leaf : zones_->leaves()) {
      auto const& up = zones_->ancestors(leaf);
      if (std::find(up.begin(), up.end(), city_->info.city_zone) == up.end()) continue;
      alerts::v1::RaiseAlarmRequest request;
      request.set_request_id("raise " + leaf.value);
      request.set_operator_name("duty");
      request.set_zone_id(leaf.value);
      request.set_stage(zones::v1::STAGE_GO);
      grpc::ClientContext context;
      alerts::v1::RaiseAlarmResponse answer;
      auto const status = stub->RaiseAlarm(&context, request, &answer);
      ASSERT_TRUE(status.ok()) << status.error_message();
    }
  }

  [[nodiscard]] std::size_t count(auto const& holds) const {
    return static_cast<std::size_t>(
        std::count_if(told_.begin(), told_.end(), [&](auto const& phone) { return holds(phone->last()); }));
  }
  [[nodiscard]] std::size_t sent_to(std::string const& shelter) const {
    return count([&](auto const& told) { return told.shelter == shelter; });
  }
  /// Where most phones are sent to.
  [[nodiscard]] std::string favourite() const {
    std::map<std::string, std::size_t> counts;
    for (auto const& phone : told_)
      if (auto const told = phone->last(); !told.shelter.empty()) ++counts[told.shelter];
    auto const most = std::max_element(counts.begin(), counts.end(),
                                       [](auto const& a, auto const& b) { return a.second < b.second; });
    return most == counts.end() ? "" : most->first;
  }

  void shut(std::string const& id) {
    auto const stub = shelters::v1::ShelterService::NewStub(internal_channel(siren_->address("shelter_registry")));
    shelters::v1::GetShelterRequest which;
    which.set_shelter_id(id);
    shelters::v1::GetShelterResponse found;
    {
      grpc::ClientContext context;
      ASSERT_TRUE(stub->GetShelter(&context, which, &found).ok());
    }
    shelters::v1::UpdateShelterRequest request;
    request.set_request_id("shut " + id);
    request.set_shelter_id(id);
    request.set_expected_revision(found.shelter().revision());
    request.set_state(shelters::v1::OPEN_STATE_CLOSED);
    shelters::v1::UpdateShelterResponse answer;
    grpc::ClientContext context;
    auto const status = stub->UpdateShelter(&context, request, &answer);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  std::vector<std::unique_ptr<told_phone>> told_;
  std::vector<std::unique_ptr<client::phone_client>> phones_on_;
};

// People would have run on to a locked door while the registry already knew.
TEST_F(a_city_in_alarm, a_shut_shelter_sends_its_phones_elsewhere_within_two_seconds) {
  for (int round = 0; round < 3; ++round) {
    auto const id = favourite();
    ASSERT_FALSE(id.empty());
    auto const before = sent_to(id);
    ASSERT_GT(before, 0U);
    auto const begin = steady_now();
    shut(id);
    ASSERT_TRUE(wait_until([&] { return sent_to(id) == 0; }, kGuidedWithin)) << sent_to(id) << " are left behind";
    auto last = begin;
    for (auto const& phone : told_) last = std::max(last, phone->last().at);
    auto const taken = std::chrono::duration_cast<milliseconds>(last - begin);
    std::cout << id << ": " << before << " phones sent elsewhere, the last after " << taken.count() << " ms\n";
    EXPECT_LE(taken, kElsewhereWithin);
    EXPECT_EQ(count([&](auto const& told) { return told.second_choice == id; }), 0U) << "second choices are shut too";
  }
}

TEST_F(a_city_in_alarm, without_the_bus_they_are_still_sent_elsewhere) {
  siren_->redis().stop();
  auto const id = favourite();
  ASSERT_GT(sent_to(id), 0U);
  shut(id);
  EXPECT_TRUE(wait_until([&] { return sent_to(id) == 0; }, seconds{10})) << sent_to(id) << " are left behind";
  ASSERT_TRUE(siren_->redis().start_again().ok());
}

}  // namespace
}  // namespace siren
