#include "swarm/swarm.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "client/phone_client.h"
#include "common/clock.h"
#include "common/convert/base_convert.h"

namespace siren::swarm {
namespace {

/// Exact percentiles need every sample; this many are 40 MB, and more than any run here delivers.
constexpr std::size_t kMostSamples = 10'000'000;

/// What all phones of a swarm count together.
class tally {
 public:
  explicit tally(std::set<shelter_id> never_use) : never_use_{std::move(never_use)} {}

  void delivered(std::optional<microseconds> delay) {
    std::lock_guard const lock{mutex_};
    ++counts_.delivered;
    if (delay && samples_.size() < kMostSamples)
      samples_.push_back(static_cast<std::uint32_t>(std::max<std::int64_t>(delay->count(), 0)));
  }

  void guided(routing::v1::Guidance const& told) {
    std::lock_guard const lock{mutex_};
    ++counts_.guidance;
    if (told.verdict() == routing::v1::VERDICT_GO_SHELTER) ++counts_.go_shelter;
    if (told.verdict() == routing::v1::VERDICT_GO_METRO) ++counts_.go_metro;
    if (told.verdict() == routing::v1::VERDICT_TAKE_COVER) ++counts_.take_cover;
    if (told.has_route()) {
      ++counts_.routes;
      if (told.has_deadline_time()) {
        auto const arrives = utc_from_proto(told.judged_time()) + from_proto(told.route().slow_case_duration());
        auto const unproven = !told.has_judged_time();
        if (unproven || arrives > utc_from_proto(told.deadline_time())) ++counts_.routes_past_deadline;
      }
    }
    if (told.has_destination() && never_use_.contains(shelter_id{told.destination().shelter_id()}))
      ++counts_.closed_stations_used;
  }

  void change(std::int64_t connected, std::int64_t current, std::uint64_t reconnects) {
    std::lock_guard const lock{mutex_};
    counts_.connected += static_cast<std::uint64_t>(connected);
    counts_.current += static_cast<std::uint64_t>(current);
    counts_.reconnects += reconnects;
  }

  swarm_counts now() const {
    std::lock_guard const lock{mutex_};
    return counts_;
  }

  delays percentiles() const {
    std::vector<std::uint32_t> all;
    {
      std::lock_guard const lock{mutex_};
      all = samples_;
    }
    if (all.empty()) return {};
    auto const at = [&](double share) {
      auto const nth = all.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(all.size() - 1));
      std::nth_element(all.begin(), nth, all.end());
      // Rounded up: a figure is never better than what was measured.
      return milliseconds{(*nth + 999) / 1000};
    };
    return {all.size(), at(0.50), at(0.99), at(1.0)};
  }

 private:
  std::set<shelter_id> never_use_;
  mutable std::mutex mutex_;
  swarm_counts counts_;
  std::vector<std::uint32_t> samples_;
};

class one_phone final : public client::phone_listener {
 public:
  one_phone(person const& who, client::phone_options options, std::shared_ptr<client::timers> clock, tally& counts)
      : tally_{counts}, client_{std::move(options), *this, std::move(clock)} {
    sample_.zone = who.home.value;
  }

  void start() { client_.start(); }
  void stop() { client_.stop(); }
  [[nodiscard]] cursor at() const { return client_.at(); }

  [[nodiscard]] std::vector<heard> ledger() const {
    std::lock_guard const lock{mutex_};
    return ledger_;
  }

  [[nodiscard]] std::optional<sample_phone> news() {
    std::lock_guard const lock{mutex_};
    if (!std::exchange(news_, false)) return std::nullopt;
    return sample_;
  }

  void on_snapshot(alerts::v1::Snapshot const& whole) override {
    heard_snapshot now{{whole.cursor().epoch(), whole.cursor().seq()}, {}};
    for (auto const& zone : whole.zones()) now.zones.emplace_back(zone.zone_id());
    {
      std::lock_guard const lock{mutex_};
      ledger_.emplace_back(std::move(now));
      if (!whole.zones().empty()) sample_.zone = whole.zones(0).name_uk() + " / " + whole.zones(0).name_en();
    }
    here();
  }

  void on_continuation(alerts::v1::Cursor const&) override { here(); }

  void on_alert(alerts::v1::LoggedAlert const& change) override {
    sounded(change.alert());
    on_merged(change);
  }

  void on_provisional(alerts::v1::ProvisionalAlert const& now) override { sounded(now.alert()); }

