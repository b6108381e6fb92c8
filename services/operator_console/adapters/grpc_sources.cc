#include "common/convert/shelter_convert.h"
#include "common/rpc_server.h"
#include "operator_console/ports.h"
#include "siren/alerts/v1/delivery_service.grpc.pb.h"
#include "siren/shelters/v1/shelter_service.grpc.pb.h"

namespace siren {
namespace {

constexpr seconds kAnswerWithin{1};

class grpc_delivery_source final : public delivery_source {
 public:
  explicit grpc_delivery_source(std::string const& gateway)
      : stub_{alerts::v1::DeliveryService::NewStub(internal_channel(gateway))} {}

  result<alerts::v1::GetDeliveryResponse> now() override {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kAnswerWithin);
    alerts::v1::GetDeliveryResponse answer;
    if (auto const status = stub_->GetDelivery(&context, {}, &answer); !status.ok())
      return failure{reason::not_ready, "the gateway does not answer: " + status.error_message()};
    return answer;
  }

 private:
  std::unique_ptr<alerts::v1::DeliveryService::Stub> stub_;
};

class grpc_shelter_list final : public shelter_list {
 public:
  explicit grpc_shelter_list(std::string const& registry)
      : stub_{shelters::v1::ShelterService::NewStub(internal_channel(registry))} {}

  result<std::map<shelter_id, shelter> const*> now() override {
    auto head = take_changes();
    if (head && *head < covered_) {  // the registry's store was put back: what it says now is all there is
      all_.clear();
      covered_ = 0;
      head = take_changes();
    }
    if (!head) return head.error();
    covered_ = *head;
    return &all_;
  }

 private:
  result<std::uint64_t> take_changes() {
    shelters::v1::ListSheltersRequest request;
    request.set_changed_after(covered_);
    auto head = covered_;
    do {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + kAnswerWithin);
      shelters::v1::ListSheltersResponse page;
      if (auto const status = stub_->ListShelters(&context, request, &page); !status.ok())
        return failure{reason::not_ready, "the registry does not answer: " + status.error_message()};
      for (auto const& row : page.shelters())
        if (auto read = from_proto(row)) all_[read->id] = *read;
      head = page.change_head();
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return head;
  }

  std::unique_ptr<shelters::v1::ShelterService::Stub> stub_;
  std::uint64_t covered_ = 0;
  std::map<shelter_id, shelter> all_;
};

}  // namespace

std::unique_ptr<delivery_source> make_grpc_delivery_source(std::string const& gateway) {
  return std::make_unique<grpc_delivery_source>(gateway);
}

std::unique_ptr<shelter_list> make_grpc_shelter_list(std::string const& registry) {
  return std::make_unique<grpc_shelter_list>(registry);
}

}  // namespace siren
