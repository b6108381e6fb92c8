#include "operator_console/grpc_web/web_call.h"

#include <atomic>

#include <grpcpp/generic/generic_stub.h>

namespace siren {
namespace {

std::string bytes_of(grpc::ByteBuffer const& buffer) {
  std::vector<grpc::Slice> slices;
  std::string all;
  if (!buffer.Dump(&slices).ok()) return all;
  for (auto const& slice : slices) all.append(reinterpret_cast<char const*>(slice.begin()), slice.size());
  return all;
}

class generic_call final : public web_call, public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  generic_call(wanted asked, told to) : asked_{std::move(asked)}, told_{std::move(to)}, stub_{asked_.channel} {}

  void go(std::shared_ptr<generic_call> self) {
    self_ = std::move(self);
    context_.set_deadline(asked_.deadline);
    if (!asked_.authorization.empty()) context_.AddMetadata("authorization", asked_.authorization);
    grpc::Slice const slice{asked_.message};
    request_ = grpc::ByteBuffer{&slice, 1};
    stub_.PrepareBidiStreamingCall(&context_, asked_.method, {}, this);
    // Reads start outside of reactions: the hold keeps the call from ending between them.
    AddHold();
    StartWriteLast(&request_, {});
    StartRead(&response_);
    StartCall();
  }

  void next() override { StartRead(&response_); }
  void cancel() override { context_.TryCancel(); }

  void OnReadDone(bool good) override {
    if (good) return told_.message(bytes_of(response_));
    RemoveHold();
  }
  void OnDone(grpc::Status const& status) override {
    auto const self = std::move(self_);
    told_.end(status);
  }

 private:
  wanted asked_;
  told told_;
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  std::shared_ptr<generic_call> self_;
};

}  // namespace

std::shared_ptr<web_call> web_call::begin(wanted asked, told to) {
  auto const made = std::make_shared<generic_call>(std::move(asked), std::move(to));
  made->go(made);
  return made;
}

}  // namespace siren
