#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/timers.h"
#include "core/base/ids.h"
#include "core/base/mode.h"
#include "core/geo/position.h"
#include "core/route/profile.h"
#include "core/stream/phone.h"
#include "siren/alerts/v1/alert_service.pb.h"
#include "siren/routing/v1/guidance.pb.h"

namespace siren::client {

struct phone_options {
  /// Gateways, "host:port" or "unix:/path"; after a break the next one is tried. At least one.
  std::vector<std::string> gateways;
  world serves = world::live;
  /// Its zone is watched, and guidance starts here.
  std::optional<lat_lon> position;
  /// Home, work, school: at most 16.
  std::vector<zone_id> watch;
  walking_profile profile = walking_profile::average;
  /// Made at random by the app itself; chooses which share of a place's people this phone belongs to. At most 64 bytes.
  std::string phone_id;
  phone_policy policy;
  /// Spreads reconnections; phones of one process must differ.
  std::uint64_t seed = 0;
};

/// Why a stream ended.
struct disconnection {
  std::string reason;   // a go-away's or a status' reason name; may be empty
  std::string message;  // for people
  /// Absent: the phone stays away (a terminal go-away, or a request that no gateway will take, such as WRONG_MODE).
  std::optional<milliseconds> back_in;
};

/// What a program hears of one phone. Calls come one at a time per phone, in order, on gRPC's or the timers' threads:
/// be short, don't block. Calling back into the phone_client is fine, destroying it in a call is not.
class phone_listener {
 public:
  virtual ~phone_listener() = default;
  /// Replaces everything known.
  virtual void on_snapshot(alerts::v1::Snapshot const& whole) = 0;
  /// One change of one alert; never twice, never out of order within a zone.
  virtual void on_alert(alerts::v1::LoggedAlert const& change) = 0;
  /// An alert that the log could not take yet: to be sounded like any other.
  virtual void on_provisional(alerts::v1::ProvisionalAlert const& now) = 0;
  /// A change that on_provisional has already told of (the same, or a later one of that alert) is in the log now:
  /// nothing is to be sounded.
  virtual void on_merged(alerts::v1::LoggedAlert const& change) = 0;
  virtual void on_guidance(routing::v1::Guidance const& told) = 0;
  /// True: what is shown is current. False: show UNKNOWN, never calm. Called on each change; it begins as false.
  virtual void on_state(bool current) = 0;
  virtual void on_continuation(alerts::v1::Cursor const&) {}
  virtual void on_disconnected(disconnection const&) {}
};

/// One phone over gRPC: connects, subscribes, resumes by cursor and zones, verifies what it hears by core's phone
/// rules, comes back after every break at a random time, and says when what it holds is current. Every phone has a
/// connection of its own, as in real life, and no thread. Thread-safe.
class phone_client {
 public:
  /// `listener` and `clock` outlive the client.
  phone_client(phone_options options, phone_listener& listener, std::shared_ptr<timers> clock);
  /// Stops and waits until no more calls can come.
  ~phone_client();
  phone_client(phone_client const&) = delete;
  phone_client& operator=(phone_client const&) = delete;

  void start();
  /// Kept and sent again after each reconnection.
  void update_position(lat_lon place);
  void watch_zones(std::vector<zone_id> zones);
  /// Ends the stream; no calls come after the one in progress. Does not wait.
  void stop();

  [[nodiscard]] bool current() const;
  [[nodiscard]] cursor at() const;

 private:
  class parts;
  // Not held by the parts: a timer's callback may be the last to hold them, and timers can't be destroyed from their
  // thread.
  std::shared_ptr<timers> clock_;
  std::shared_ptr<parts> parts_;
};

}  // namespace siren::client
