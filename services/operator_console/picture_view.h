#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/alert_log/alert_log.h"
#include "common/clock.h"
#include "common/picture_log/picture_log.h"
#include "operator_console/moment_book.h"
#include "operator_console/ports.h"
#include "siren/console/v1/console_service.pb.h"

namespace siren {

/// What moves, looked at twice a second, whoever watches: tracks with their uncertainty, alerts, the state of the
/// picture, delivery, shelters. A part that can't be had says why; nothing old is shown as new. Thread-safe.
class picture_view {
 public:
  struct parts {
    picture_log_reader& picture;
    alert_log_reader& alerts;
    std::vector<std::unique_ptr<delivery_source>> const& gateways;
    shelter_list& shelters;
    world_clock const& clock;
    moment_book* moments = nullptr;
    milliseconds every{500};
    milliseconds engine_silent_after{5'000};  // as gateways judge: what an engine silent for longer said isn't current
    /// What was looked at longer ago is not shown: a look waits at most 1 s for a gateway and 1 s for the registry, and
    /// the next one, begun `every` later, too.
    milliseconds fresh_for{5'000};
  };
  explicit picture_view(parts from);
  ~picture_view();

  /// One watcher's place.
  struct place {
    std::uint64_t seen = 0;           // look; 0: nothing yet
    std::uint64_t shelters_seen = 0;  // behind it while the registry is away
  };
  /// The newest look after `from`, which it moves; absent when none comes in time, as when the database hangs.
  [[nodiscard]] std::optional<console::v1::WatchPictureResponse> next(place& from, milliseconds within) const;

 private:
  struct shelter_row {
    shelters::v1::Shelter told;
    std::uint64_t changed = 0;  // look
  };
  void run();
  [[nodiscard]] console::v1::Picture look();
  void take_shelters(result<shelter_list::changes> news, console::v1::Picture& picture);

  parts parts_;
  mutable std::mutex mutex_;
  mutable std::condition_variable wake_;
  bool stopping_ = false;
  std::uint64_t looks_ = 0;
  console::v1::Picture newest_;
  std::map<std::string, shelter_row> shelters_;
  std::uint64_t all_since_ = 1;  // the look at which every shelter was told anew
  steady_time begun_{};
  std::thread thread_;
};

}  // namespace siren
