#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/cap/cap_area.h"
#include "common/cap/cap_identifier.h"
#include "core/alert/alert.h"
#include "core/base/mode.h"
#include "core/base/result.h"
#include "core/zone/zone.h"

namespace siren {

/// OASIS Common Alerting Protocol 1.2 (urn:oasis:names:tc:emergency:cap:1.2): an alert's revisions as messages for
/// other warning systems. One revision is one message; the same one gives the same bytes whenever it is asked for.
///
/// msgType   rev 1 is Alert, later ones Update with all earlier messages of the alert in <references>. The all-clear is
///           an Update with responseType AllClear, urgency Past: people must still read it and act on it ("keep away
///           from debris"), and 1.2 brought AllClear for that. Cancel withdraws the message itself; receivers commonly
///           drop it unseen. So Cancel is what ends an alert that at no time was more than a message to be shown and
///           not sounded: there nothing is clear. A first message that nobody could have heard of before is Alert
///           always.
/// status    Actual, or Exercise in a drill, which also says so in note, headline, description and identifier.
///
/// stage       responseType  urgency                severity   why
/// prepare     Prepare       Expected, or Future    Moderate   act "soon (within next hour)"; Future when the earliest
///                           beyond an hour                    arrival of every threat is later
/// go          Shelter       Immediate              Severe     go now
/// take_cover  Shelter       Immediate              Extreme    impact may come any moment
/// all_clear   AllClear      Past                   Minor      "responsive action is no longer required"
/// message     Monitor       Unknown                Unknown    shown, not sounded; nobody said what to expect
/// chemical and nuclear alarms are Extreme at any stage and of category CBRNE; otherwise Security (military); Safety
/// for messages.
///
/// certainty   Observed: an official or an operator declared it: the event, the alarm, is on. Likely: our analysis has
/// a
///             chance over 1/2 (CAP's own border) that the zone is entered. Possible: less, or none told; never
///             Unlikely, because that chance is a lower bound. All-clear: Unlikely ("not expected to occur"). Message:
///             Unknown.
/// effective   when the revision was decided; sent too. onset: the earliest arrival that a threat may have, else the
///             raise. expires: see cap_policy.
/// area        names, rings and geocodes "KATOTTH" and "alerts.in.ua/uid". An alert that is on only in parts of its
/// zone
///             gives the name alone: its parts have messages of their own, and a ring would warn where nothing is.
/// Not there: positions, counts and tracks, because an attacker reads this too. XML Signature: whoever publishes signs
/// with his own key (or relies on HTTPS); a receiver must not take these as signed.
struct cap_policy {
  /// A receiver drops what has expired, but an alarm has no maximum age: a message says that it holds for `holds`, and
  /// while nothing changes it is said again every `renew_every` as an Update. A day, because receivers commonly take
  /// that where <expires> is left out; renewed at half of it, so that one missed renewal loses nothing.
  seconds holds{24 * 3'600};
  seconds renew_every{12 * 3'600};
  seconds all_clear_holds{3'600};    // long enough for pollers of any patience; then there is nothing to show
  std::size_t most_references{500};  // the newest; 40 kB. An earlier one was superseded by those
};

struct cap_sender {
  std::string id;  // globally unique by custom a domain or mail address: letters, digits and - . @ _
  std::string name_uk;
  std::string name_en;
  world serves = world::exercise;
};
/// Failure: MALFORMED when the id or a name is nothing of the kind.
[[nodiscard]] result<void> verify_sender(cap_sender const& sender);

/// A revision with what was said before.
struct cap_subject {
  alert now;
  world belongs_to = world::exercise;
  std::vector<alert> earlier;  // its earlier revisions as far as they are known, oldest first
};

/// How often a revision was renewed before `until`, the next revision's time or the present. An all-clear never is.
[[nodiscard]] std::uint32_t renewals_until(alert const& revision, utc_time until, cap_policy const& policy);
[[nodiscard]] utc_time sent_at(alert const& revision, std::uint32_t renewal, cap_policy const& policy);
[[nodiscard]] utc_time expires_at(alert const& revision, std::uint32_t renewal, cap_policy const& policy);

/// The message as UTF-8 XML. `place` gives the names in the words, `area` those of the area. Failure: DRILL_IN_LIVE,
/// LIVE_IN_DRILL when the alert is not of the sender's world; MALFORMED when `earlier` is of another alert, out of
/// order or not earlier, or when a time lies before 1970 or beyond the year 9986.
[[nodiscard]] result<std::string> cap_document(cap_subject const& subject, std::uint32_t renewal, zone const& place,
                                               cap_area const& area, cap_sender const& sender,
                                               cap_policy const& policy = {});

}  // namespace siren
