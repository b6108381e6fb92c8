#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "common/bus.h"
#include "common/picture_log/picture_log.h"
#include "zone_engine/config.h"
#include "zone_engine/engine_metrics.h"
#include "zone_engine/inbox.h"

namespace siren {

using bus_listening = std::function<std::unique_ptr<bus_listener>(bus_handlers)>;

/// Brings every step of the threat picture into the inbox, once and in order: over the bus at once, out of the log
/// whenever the bus left a gap, was cut, or fell behind the log's head, which is read every `head_poll`. When the log
/// can't be followed (another epoch, pruned), the whole picture goes in as a replacement. While the log is away, steps
/// behind a gap go in all the same, since a warning can't wait; once the log holds them, the whole picture replaces
/// what came of them.
class picture_follower {
 public:
  picture_follower(picture_log_reader& from, inbox& to, engine_metrics& counts, zone_engine_limits const& limits,
                   cursor start, bus_listening const& listen);
  ~picture_follower();
  picture_follower(picture_follower const&) = delete;
  picture_follower& operator=(picture_follower const&) = delete;

  /// How long ago it was certain that nothing is missing and that somebody keeps the picture.
  [[nodiscard]] milliseconds uncertain_for() const;

 private:
  void hear(std::string const& bytes);
  void look_at_log();
  void run();
  void catch_up();
  [[nodiscard]] result<void> read_on(cursor from);
  [[nodiscard]] result<void> replace();
  /// False: the step does not follow, or the inbox is full.
  [[nodiscard]] bool offer(threats::v1::PictureStep const& step);
  /// The log is away: the step goes in although others are missing before it.
  [[nodiscard]] bool offer_loose(threats::v1::PictureStep const& step);
  /// What must happen at this head.
  [[nodiscard]] result<void> follow(cursor head);
  [[nodiscard]] cursor place() const;

  picture_log_reader& from_;
  inbox& to_;
  engine_metrics& counts_;
  zone_engine_limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  cursor at_;
  steady_time certain_at_;
  bool look_ = false;
  bool stopping_ = false;
  bool failing_ = false;
  std::optional<cursor> loose_;  // the newest step that went in behind a gap
  bool kept_ = true;
  std::thread thread_;
  std::unique_ptr<bus_listener> listener_;  // last: its thread uses everything above
};

}  // namespace siren
