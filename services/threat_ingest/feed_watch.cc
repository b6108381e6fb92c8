#include "threat_ingest/feed_watch.h"

#include <algorithm>

namespace siren {

void feed_watch::expect(source_id const& source, source_kind kind, utc_time now) {
  auto const official = kind == source_kind::official;
  auto const [at, fresh] = feeds_.try_emplace(source, feed{{source, official, false, now, kind}, {}, true});
  auto& state = at->second.state;
  if (fresh || (state.official == official && state.kind == kind)) return;
  state.official = official;
  state.kind = kind;
  at->second.changed = true;
}

void feed_watch::restore(feed_life const& state, steady_time when) {
  feeds_[state.source] = {state, when, false};
}

void feed_watch::heard(source_id const& source, source_kind kind, bool speaks_officially, utc_time now,
                       steady_time when) {
  auto& one = feeds_[source];
  one.heard_at = when;
  auto const official = kind == source_kind::official || speaks_officially;
  if (one.state.alive && one.state.kind == kind && (one.state.official || !official)) return;
  one.state = {source, official || one.state.official, true, now, kind};
  one.changed = true;
}

void feed_watch::pass_time(utc_time now, steady_time when) {
  for (auto& [source, one] : feeds_) {
    if (!one.state.alive || when - one.heard_at < silence_) continue;
    one.state.alive = false;
    one.state.changed_at = now;
    one.changed = true;
  }
}

std::size_t feed_watch::alive() const {
  return static_cast<std::size_t>(
      std::count_if(feeds_.begin(), feeds_.end(), [](auto const& entry) { return entry.second.state.alive; }));
}

std::vector<feed_life> feed_watch::all() const {
  std::vector<feed_life> states;
  for (auto const& [source, one] : feeds_) states.push_back(one.state);
  return states;
}

std::vector<feed_life> feed_watch::take_changes() {
  std::vector<feed_life> changes;
  for (auto& [source, one] : feeds_) {
    if (one.changed) changes.push_back(one.state);
    one.changed = false;
  }
  return changes;
}

}  // namespace siren
