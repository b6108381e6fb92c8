#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/zone/danger.h"

namespace siren {

/// A person's alarm sounds only when another one has said the same. One who errs, or whose sign-in was stolen, wakes
/// nobody.
struct two_person_policy {
  seconds window{120};           // from a proposal to its approval: both are at their desks, looking at the same thing
  std::size_t most_waiting{32};  // more at once than a city has districts is not a raid but a flood
  std::size_t proposals_a_minute{6};         // of one person: a hand at work, not a program
  std::size_t approvals_in_ten_minutes{60};  // of all: every district three times, stages included
  seconds remembered{600};                   // what became of a proposal: for who asks again
};

/// What both must have before their eyes, letter for letter.
struct alarm_words {
  zone_id zone;
  stage level = stage::go;
  std::string text;
  friend bool operator==(alarm_words const&, alarm_words const&) = default;
};

enum class proposal_state : std::uint8_t { waiting, approved, withdrawn };

struct alarm_proposal {
  std::string id;
  std::string request_id;
  alarm_words words;
  std::string proposer;
  std::string approver;  // of an approved one
  steady_time made_at;
  proposal_state state = proposal_state::waiting;
};

struct two_person_state {
  std::map<std::string, alarm_proposal> proposals;  // by id
  std::map<std::string, std::deque<steady_time>> proposed_by;
  std::deque<steady_time> approved_at;
};

struct propose_alarm {
  std::string id;  // nobody has used it
  std::string request_id;
  std::string person;
  alarm_words words;
  steady_time at;
};
/// The same request of the same person gives the same proposal again. Failure: MISSING_FIELD (nobody proposes),
/// REQUEST_ID_REUSED, TOO_MANY_REQUESTS.
[[nodiscard]] result<alarm_proposal> apply(two_person_state& state, propose_alarm const& event,
                                           two_person_policy const& policy);

struct approve_alarm {
  std::string id;
  std::string person;
  alarm_words words;  // as the approver saw them
  steady_time at;
};
/// The approved proposal; an approved one again for who repeats himself. Failure, changing nothing: MISSING_FIELD,
/// UNKNOWN_PROPOSAL, PROPOSAL_DIFFERS, SECOND_PERSON_NEEDED, PROPOSAL_EXPIRED, PROPOSAL_WITHDRAWN, TOO_MANY_REQUESTS.
[[nodiscard]] result<alarm_proposal> apply(two_person_state& state, approve_alarm const& event,
                                           two_person_policy const& policy);

/// From now on no proposal for the zone can be approved, nor an approval repeated.
void withdraw(two_person_state& state, zone_id const& zone);

/// Those that can still be approved, oldest first.
[[nodiscard]] std::vector<alarm_proposal> waiting(two_person_state const& state, steady_time now,
                                                  two_person_policy const& policy);

}  // namespace siren
