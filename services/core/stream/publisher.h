#pragma once

#include <deque>
#include <map>
#include <vector>

#include "core/base/time.h"
#include "core/stream/entry.h"
#include "core/stream/provisional.h"

namespace siren {

struct publisher_policy {
  milliseconds retry{500};        // a store that is away is asked as often as gateways ask
  milliseconds say_again{1'000};  // the bus has no memory: a gateway that was deaf hears within a second
  std::size_t batch = 256;        // alerts a transaction
};

/// A deciding engine's alerts on their way out, in the order decided: into the log and then onto the bus; while the log
/// is away, into the journal and as provisional alerts onto the bus, and into the log when it is back. Says what to do
/// next, whoever does it. Pure and not thread-safe; time never goes back. Promises "no hole" (what was decided is
/// appended in order, again and again, under the same key) and "one warning path always works".
class publisher {
 public:
  /// `head`: of the log as this engine took it over.
  explicit publisher(cursor head, publisher_policy policy = {}) : policy_{policy}, head_{head} {}

  /// What the log shows of a zone, before anything is decided about it.
  void knows(stream_entry const& logged);
  /// `journalled`: kept by an earlier process.
  void decided(provisional_entry what, bool journalled = false);

  /// How many from the front of waiting() to append now in one transaction; 0: none, not yet, or one is under way.
  [[nodiscard]] std::size_t append_now(steady_time now);
  /// The places of those, in order. Returns them as entries, to be put on the bus.
  std::vector<stream_entry> on_appended(std::vector<cursor> const& places);
  /// Nothing was logged, or it is in doubt.
  void on_append_failed(steady_time now);
  /// The log is older than what this engine knows of it: nothing was logged.
  void on_append_refused() { under_way_ = 0; }
  /// Before the log is given a new epoch. False: not now, an append is under way or it is being done already.
  [[nodiscard]] bool begin_renewal();
  /// The log has a new epoch: what was known of its zones and it lacks is appended again, first.
  void on_renewed(cursor head, std::vector<stream_entry> const& newest_by_zone);

  /// How many at the end of waiting() must be made durable in the journal before this step ends.
  [[nodiscard]] std::size_t journal_now() const;
  void on_journalled();
  /// The journal may be emptied.
  [[nodiscard]] bool all_logged() const { return waiting_.empty(); }
  /// Provisional alerts to say now: new ones once, and everything shown again each `say_again`.
  [[nodiscard]] std::vector<provisional_entry> say_now(steady_time now);

  /// Each with its `after`.
  [[nodiscard]] std::vector<provisional_entry> waiting() const;
  [[nodiscard]] cursor head() const { return head_; }
  [[nodiscard]] bool away() const { return away_; }

 private:
  struct waits {
    provisional_entry what;
    bool journalled = false;
    bool said = false;
  };
  publisher_policy policy_;
  cursor head_;
  std::deque<waits> waiting_;
  std::map<zone_id, stream_entry> logged_;        // newest by zone
  std::map<zone_id, provisional_entry> showing_;  // said since the log went away
  std::size_t under_way_ = 0;
  bool away_ = false;
  bool renewing_ = false;
  steady_time retry_at_{};
  steady_time said_at_{};
};

}  // namespace siren
