#pragma once

#include <atomic>
#include <set>
#include <vector>

#include "common/access/access_guard.h"
#include "common/audit/audit.h"
#include "operator_console/moment_book.h"
#include "operator_console/picture_view.h"
#include "siren/console/v1/console_service.grpc.pb.h"

namespace siren {

class console_handlers final : public console::v1::ConsoleService::Service {
 public:
  struct parts {
    access_guard const& guard;
    std::vector<zone_id> places;  // the city's zone, then what is around it
    picture_view& view;
    moment_book const& moments;
    audit_reader& record;  // used by one call at a time
    int most_watchers = 32;
  };
  explicit console_handlers(parts with) : with_{std::move(with)} {}
  /// Watchers' calls end.
  void stop() { stopping_ = true; }

  grpc::Status WatchPicture(grpc::ServerContext* call, console::v1::WatchPictureRequest const* asked,
                            grpc::ServerWriter<console::v1::WatchPictureResponse>* to) override;
  grpc::Status ListMoments(grpc::ServerContext* call, console::v1::ListMomentsRequest const* asked,
                           console::v1::ListMomentsResponse* answer) override;
  grpc::Status GetMoment(grpc::ServerContext* call, console::v1::GetMomentRequest const* asked,
                         console::v1::GetMomentResponse* answer) override;
  grpc::Status ListRecord(grpc::ServerContext* call, console::v1::ListRecordRequest const* asked,
                          console::v1::ListRecordResponse* answer) override;

 private:
  [[nodiscard]] result<person> may_look(grpc::ServerContext const& call) const;
  [[nodiscard]] result<void> read_record(console::v1::ListRecordRequest const& asked,
                                         console::v1::ListRecordResponse& answer);
  parts with_;
  std::mutex record_mutex_;
  std::atomic<int> watchers_ = 0;
  std::atomic<bool> stopping_ = false;
};

}  // namespace siren
