#include "route_planner/adapters/grpc_shelter_source.h"

#include "common/convert/conditions_convert.h"
#include "common/convert/shelter_convert.h"
#include "common/log.h"
#include "common/rpc_server.h"
#include "siren/shelters/v1/conditions_service.grpc.pb.h"
#include "siren/shelters/v1/shelter_service.grpc.pb.h"

namespace siren {
namespace {

constexpr seconds kAnswerWithin{5};
constexpr std::uint32_t kPage = 1'000;

class grpc_shelter_source final : public shelter_source {
 public:
  explicit grpc_shelter_source(std::shared_ptr<grpc::Channel> const& channel)
      : stub_{shelters::v1::ShelterService::NewStub(channel)},
        ground_{shelters::v1::ConditionsService::NewStub(channel)} {}

  result<shelter_changes> changes_after(std::uint64_t seq) override {
    shelter_changes all;
    shelters::v1::ListSheltersRequest request;
    request.set_page_size(kPage);
    request.set_changed_after(seq);
    do {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + kAnswerWithin);
      shelters::v1::ListSheltersResponse page;
      if (auto const status = stub_->ListShelters(&context, request, &page); !status.ok())
        return failure{reason::store_unavailable, "the shelter registry: " + status.error_message()};
      for (auto const& row : page.shelters()) take(row, all);
      all.head = page.change_head();
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  result<ground_conditions> conditions() override {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kAnswerWithin);
    shelters::v1::GetConditionsResponse answer;
    if (auto const status = ground_->GetConditions(&context, {}, &answer); !status.ok())
      return failure{reason::store_unavailable, "the shelter registry: " + status.error_message()};
    return from_proto(answer.conditions());
  }

 private:
  static void take(shelters::v1::Shelter const& row, shelter_changes& into) {
    auto read = from_proto(row);
    if (read) {
      into.changed.push_back(std::move(read).value());
      return;
    }
    into.unreadable.emplace_back(row.shelter_id());
    log(log_level::error, "shelter_refused",
        {{"shelter_id", row.shelter_id()}, {"reason", name_of(read.error().why)}, {"error", read.error().message}});
  }

  std::unique_ptr<shelters::v1::ShelterService::Stub> stub_;
  std::unique_ptr<shelters::v1::ConditionsService::Stub> ground_;
};

}  // namespace

std::unique_ptr<shelter_source> make_grpc_shelter_source(std::string const& registry_address) {
  return std::make_unique<grpc_shelter_source>(internal_channel(registry_address));
}

}  // namespace siren
