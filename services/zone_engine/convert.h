#pragma once

#include <string>
#include <vector>

#include "common/alert_log/alert_log.h"
#include "core/alert/alert.h"
#include "core/alert/two_person.h"
#include "core/zone/zone_picture.h"
#include "siren/alerts/v1/alarm_service.pb.h"
#include "siren/threats/v1/threat.pb.h"
#include "zone_engine/decider.h"
#include "zone_engine/feed_board.h"
#include "zone_engine/ports.h"

namespace siren {

/// What one step of the picture says. Records that can't be read are left out; their reasons stand in `rejected`.
struct picture_news {
  /// Feeds, then alarms, launches, tracks: an alarm counts as its source lives, a report as its source is trusted.
  std::vector<zone_event> events;
  std::vector<feed_sign> feeds;
  std::vector<reason> rejected;
};
[[nodiscard]] picture_news news_of(threats::v1::PictureStep const& step);

/// A step that is a whole state (picture_log_reader::read_state).
struct whole_picture {
  picture_snapshot snapshot;
  std::vector<feed_sign> feeds;
  std::vector<reason> rejected;
};
[[nodiscard]] whole_picture whole_of(threats::v1::PictureStep const& state);

/// An alert as it is to be logged. `texts`: operators' own words, shown after ours.
[[nodiscard]] alert_append append_of(alert const& decided, zone const& place, world belongs_to,
                                     std::vector<std::string> const& texts);

/// The end of an alert of a zone that a re-zoning took away; `place` has its names.
[[nodiscard]] alert_append append_of_gone(alert const& decided, zone const& place, std::vector<zone> const& heirs,
                                          world belongs_to);

/// A logged alert as it is to be logged again, in a log that has lost it. Failure: MALFORMED bytes.
[[nodiscard]] result<alert_append> append_again(alert_entry const& logged);
/// ALL_CLEAR when the bytes can't be read.
[[nodiscard]] stage stage_of(alert_entry const& entry);
/// What goes onto the bus before the log has it. Failure: MALFORMED bytes.
[[nodiscard]] result<alerts::v1::ProvisionalAlert> provisional_of(alert_append const& decided, cursor after);

/// Limits of an operator's order; what is longer fails with FIELD_TOO_LONG.
inline constexpr std::size_t kMaxRequestIdBytes = 128;    // a UUID is 36
inline constexpr std::size_t kMaxOperatorNameBytes = 64;  // as of sources
inline constexpr std::size_t kMaxTextCharacters = 280;    // alarm_service.proto

/// An order and the bytes that tell it from another one under the same request_id. `at` is set when it is decided on.
struct asked_order {
  operator_order order;
  std::string asked;
};
/// Failures: MISSING_FIELD, FIELD_TOO_LONG, MALFORMED (control characters, bad UTF-8, a stage that raises nothing),
/// UNKNOWN_ZONE.
[[nodiscard]] result<asked_order> order_of(alerts::v1::RaiseAlarmRequest const& request, zone_map const& zones);
/// Also of a zone that others replace: an order given there before the re-zoning must end.
[[nodiscard]] result<asked_order> order_of(alerts::v1::ClearAlarmRequest const& request, zone_map const& zones);

/// What two people must agree on. Failures as of order_of.
[[nodiscard]] result<alarm_words> words_of(alerts::v1::ProposeAlarmRequest const& request, zone_map const& zones);
[[nodiscard]] result<alarm_words> words_of(alerts::v1::ApproveAlarmRequest const& request, zone_map const& zones);
void to_proto(alarm_proposal const& from, steady_time now, two_person_policy const& policy,
              alerts::v1::AlarmProposal* to);

}  // namespace siren
