#include <atomic>
#include <future>
#include <map>
#include <mutex>

#include "common/access/access_guard.h"
#include "common/rpc_server.h"
#include "operators_bench/rows.h"
#include "siren/alerts/v1/alarm_service.grpc.pb.h"

namespace siren::operators {
namespace {

namespace api = alerts::v1;
constexpr char kWords[] = "Drones from the north";
constexpr std::size_t kHands = 8;
constexpr seconds kAnswerWithin{20};
constexpr auto kAlerts = "SELECT count(*) FROM alert_log";

/// The alarm orders of one zone.
class desk {
 public:
  desk(std::string const& engine, zone_id zone)
      : stub_{api::AlarmService::NewStub(internal_channel(engine))}, zone_{std::move(zone)} {}

  grpc::Status propose(std::string const& token, std::string const& request, std::string& proposal) const {
    api::ProposeAlarmRequest asked;
    asked.set_request_id(request);
    asked.set_zone_id(zone_.value);
    asked.set_stage(zones::v1::STAGE_GO);
    asked.set_text(kWords);
    api::ProposeAlarmResponse answer;
    grpc::ClientContext context;
    prepare(context, token);
    auto const status = stub_->ProposeAlarm(&context, asked, &answer);
    if (status.ok()) proposal = answer.proposal().proposal_id();
    return status;
  }
  grpc::Status approve(std::string const& token, std::string const& proposal, std::string const& text = kWords) const {
    api::ApproveAlarmRequest asked;
    asked.set_request_id("approval of " + proposal);
    asked.set_proposal_id(proposal);
    asked.set_zone_id(zone_.value);
    asked.set_stage(zones::v1::STAGE_GO);
    asked.set_text(text);
    api::ApproveAlarmResponse answer;
    grpc::ClientContext context;
    prepare(context, token);
    return stub_->ApproveAlarm(&context, asked, &answer);
  }
  grpc::Status cancel(std::string const& token) const {
    api::CancelAlarmRequest asked;
    asked.set_request_id("cancel");
    asked.set_zone_id(zone_.value);
    api::CancelAlarmResponse answer;
    grpc::ClientContext context;
    prepare(context, token);
    return stub_->CancelAlarm(&context, asked, &answer);
  }

 private:
  static void prepare(grpc::ClientContext& context, std::string const& token) {
    context.set_deadline(std::chrono::system_clock::now() + kAnswerWithin);
    carry_token(context, token);
  }
  std::unique_ptr<api::AlarmService::Stub> stub_;
  zone_id zone_;
};

struct outcomes {
  std::mutex mutex;
  std::map<std::string, std::size_t> refused;  // by reason
  std::size_t tries = 0;
  std::size_t went_through = 0;
  std::size_t not_denied = 0;  // expired or wrong-role tokens with another code than PERMISSION_DENIED

  void note(grpc::Status const& status, bool must_be_denied) {
    std::lock_guard const lock{mutex};
    ++tries;
    went_through += status.ok() ? 1 : 0;
    if (!status.ok()) ++refused[reason_of(status)];
    if (must_be_denied && status.error_code() != grpc::StatusCode::PERMISSION_DENIED) ++not_denied;
  }
};

/// One hand's share of the tries: the person's own proposals, another's approval replayed, and bad tokens.
void race(duty_room const& room, desk const& at, std::string const& used, std::size_t hand, std::size_t count,
          outcomes& into) {
  auto const proposes = room.token("eve", "alarm_proposer");
  auto const approves = room.token("eve", "alarm_approver");
  auto const bohdan = room.token("bohdan", "alarm_approver");
  auto const expired = room.token("bohdan", "alarm_approver", hours{2});
  auto const wrong = room.token("bohdan", "viewer");
  std::string own = "none";
  for (std::size_t i = 0; i < count; ++i) {
    if (i % 25 == 0)
      static_cast<void>(at.propose(proposes, "eve " + std::to_string(hand) + "/" + std::to_string(i), own));
    switch (i % 5) {
      case 0:
        into.note(at.approve(approves, own), false);
        break;
      case 1:
        into.note(at.approve(bohdan, used), false);
        break;
      case 2:
        into.note(at.approve(proposes, own), true);
        break;
      case 3:
        into.note(at.approve(expired, own), true);
        break;
      default:
        into.note(at.approve(wrong, own), true);
    }
  }
}

}  // namespace

row approvals_row(duty_room& room, bench_options const& options) {
  row found{{"row", "approvals"}, {"broken", row::array()}};
  desk const at{room.siren().address("zone_engine"), room.leaves().front()};
  auto const olena = room.token("olena", "alarm_proposer");
  auto const bohdan = room.token("bohdan", "alarm_approver");
  std::string used;
  if (!at.propose(olena, "first", used).ok() || !at.approve(bohdan, used).ok() || !at.cancel(olena).ok()) {
    found["broken"].push_back("two people can't raise and cancel an alarm");
    return found;
  }
  auto const before = room.number(kAlerts);
  outcomes all;
  std::vector<std::future<void>> hands;
  for (std::size_t hand = 0; hand < kHands; ++hand)
    hands.push_back(std::async(std::launch::async, [&, hand] {
      auto const share = options.tries / kHands + (hand < options.tries % kHands ? 1 : 0);
      race(room, at, used, hand, share, all);
    }));
  for (auto& hand : hands) hand.get();
  auto const after = room.number(kAlerts);
  if (!before || !after) {
    found["broken"].push_back("the alert log can't be read");
    return found;
  }
  found["tries"] = all.tries;
  found["went_through"] = all.went_through;
  found["fired"] = *after - *before;
  found["refused"] = all.refused;
  found["bad_tokens_not_denied"] = all.not_denied;
  if (all.went_through > 0 || *after != *before) found["broken"].push_back("an alarm fired without two people");
  if (all.not_denied > 0) found["broken"].push_back("an expired or wrong token was not PERMISSION_DENIED");
  return found;
}

}  // namespace siren::operators