  void on_merged(alerts::v1::LoggedAlert const& change) override {
    std::lock_guard const lock{mutex_};
    ledger_.emplace_back(
        heard_alert{{change.cursor().epoch(), change.cursor().seq()}, zone_id{change.alert().zone_id()}});
  }

  void on_guidance(routing::v1::Guidance const& told) override {
    tally_.guided(told);
    std::lock_guard const lock{mutex_};
    sample_.guidance_uk = told.text_uk();
    sample_.guidance_en = told.text_en();
    news_ = true;
  }

  void on_state(bool current) override { tally_.change(0, current ? 1 : -1, 0); }

  void on_disconnected(client::disconnection const&) override {
    std::lock_guard const lock{mutex_};
    if (std::exchange(connected_, false)) tally_.change(-1, 0, 1);
  }

 private:
  void sounded(alerts::v1::Alert const& alert) {
    auto const arrived = wall_now();
    std::optional<microseconds> delay;
    if (alert.has_observation_received_time()) delay = arrived - wall_from_proto(alert.observation_received_time());
    tally_.delivered(delay);
    std::lock_guard const lock{mutex_};
    sample_.headline_uk = alert.headline_uk();
    sample_.body_uk = alert.body_uk();
    sample_.headline_en = alert.headline_en();
    sample_.body_en = alert.body_en();
    if (alert.stage() == zones::v1::STAGE_ALL_CLEAR) sample_.guidance_uk = sample_.guidance_en = "";
    news_ = true;
  }

  void here() {
    std::lock_guard const lock{mutex_};
    if (!std::exchange(connected_, true)) tally_.change(1, 0, 0);
  }

  tally& tally_;
  mutable std::mutex mutex_;
  std::vector<heard> ledger_;
  sample_phone sample_;
  bool news_ = false;
  bool connected_ = false;
  client::phone_client client_;  // last: its calls end before what they write to goes
};

constexpr int kLookMs = 20;

bool wait_until_true(auto const& ready, milliseconds at_most) {
  std::mutex mutex;
  std::condition_variable never;
  auto const deadline = std::chrono::steady_clock::now() + at_most;
  while (!ready()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::unique_lock lock{mutex};
    never.wait_for(lock, milliseconds{kLookMs});
  }
  return true;
}

}  // namespace

struct swarm::parts {
  explicit parts(std::set<shelter_id> never_use) : counts{std::move(never_use)} {}
  tally counts;
  std::shared_ptr<client::timers> clock = std::make_shared<client::timers>();
  std::vector<std::unique_ptr<one_phone>> phones;
};

swarm::swarm(swarm_options options) : parts_{std::make_unique<parts>(std::move(options.never_use))} {
  std::uint64_t seed = 0;
  for (auto const& who : options.people) {
    client::phone_options wanted;
    wanted.gateways = options.gateways;
    wanted.serves = options.expects;
    wanted.position = who.place;
    wanted.watch = who.watched;
    wanted.profile = who.profile;
    wanted.phone_id = "swarm " + std::to_string(seed);
    wanted.seed = ++seed;
    parts_->phones.push_back(std::make_unique<one_phone>(who, std::move(wanted), parts_->clock, parts_->counts));
  }
  for (auto const& phone : parts_->phones) phone->start();
}

swarm::~swarm() {
  stop();
}

void swarm::stop() {
  for (auto const& phone : parts_->phones) phone->stop();
}

swarm_counts swarm::counts() const {
  auto all = parts_->counts.now();
  all.phones = parts_->phones.size();
  return all;
}

delays swarm::delays_so_far() const {
  return parts_->counts.percentiles();
}

std::optional<sample_phone> swarm::news_of_sample() {
  return parts_->phones.empty() ? std::nullopt : parts_->phones.front()->news();
}

bool swarm::wait_for_head(cursor head, milliseconds at_most) const {
  return wait_until_true(
      [&] {
        return std::all_of(parts_->phones.begin(), parts_->phones.end(), [&](auto const& phone) {
          auto const at = phone->at();
          return at.epoch == head.epoch && at.seq >= head.seq;
        });
      },
      at_most);
}

bool swarm::wait_connected(milliseconds at_most) const {
  return wait_until_true([&] { return counts().connected == parts_->phones.size(); }, at_most);
}

verdict_on_delivery swarm::judge(logged const& log) const {
  verdict_on_delivery all;
  for (auto const& phone : parts_->phones) all += judge_delivery(phone->ledger(), log);
  return all;
}

}  // namespace siren::swarm
