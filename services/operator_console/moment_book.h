#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "common/clock.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "siren/console/v1/console_service.pb.h"

namespace siren {

/// Pictures to look back at, in memory. When there are too many, every other one of the older half goes: the raid's
/// beginning stays, told more sparsely. Thread-safe.
class moment_book {
 public:
  struct limits {
    milliseconds apart{2'000};           // of real time
    std::size_t most{2'000};             // over an hour at full rate, a night at less
    std::size_t most_bytes{64U << 20U};  // some 100 KB a picture with 400 tracks
  };
  /// `own_zones`: the city and its parts, whose worst stage a moment tells.
  explicit moment_book(std::set<zone_id> own_zones) : moment_book(std::move(own_zones), limits{}) {}
  moment_book(std::set<zone_id> own_zones, limits bounds) : own_{std::move(own_zones)}, limits_{bounds} {}

  /// Kept if the last one is old enough.
  void offer(console::v1::Picture const& picture, steady_time now);
  [[nodiscard]] console::v1::ListMomentsResponse list(std::uint64_t after) const;
  /// Failure: UNKNOWN_ALERT.
  [[nodiscard]] result<console::v1::Picture> at(std::uint64_t number) const;

 private:
  struct kept {
    console::v1::Moment told;
    std::string picture;  // serialized
  };
  void thin();

  std::set<zone_id> own_;
  limits limits_;
  mutable std::mutex mutex_;
  std::deque<kept> kept_;
  std::size_t bytes_ = 0;
  std::uint64_t last_number_ = 0;
  steady_time last_at_{};
};

}  // namespace siren
