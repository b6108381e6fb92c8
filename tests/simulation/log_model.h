#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/stream/log_watch.h"
#include "core/stream/provisional.h"
#include "simulation/network.h"

namespace siren::simulation {

/// What the log said in one epoch, for ever: what phones are compared with.
struct history {
  cursor begins;                         // everything up to here is in `base`
  std::map<zone_id, stream_entry> base;  // newest by zone
  std::vector<stream_entry> entries;     // after begins, gapless
  std::vector<steady_time> logged_at;    // of each
  steady_time begun_at{};
  /// The newest entry of a zone up to `seq`; null: none.
  [[nodiscard]] stream_entry const* newest(zone_id const& zone, std::uint64_t seq) const;
};

/// PostgreSQL as the protocol sees it: one transaction at a time, durable when it is answered (synchronous standby), so
/// that a failover loses no answered commit and readers see none that could be lost. It can be away, and it can be put
/// back to an older copy. Its methods are what statements do; ask() is the way there and back.
class log_model {
 public:
  log_model(stage_of_events& stage, bool fenced);

  enum class refusal : std::uint8_t { none, deposed, went_back };
  struct answer {
    refusal refused = refusal::none;
    std::vector<cursor> places;
  };
  /// (alert, rev) is the message's key: sent again, it keeps its first place.
  answer append(std::uint64_t term, cursor seen, std::vector<provisional_entry> const& batch);
  struct term_given {
    std::uint64_t mine = 0;  // 0: another holds the lock and is alive, or may come back for it
    std::uint64_t before = 0;
    std::uint64_t epoch_before = 0;
    cursor head;
    std::vector<stream_entry> newest;
  };
  /// The leader's lock, and with it a new term. `known` is a place that the log was seen to reach: if it is behind
  /// that, or in another epoch, it was put back, and nobody knows which places were used: it gets a new epoch.
  term_given take_lead(std::size_t engine, cursor known);
  [[nodiscard]] bool leads(std::size_t engine) const { return holder_ == engine; }
  /// Who led when its session ended takes the lock back without waiting, unless another has it or has led since.
  bool retake(std::size_t engine, std::uint64_t term);
  /// New epoch; see publisher::on_renewed. Absent: deposed.
  std::optional<std::vector<stream_entry>> renew(std::uint64_t term, cursor seen);
  refusal beat(std::uint64_t term, cursor seen, picture_state picture);
  [[nodiscard]] std::vector<stream_entry> unpublished() const;
  void published(std::vector<cursor> const& places);

  [[nodiscard]] head_reading head() const;
  /// Absent: another epoch.
  [[nodiscard]] std::optional<std::vector<stream_entry>> read_after(cursor after, std::size_t at_most) const;
  struct state {
    cursor at;
    std::vector<stream_entry> newest;
  };
  [[nodiscard]] state read_state() const;

  // Faults.
  void set_down(bool down);
  void fail_over();  // sessions end, nothing that was answered is lost
  void copy();       // a backup
  /// The oldest backup that is not older than `age`; the lock is free afterwards. `renewed`: who put it back gave it a
  /// new epoch, as the procedure says; otherwise an engine must notice.
  void restore(milliseconds age, bool renewed);
  void jump_clock(milliseconds by) { clock_ += by; }
  [[nodiscard]] bool down() const { return down_; }

  // For checks.
  [[nodiscard]] cursor at() const { return now_.head; }
  [[nodiscard]] history const* history_of(std::uint64_t epoch) const;
  [[nodiscard]] std::map<zone_id, stream_entry> const& newest() const { return now_.newest; }
  /// Set when one place of the log held two different alerts: then nobody downstream can be right.
  [[nodiscard]] std::optional<std::string> const& forked() const { return forked_; }
  std::uint64_t renewals = 0;
  std::uint64_t commits = 0;

 private:
  struct contents {
    cursor head;
    std::uint64_t begins = 0;
    std::vector<stream_entry> entries;
    std::map<zone_id, stream_entry> newest;
    std::map<std::pair<alert_id, std::uint32_t>, cursor> by_key;
    std::set<std::uint64_t> unpublished;
    std::uint64_t term = 0;
    std::optional<milliseconds> beat_at;
    picture_state picture = picture_state::unknown;
  };
  [[nodiscard]] refusal check(std::uint64_t term, cursor seen) const;
  void remember(stream_entry const& entry);
  void start_epoch(std::uint64_t after_seq);
  [[nodiscard]] milliseconds database_clock() const;
  bool behind(cursor seen) const { return seen.epoch == now_.head.epoch && now_.head.seq < seen.seq; }

  stage_of_events& stage_;
  bool fenced_;
  bool down_ = false;
  contents now_;
  std::vector<std::pair<steady_time, contents>> copies_;
  milliseconds clock_{};
  std::optional<std::size_t> holder_;
  std::optional<std::size_t> last_holder_;
  steady_time free_since_{};
  steady_time sign_of_life_{};
  std::map<std::uint64_t, history> histories_;
  std::optional<std::string> forked_;
};

inline constexpr milliseconds kRefused{5};
inline constexpr milliseconds kTimeout{1'000};

/// A statement's way to the log and back: `there` runs at the log, `back` hears its answer, or nothing after a timeout;
/// then it may have been done or not.
template <typename Answer>
void ask(network& net, log_model& log, bool const& cut, std::function<Answer()> there,
         std::function<void(std::optional<Answer>)> back) {
  auto& stage = net.stage;
  if (!cut && log.down()) return stage.after(kRefused, [back] { back(std::nullopt); });
  if (cut) return stage.after(kTimeout, [back] { back(std::nullopt); });
  auto const sent_at = stage.now();
  stage.after(net.delay(), [&net, &log, &cut, &stage, there, back, sent_at] {
    auto const give_up = sent_at + kTimeout;
    if (cut || log.down()) return stage.at(give_up, [back] { back(std::nullopt); });
    auto answer = there();
    auto const arrives = stage.now() + net.delay();
    stage.at(std::min(arrives, give_up), [&cut, &stage, answer = std::move(answer), back, give_up, arrives] {
      if (cut) return stage.at(give_up, [back] { back(std::nullopt); });
      if (arrives > give_up) return back(std::nullopt);
      back(answer);
    });
  });
}

}  // namespace siren::simulation
