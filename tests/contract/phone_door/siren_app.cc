// Phones over siren::client.
#include <atomic>

#include "client/phone_client.h"
#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"
#include "contract/phone_door/app.h"

namespace siren::door {
namespace {

class siren_app final : public phone_app, public client::phone_listener {
 public:
  explicit siren_app(client::phone_options options)
      : phone_{std::move(options), *this, std::make_shared<client::timers>()} {
    phone_.start();
  }

  word next() override { return heard_.take(kPatience); }
  void move(double latitude_deg, double longitude_deg) override {
    phone_.update_position({degrees{latitude_deg}, degrees{longitude_deg}});
  }
  bool lose() override { return false; }

  void on_snapshot(alerts::v1::Snapshot const& whole) override {
    heard_.add({"snapshot", whole.cursor().seq(), static_cast<std::size_t>(whole.alerts_size()), -1, ""});
  }
  void on_alert(alerts::v1::LoggedAlert const& change) override {
    heard_.add({"alert", change.cursor().seq(), 0, -1, ""});
  }
  void on_provisional(alerts::v1::ProvisionalAlert const&) override { heard_.add({"provisional", 0, 0, -1, ""}); }
  void on_merged(alerts::v1::LoggedAlert const&) override {}
  void on_guidance(routing::v1::Guidance const&) override { heard_.add({"guidance", 0, 0, -1, ""}); }
  void on_state(bool current) override {
    if (current) heard_.add({"heartbeat", 0, 0, -1, ""});
  }
  void on_continuation(alerts::v1::Cursor const& from) override { heard_.add({"continuation", from.seq(), 0, -1, ""}); }
  void on_disconnected(client::disconnection const& why) override { heard_.add({"ended", 0, 0, -1, why.reason}); }

 private:
  words heard_;
  client::phone_client phone_;
};

class siren_library final : public library {
 public:
  std::unique_ptr<phone_app> start(phone_wish wish) override {
    client::phone_options options;
    options.gateways = std::move(wish.gateways);
    options.serves = *from_proto(wish.subscribe.world());
    for (auto const& zone : wish.subscribe.watch_zone_ids()) options.watch.emplace_back(zone);
    if (wish.subscribe.has_position())
      options.position = {degrees{wish.subscribe.position().latitude_deg()},
                          degrees{wish.subscribe.position().longitude_deg()}};
    options.policy.shortest_backoff = milliseconds{20};
    options.policy.longest_backoff = milliseconds{100};
    return std::make_unique<siren_app>(std::move(options));
  }
  bool shows_heartbeats() const override { return false; }
  std::optional<raw_end> call(std::string const&, raw_call const&) override { return std::nullopt; }
};

}  // namespace

std::unique_ptr<library> siren_client_library() {
  return std::make_unique<siren_library>();
}

}  // namespace siren::door
