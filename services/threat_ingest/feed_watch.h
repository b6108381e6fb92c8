#pragma once

#include <map>
#include <vector>

#include "core/base/ids.h"
#include "core/base/time.h"
#include "threat_ingest/sources.h"

namespace siren {

struct feed_life {
  source_id source;
  bool official = false;
  bool alive = false;
  utc_time changed_at;
  source_kind kind = source_kind::unlisted;
};

/// Which feeds live. Silence is measured in steady time, in a fast exercise too; changes carry world time. Pure.
class feed_watch {
 public:
  explicit feed_watch(seconds silence) : silence_{silence} {}

  /// Makes a feed known that has not said anything, so that its absence is seen.
  void expect(source_id const& source, source_kind kind, utc_time now);
  /// A feed was alive when last written down: it has one silence to show that it still is.
  void restore(feed_life const& state, steady_time when);
  /// A sign of life: a beat, or a record that was not refused. `speaks_officially`: of one that nobody listed.
  void heard(source_id const& source, source_kind kind, bool speaks_officially, utc_time now, steady_time when);
  /// Declares the silent ones dead.
  void pass_time(utc_time now, steady_time when);

  [[nodiscard]] bool knows(source_id const& source) const { return feeds_.contains(source); }
  [[nodiscard]] std::size_t size() const { return feeds_.size(); }
  [[nodiscard]] std::size_t alive() const;
  [[nodiscard]] std::vector<feed_life> all() const;
  /// Changes since the last call, by source.
  [[nodiscard]] std::vector<feed_life> take_changes();

 private:
  struct feed {
    feed_life state;
    steady_time heard_at;
    bool changed = false;
  };
  seconds silence_;
  std::map<source_id, feed> feeds_;
};

}  // namespace siren
