#include "core/alert/two_person.h"

#include <algorithm>

namespace siren {
namespace {

constexpr minutes kProposalSpan{1};
constexpr minutes kApprovalSpan{10};

void drop_older(std::deque<steady_time>& times, steady_time than) {
  while (!times.empty() && times.front() <= than) times.pop_front();
}

bool over(alarm_proposal const& proposal, steady_time now, two_person_policy const& policy) {
  return now - proposal.made_at > policy.window;
}

void forget_old(two_person_state& state, steady_time now, two_person_policy const& policy) {
  std::erase_if(state.proposals, [&](auto const& each) { return now - each.second.made_at > policy.remembered; });
  for (auto& [person, times] : state.proposed_by) drop_older(times, now - kProposalSpan);
  std::erase_if(state.proposed_by, [](auto const& each) { return each.second.empty(); });
  drop_older(state.approved_at, now - kApprovalSpan);
}

}  // namespace

result<alarm_proposal> apply(two_person_state& state, propose_alarm const& event, two_person_policy const& policy) {
  if (event.person.empty()) return failure{reason::missing_field, "an alarm is proposed by somebody"};
  forget_old(state, event.at, policy);
  for (auto const& [id, known] : state.proposals) {
    if (known.proposer != event.person || known.request_id != event.request_id) continue;
    if (known.words == event.words) return known;
    return failure{reason::request_id_reused, "request_id \"" + event.request_id + "\" was used for another proposal"};
  }
  if (waiting(state, event.at, policy).size() >= policy.most_waiting)
    return failure{reason::too_many_requests, "too many proposals wait for approval"};
  auto& times = state.proposed_by[event.person];
  if (times.size() >= policy.proposals_a_minute)
    return failure{reason::too_many_requests, event.person + " proposes too often"};
  times.push_back(event.at);
  alarm_proposal made{.id = event.id,
                      .request_id = event.request_id,
                      .words = event.words,
                      .proposer = event.person,
                      .approver = {},
                      .made_at = event.at};
  state.proposals.emplace(event.id, made);
  return made;
}

result<alarm_proposal> apply(two_person_state& state, approve_alarm const& event, two_person_policy const& policy) {
  if (event.person.empty()) return failure{reason::missing_field, "an alarm is approved by somebody"};
  forget_old(state, event.at, policy);
  auto const found = state.proposals.find(event.id);
  if (found == state.proposals.end())
    return failure{reason::unknown_proposal, "no proposal \"" + event.id + "\"; propose again"};
  auto& proposal = found->second;
  if (proposal.words != event.words)
    return failure{reason::proposal_differs, "what is approved is not what was proposed"};
  if (proposal.proposer == event.person)
    return failure{reason::second_person_needed, "an alarm needs two people; " + event.person + " proposed this one"};
  if (proposal.state == proposal_state::withdrawn)
    return failure{reason::proposal_withdrawn, "the alarm was cancelled"};
  if (over(proposal, event.at, policy))
    return failure{reason::proposal_expired,
                   "the proposal is older than " + std::to_string(policy.window.count()) + " s; propose again"};
  if (proposal.state == proposal_state::approved) return proposal;
  if (state.approved_at.size() >= policy.approvals_in_ten_minutes)
    return failure{reason::too_many_requests, "too many alarms were approved in ten minutes"};
  state.approved_at.push_back(event.at);
  proposal.state = proposal_state::approved;
  proposal.approver = event.person;
  return proposal;
}

void withdraw(two_person_state& state, zone_id const& zone) {
  for (auto& [id, proposal] : state.proposals)
    if (proposal.words.zone == zone) proposal.state = proposal_state::withdrawn;
}

std::vector<alarm_proposal> waiting(two_person_state const& state, steady_time now, two_person_policy const& policy) {
  std::vector<alarm_proposal> found;
  for (auto const& [id, proposal] : state.proposals)
    if (proposal.state == proposal_state::waiting && !over(proposal, now, policy)) found.push_back(proposal);
  std::sort(found.begin(), found.end(), [](auto const& a, auto const& b) { return a.made_at < b.made_at; });
  return found;
}

}  // namespace siren
