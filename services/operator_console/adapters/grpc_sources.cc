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
      : address_{gateway}, stub_{alerts::v1::DeliveryService::NewStub(internal_channel(gateway))} {}

  std::string const& address() const override { return address_; }

  result<alerts::v1::GetDeliveryResponse> now() override {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kAnswerWithin);
    alerts::v1::GetDeliveryResponse answer;
    if (auto const status = stub_->GetDelivery(&context, {}, &answer); !status.ok())
      return failure{reason::not_ready, "the gateway does not answer: " + status.error_message()};
    return answer;
  }

 private:
  std::string address_;
  std::unique_ptr<alerts::v1::DeliveryService::Stub> stub_;
};

class grpc_shelter_list final : public shelter_list {
 public:
  explicit grpc_shelter_list(std::string const& registry)
      : stub_{shelters::v1::ShelterService::NewStub(internal_channel(registry))} {}

  result<changes> news() override {
    changes found{{}, !covered_};
    auto head = take_changes(covered_.value_or(0), found);
    if (head && covered_ && *head < *covered_) {  // the registry's store was put back: what it says now is all there is
      found = {{}, true};
      head = take_changes(0, found);
    }
    if (!head) return head.error();
    covered_ = *head;
    return found;
  }

 private:
  result<std::uint64_t> take_changes(std::uint64_t after, changes& into) {
    shelters::v1::ListSheltersRequest request;
    request.set_changed_after(after);
    auto head = after;
    do {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + kAnswerWithin);
      shelters::v1::ListSheltersResponse page;
      if (auto const status = stub_->ListShelters(&context, request, &page); !status.ok())
        return failure{reason::not_ready, "the registry does not answer: " + status.error_message()};
      for (auto& row : *page.mutable_shelters()) into.rows.push_back(std::move(row));
      head = page.change_head();
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return head;
  }

  std::unique_ptr<shelters::v1::ShelterService::Stub> stub_;
  std::optional<std::uint64_t> covered_;
};

}  // namespace

std::unique_ptr<delivery_source> make_grpc_delivery_source(std::string const& gateway) {
  return std::make_unique<grpc_delivery_source>(gateway);
}

std::unique_ptr<shelter_list> make_grpc_shelter_list(std::string const& registry) {
  return std::make_unique<grpc_shelter_list>(registry);
}

}  // namespace siren
