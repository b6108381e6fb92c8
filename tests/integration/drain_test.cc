// A rolling deploy over real processes: the gateway that is asked to stop hands its phones over to the other.
#include <algorithm>
#include <csignal>
#include <iostream>

#include "integration/attacked_city.h"
#include "rig/http_get.h"

namespace siren {
namespace {

constexpr std::size_t kPhones = 500;
constexpr milliseconds kFirstAlerts{60'000};
constexpr milliseconds kHandedOverWithin{60'000};  // the longest window that phones obey
constexpr milliseconds kStopsWithin{5'000};        // gateway::stop's promise
constexpr milliseconds kSlice{200};

class drain_test : public attacked_city {
 protected:
  void choose(instance_options& wanted) override { wanted.copies["alert_gateway"] = 2; }

  double gauge(std::string const& service, std::string const& name) const {
    auto const page = http_get(siren_->metrics_address(service), "/metrics");
    auto const at = page.find("\n" + name + " ");
    EXPECT_NE(at, std::string::npos) << name;
    return at == std::string::npos ? -1 : std::stod(page.substr(at + name.size() + 2));
  }
  double phones_at(std::string const& service) const { return gauge(service, "siren_gateway_phones"); }
};

// People would have seen: an alert that came during a deploy and that their phone never showed.
TEST_F(drain_test, no_hole_and_no_burst_when_a_gateway_leaves_in_mid_attack) {
  connect_phones(kPhones);
  begin_raid();
  ASSERT_TRUE(delivered_at_least(kPhones, kFirstAlerts));
  auto const leaving = phones_at("alert_gateway");
  auto const staying = phones_at("alert_gateway_2");
  ASSERT_EQ(leaving + staying, kPhones);
  ASSERT_GT(leaving, kPhones / 4);
  auto const window = seconds{1} * gauge("alert_gateway", "siren_gateway_reconnect_window_seconds");

  siren_->service("alert_gateway").send(SIGTERM);
  auto const asked = steady_now();
  auto seen = staying;
  auto seen_at = asked;
  double fastest = 0;  // phones a second, over a slice at least
  ASSERT_TRUE(wait_until(
      [&] {
        auto const now = steady_now();
        if (now - seen_at < kSlice) return false;
        auto const phones = phones_at("alert_gateway_2");
        fastest = std::max(fastest, (phones - seen) / std::chrono::duration<double>(now - seen_at).count());
        seen = phones;
        seen_at = now;
        return phones == kPhones;
      },
      kHandedOverWithin));
  auto const lasted = seen_at - asked;
  auto const mean = leaving / std::chrono::duration<double>(window).count();
  EXPECT_GT(lasted, window / 2) << "they come one after the other";
  EXPECT_LT(fastest, 3 * mean) << "no burst above what was told";
  EXPECT_EQ(siren_->service("alert_gateway").wait_for_exit(kStopsWithin), 0);
  std::cout << leaving << " phones handed over in " << std::chrono::duration<double>(lasted).count()
            << " s; told to take " << window.count() << " s; fastest " << fastest << " phones/s, on the mean " << mean
            << '\n';

  auto const after = delivered();
  ASSERT_TRUE(delivered_at_least(after + kPhones, kFirstAlerts));
  auto const told = settle_and_judge();
  EXPECT_EQ(told.missing, 0U);
  EXPECT_EQ(told.out_of_order, 0U);
}

}  // namespace
}  // namespace siren
