#include "operator_console/handlers.h"

#include <algorithm>

#include "common/convert/base_convert.h"
#include "common/rpc_server.h"

namespace siren {
namespace {

constexpr milliseconds kLookRoundEvery{500};  // for who left
constexpr std::uint32_t kPage = 100;
constexpr std::uint32_t kMostRows = 500;

void put(audit_row const& row, std::string const& chain, console::v1::RecordRow& told) {
  told.set_chain(chain);
  told.set_place(row.place);
  told.mutable_acted_time()->set_seconds(row.acted_us / 1'000'000);
  told.mutable_acted_time()->set_nanos(static_cast<std::int32_t>(row.acted_us % 1'000'000 * 1'000));
  told.set_actor(row.actor);
  told.set_act(row.act);
  told.set_subject(row.subject);
  told.set_detail(row.detail);
  told.set_trace_id(row.trace);
  if (row.seq != 0) {
    told.mutable_alert()->set_epoch(row.epoch);
    told.mutable_alert()->set_seq(row.seq);
  }
  told.set_hash(hex_of(row.hash));
}

}  // namespace

result<person> console_handlers::may_look(grpc::ServerContext const& call) const {
  return with_.guard.admit(call, "",
                           {role::viewer, role::shelter_editor, role::alarm_proposer, role::alarm_approver,
                            role::exercise_leader, role::auditor},
                           with_.places);
}

grpc::Status console_handlers::WatchPicture(grpc::ServerContext* call, console::v1::WatchPictureRequest const*,
                                            grpc::ServerWriter<console::v1::WatchPictureResponse>* to) {
  if (auto const who = may_look(*call); !who) return to_status(who.error());
  struct counted {
    std::atomic<int>& of;
    int const now = ++of;
    ~counted() { --of; }
  } const me{watchers_};
  if (me.now > with_.most_watchers) return to_status({reason::too_many_streams, "too many pages are watching"});
  picture_view::place place;
  while (!stopping_ && !call->IsCancelled()) {
    auto const next = with_.view.next(place, kLookRoundEvery);
    if (next && !to->Write(*next)) break;
  }
  return grpc::Status::OK;
}

grpc::Status console_handlers::ListMoments(grpc::ServerContext* call, console::v1::ListMomentsRequest const* asked,
                                           console::v1::ListMomentsResponse* answer) {
  if (auto const who = may_look(*call); !who) return to_status(who.error());
  *answer = with_.moments.list(asked->after_number());
  return grpc::Status::OK;
}

grpc::Status console_handlers::GetMoment(grpc::ServerContext* call, console::v1::GetMomentRequest const* asked,
                                         console::v1::GetMomentResponse* answer) {
  if (auto const who = may_look(*call); !who) return to_status(who.error());
  auto const found = with_.moments.at(asked->number());
  if (!found) return to_status(found.error());
  *answer->mutable_picture() = *found;
  return grpc::Status::OK;
}

grpc::Status console_handlers::ListRecord(grpc::ServerContext* call, console::v1::ListRecordRequest const* asked,
                                          console::v1::ListRecordResponse* answer) {
  auto const who = with_.guard.admit(*call, "", {role::viewer, role::auditor}, with_.places);
  if (!who) return to_status(who.error());
  if (auto const read = read_record(*asked, *answer); !read) return to_status(read.error());
  return grpc::Status::OK;
}

result<void> console_handlers::read_record(console::v1::ListRecordRequest const& asked,
                                           console::v1::ListRecordResponse& answer) {
  std::lock_guard const lock{record_mutex_};
  auto const heads = with_.record.heads();
  if (!heads) return heads.error();
  auto const head = std::find_if(heads->begin(), heads->end(), [&](auto const& h) { return h.chain == asked.chain(); });
  if (head == heads->end()) return {};  // nothing was recorded there yet
  answer.set_head_place(head->place);
  answer.set_head_hash(hex_of(head->hash));
  auto const last = asked.before_place() == 0 ? head->place : std::min(head->place, asked.before_place() - 1);
  auto const count = std::min(asked.page_size() == 0 ? kPage : asked.page_size(), kMostRows);
  // One row more, for the first one to follow from.
  auto const first = last > count ? last - count : 0;
  auto const rows =
      with_.record.rows_after(asked.chain(), first == 0 ? 0 : first - 1, last - first + (first == 0 ? 0 : 1));
  if (!rows) return rows.error();
  std::string before;
  for (auto const& [row, logged, alert] : *rows) {
    auto const linked = (row.place == 1 || !before.empty()) && row.hash == hash_after(before, row);
    before = row.hash;
    if (row.place <= first) continue;
    auto& told = *answer.add_rows();
    put(row, asked.chain(), told);
    told.set_linked(linked);
  }
  std::reverse(answer.mutable_rows()->begin(), answer.mutable_rows()->end());
  return {};
}

}  // namespace siren
