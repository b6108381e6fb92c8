#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "alert_gateway/alert_board.h"
#include "alert_gateway/arrivals.h"
#include "alert_gateway/frames.h"
#include "alert_gateway/gateway_metrics.h"
#include "alert_gateway/guide.h"
#include "alert_gateway/phone_registry.h"
#include "alert_gateway/ports.h"
#include "core/stream/phone_session.h"
#include "core/zone/zone_map.h"
#include "siren/alerts/v1/alert_service.pb.h"

namespace siren {

struct phone_limits {
  std::size_t watch_zones = 16;  // home, work, school and some more
  std::size_t streams = 50'000;  // per process, below the file limit
  std::size_t message_bytes = 16U << 10U;
};
inline constexpr std::size_t kMostPhoneIdBytes = 64;  // contract of Subscribe.phone_id

/// What every line shares; outlives all of them.
struct line_surroundings {
  alert_board& alerts;
  frame_maker& frames;
  phone_registry& registry;
  guide& guidance;
  zone_map const& zones;
  gateway_metrics& measured;
  arrivals& arriving;
  world serves = world::exercise;
  session_policy policy{};
  phone_limits limits{};
  /// A phone waits for the log to be read.
  std::function<void()> read_log_soon;
};

/// One phone's stream: core's session, the phone's place, and whatever transport carries it. Thread-safe; never blocks
/// on anything but its own short lock. Promise "position is not kept": the place lives here and dies with the stream;
/// it is in no log line, metric or error text.
class phone_line final : public guided, public stream_handler, public std::enable_shared_from_this<phone_line> {
 public:
  /// `loop`: of the transport's, where the pipe lives.
  phone_line(line_surroundings const& around, phone_pipe& pipe, std::size_t loop, steady_time now);

  /// Takes a place among the open streams, or ends at once with TOO_MANY_STREAMS.
  void open();
  /// From the transport.
  void on_request(std::string_view bytes) override;
  void on_half_closed() override;
  void on_written(bool ok) override;
  void on_closed() override;

  /// Something may be there to send.
  void poke();
  /// A poke or tick is near: three steps that each fetch what the one before made known. On the loop's thread.
  void fetch() const;
  void fetch_pipe() const;
  void fetch_connection() const;
  /// Time passed: heartbeat, slow readers, silent callers.
  void tick();
  void drain(milliseconds retry_within);
  /// Works out guidance anew if the phone's own zone is `zone`, or always without one.
  void guide_again(zone_id const* zone);

  std::optional<guide_question> question() override;
  void told(std::optional<told_guidance> const& answer) override;

 private:
  using action = alerts::v1::WatchAlertsRequest;
  [[nodiscard]] result<void> act(action const& request, steady_time now);
  [[nodiscard]] result<void> subscribe(alerts::v1::Subscribe const& request, steady_time now);
  [[nodiscard]] result<void> move(alerts::v1::UpdatePosition const& request);
  [[nodiscard]] result<void> watch(alerts::v1::WatchZones const& request);
  [[nodiscard]] result<void> set_watched(google::protobuf::RepeatedPtrField<std::string> const& ids);
  [[nodiscard]] std::vector<zone_id> zones_now() const;
  void zones_changed();
  /// What the phone must be guided in; absent: nothing, or nobody knows where it is.
  [[nodiscard]] std::optional<zone_alarm> alarm_to_guide() const;
  void pump(steady_time now);
  void count(stream_send const& sent, steady_time now);
  void finish(std::optional<failure> const& why);

  line_surroundings const& around_;
  std::size_t loop_;
  mutable std::mutex mutex_;
  phone_pipe* pipe_;
  phone_session session_;
  bool finishing_ = false;
  bool finished_ = false;
  std::optional<failure> end_;
  std::optional<lat_lon> position_;
  std::optional<zone_id> own_zone_;
  walking_profile profile_ = walking_profile::average;
  phone_share share_;
  std::vector<zone_id> watched_;
  std::optional<steady_time> asked_at_;  // until the first word
  std::optional<origin> writing_;        // of the alert that is being written
  std::uint64_t told_digest_ = 0;
  std::optional<shelter_id> told_second_choice_;
  alert_id underway_in_;  // the alert that told the phone to go
  std::optional<home_node> underway_from_;
  std::optional<utc_time> told_holds_until_;
};

/// Calls `act` for the lines from `from` to `to`. Tens of thousands of them lie far apart, and each miss of the cache
/// takes as long as the work itself: the processor is told early which come next. On the lines' loop's thread.
template <typename Act>
void for_each_fetched(std::vector<line_ptr> const& lines, std::size_t from, std::size_t to, Act const& act) {
  static constexpr std::size_t kAhead = 9;
  for (auto i = from; i < to; ++i) {
    if (i + kAhead < lines.size()) lines[i + kAhead]->fetch();
    if (i + kAhead * 2 / 3 < lines.size()) lines[i + kAhead * 2 / 3]->fetch_pipe();
    if (i + kAhead / 3 < lines.size()) lines[i + kAhead / 3]->fetch_connection();
    act(*lines[i]);
  }
}

}  // namespace siren
