#pragma once

#include <string>
#include <vector>

#include "common/cap/cap_document.h"

namespace siren {

/// The newest CAP message of an alert. `told.ended()`: it is over.
struct feed_message {
  alert told;
  std::uint32_t renewal = 0;
  zone place;  // for the names
};

/// A zone whose alert stands in the log and can't be read, as when a newer release wrote it.
struct feed_unknown {
  zone_id zone;
  alert_id alert;
  std::uint32_t rev = 1;
};

struct feed_facts {
  cap_sender sender;
  utc_time updated;       // of the newest change that the feed shows or has shown
  bool degraded = false;  // some source is silent: there may be more than is shown
  std::vector<feed_message> messages;
  std::vector<feed_unknown> unknown;
};

inline constexpr char kAtomType[] = "application/atom+xml; charset=utf-8";
inline constexpr char kCapType[] = "application/cap+xml; charset=utf-8";  // not registered, but what CAP feeds use
inline constexpr char kFeedName[] = "alerts.atom";

/// An Atom feed (RFC 4287), newest entry first: each links to ./IDENTIFIER.xml beside the feed. An entry's id is the
/// message's: a revision is a new entry. An unknown zone is an entry that says so. The same facts give the same bytes.
[[nodiscard]] std::string atom_feed(feed_facts const& facts, cap_policy const& policy = {});

}  // namespace siren
