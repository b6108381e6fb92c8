#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>

#include "core/stream/entry.h"

namespace siren {

/// An alert that left while the log could not take it (siren.alerts.v1.ProvisionalAlert). It has no sequence; alert and
/// rev are those that it will be logged with.
struct provisional_entry {
  zone_id zone;
  alert_id alert;
  std::uint32_t rev = 0;
  stage level = stage::go;
  /// Right before the place that it takes in the log if nobody else writes there meanwhile.
  cursor after;
  origin because;
  /// It stands in the log, beyond a gap that could not be read yet (see beyond_a_gap).
  bool logged = false;
  /// Ready to send, as stream_entry's.
  std::shared_ptr<std::string const> bytes;
};
using provisional_ptr = std::shared_ptr<provisional_entry const>;

/// An entry that the bus brought before what lies between, or its epoch's beginning, could be read: shown at once,
/// since a gateway that is cut off from the log would keep it to itself for as long. Without bytes.
[[nodiscard]] provisional_entry beyond_a_gap(stream_entry const& entry);

/// Whether a zone's newest entry in the log says what `waits` says, or more, or was decided after it. The rule of
/// siren.alerts.v1.ProvisionalAlert, the same for gateways and phones. Never by time alone: an alarm is not dropped
/// because the log is away for long.
[[nodiscard]] bool settled(provisional_entry const& waits, stream_entry const& newest_in_zone);

/// The provisional alerts that are shown, at most one a zone: the one that says most. Pure. Promise "one warning path
/// always works": what is on the shelf stays until the log settles it, and never takes anything back that the log says.
class provisional_shelf {
 public:
  /// Null where the zone was never in the log. False: not shown, because it is known, says less than what is shown, is
  /// settled, or ends an alert.
  bool take(provisional_entry one, stream_entry const* newest_in_zone);
  /// A zone's newest entry. Returns what it settled; null: nothing.
  provisional_ptr settle(stream_entry const& newest_in_zone);

  /// Null: none.
  [[nodiscard]] provisional_ptr of(zone_id const& zone) const;
  /// The one in these zones that was taken first after `turn`; null: none.
  [[nodiscard]] provisional_ptr next(std::uint64_t turn, std::span<zone_id const> zones) const;
  /// Counts what was taken and settled; the turn of the newest one taken is at most this.
  [[nodiscard]] std::uint64_t turn() const { return turn_; }
  [[nodiscard]] std::uint64_t turn_of(provisional_entry const& one) const;
  [[nodiscard]] bool empty() const { return held_.empty(); }
  [[nodiscard]] std::size_t size() const { return held_.size(); }
  /// Drops what the log did not settle.
  void forget(zone_id const& zone);
  /// The turn at which something was last dropped unsettled: whoever was shown it must be told.
  [[nodiscard]] std::uint64_t forgotten() const { return forgotten_; }
  [[nodiscard]] std::vector<provisional_ptr> all() const;
  /// How often this was asked since the zone's alert was last heard.
  std::uint32_t unheard(zone_id const& zone) { return ++held_.at(zone).unheard; }

 private:
  struct held {
    provisional_ptr what;
    std::uint64_t turn = 0;
    std::uint32_t unheard = 0;
  };
  std::map<zone_id, held> held_;
  std::uint64_t turn_ = 0;
  std::uint64_t forgotten_ = 0;
};

}  // namespace siren
