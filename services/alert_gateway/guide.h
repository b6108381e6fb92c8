#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_set>
#include <vector>

#include "alert_gateway/frames.h"
#include "common/clock.h"
#include "common/walks/walks_by_node.h"
#include "core/alert/alert.h"
#include "core/plan/judge.h"
#include "siren/routing/v1/guidance_service.pb.h"

namespace siren {

/// Streets, walking times on them and the newest plan; swapped as one.
struct plan_view {
  std::shared_ptr<street_graph const> streets;
  std::shared_ptr<snap_index const> snap;
  std::shared_ptr<reach const> walks;
  walks_by_node by_node;
  std::shared_ptr<city_plan const> now;
  std::unordered_set<shelter_id> open;  // shelters that people may be sent to
  [[nodiscard]] city_view view() const {
    return {*streets, *snap, walks.get(), {by_node[0].get(), by_node[1].get()}, now.get()};
  }
};

/// A node is one of these streets only.
struct home_node {
  graph_id graph;
  node_index node;
};

struct guide_question {
  lat_lon position;
  walking_profile profile = walking_profile::average;
  phone_share share;
  /// While underway: the street node whose people the phone was when it was told to go, so that walking past other
  /// places does not send it elsewhere.
  std::optional<home_node> belongs_to;
  alert_id alert;
  std::uint32_t rev = 0;
  std::optional<utc_time> deadline;  // earliest plausible impact; the margin is judge_policy's
};

/// Guidance ready to send. Two with the same digest tell a person to do the same for the same alert.
struct told_guidance {
  frame bytes;
  std::uint64_t digest = 0;
  alert_id alert;
  std::optional<shelter_id> second_choice;
  std::optional<home_node> belongs_to;
  /// The world's time from which it no longer holds, if nothing else changes: the way has become too long.
  std::optional<utc_time> holds_until;
};

/// Somebody who may need guidance: a phone's line.
class guided {
 public:
  virtual ~guided() = default;
  /// What to ask now; absent: nothing (no alarm, no place).
  [[nodiscard]] virtual std::optional<guide_question> question() = 0;
  virtual void told(std::optional<told_guidance> const& answer) = 0;

 private:
  friend class guide;
  std::atomic<bool> waiting_{false};
};

struct guide_options {
  judge_policy policy;
  std::size_t workers = 1;  // of two cores one is left to alerts
  /// Answers are shared while they stay true: the deadline is rounded down, now and the way to the street up, to these.
  seconds time_step{10};
  seconds walk_step{5};
  std::size_t kept_answers = 100'000;  // 2 KB each: 200 MB at most
};

/// Works out guidance off the streams' threads, encoded once per (plan, street node, profile, where the phone's share
/// of it goes, alert, rounded times) and shared. Promise "reachable, open, roomy" is core/plan's; rounding only ever
/// makes it stricter. Promise "position is not kept": answers are kept by street node; positions pass through and are
/// not stored. Thread-safe.
class guide {
 public:
  guide(world_clock const& clock, guide_options options);
  ~guide();

  /// A newer plan; null parts never.
  void plan_is(std::shared_ptr<plan_view const> view);
  [[nodiscard]] std::shared_ptr<plan_view const> plan_now() const;
  /// Answers later on a worker; asked again before its turn it is answered once, with what it says then. The queue
  /// holds each asker once.
  void ask(std::shared_ptr<guided> who);
  /// At once, for one place, not shared: exact from the place itself, with other shelters that would do.
  void answer(lat_lon position, walking_profile profile, phone_share share, std::optional<utc_time> deadline,
              routing::v1::GetGuidanceResponse* to) const;
  /// As a worker would.
  [[nodiscard]] told_guidance answer(guide_question const& what);
  /// A second choice that was told is still one.
  [[nodiscard]] bool still_open(shelter_id const& second_choice) const;
  [[nodiscard]] utc_time world_now() const { return clock_.now(); }
  /// After this nobody is answered.
  void stop();

 private:
  struct key {
    std::uint64_t plan_version;
    std::uint32_t node;
    walking_profile profile;
    std::optional<node_choice> to;
    alert_id alert;
    std::uint32_t rev;
    std::int64_t deadline_step;
    std::int64_t now_step;
    std::int64_t walk_step;
    friend auto operator<=>(key const&, key const&) = default;
  };
  void run();
  [[nodiscard]] told_guidance finished(guidance const& told, guide_question const& what, utc_time judged) const;

  world_clock const& clock_;
  guide_options options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::deque<std::shared_ptr<guided>> queue_;
  std::shared_ptr<plan_view const> plan_;
  std::map<key, told_guidance> answers_;
  std::vector<std::thread> workers_;
};

}  // namespace siren
