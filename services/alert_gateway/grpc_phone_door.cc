#include "alert_gateway/grpc_phone_door.h"

#include "common/clock.h"
#include "common/convert/base_convert.h"
#include "common/convert/guidance_convert.h"
#include "common/rpc_server.h"

namespace siren {
namespace {

using grpc::ByteBuffer;

/// A message without a copy: the slice holds a reference to the shared bytes.
ByteBuffer shared_message(frame const& bytes) {
  auto* held = new frame{bytes};
  grpc::Slice const slice{const_cast<char*>(bytes->data()), bytes->size(),
                          [](void* reference) { delete static_cast<frame*>(reference); }, held};
  return ByteBuffer{&slice, 1};
}

std::string joined(ByteBuffer const& from) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!from.Dump(&slices).ok()) return bytes;
  for (auto const& slice : slices) bytes.append(reinterpret_cast<char const*>(slice.begin()), slice.size());
  return bytes;
}

/// Deletes itself when gRPC is done with the stream.
class phone_reactor final : public grpc::ServerBidiReactor<ByteBuffer, ByteBuffer>, public phone_pipe {
 public:
  phone_reactor(grpc::CallbackServerContext* context, line_surroundings const& around)
      : context_{context}, line_{std::make_shared<phone_line>(around, *this, steady_now())} {
    line_->open();
    StartRead(&in_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return line_->on_half_closed();
    line_->on_request(joined(in_));
    in_.Clear();
    StartRead(&in_);
  }
  void OnWriteDone(bool ok) override { line_->on_written(ok); }
  void OnCancel() override { line_->on_cancelled(); }
  void OnDone() override {
    line_->on_closed();
    delete this;
  }

  void write(frame const& message) override {
    out_ = shared_message(message);
    StartWrite(&out_);
  }
  void finish(std::optional<failure> const& why) override { Finish(why ? to_status(*why) : grpc::Status::OK); }
  void cut() override { context_->TryCancel(); }

 private:
  grpc::CallbackServerContext* context_;
  ByteBuffer in_;
  ByteBuffer out_;
  std::shared_ptr<phone_line> line_;
};

}  // namespace

grpc::ServerBidiReactor<ByteBuffer, ByteBuffer>* grpc_alert_door::WatchAlerts(grpc::CallbackServerContext* context) {
  return new phone_reactor{context, around_};
}

grpc::ServerUnaryReactor* grpc_guidance_door::GetGuidance(grpc::CallbackServerContext* context,
                                                          routing::v1::GetGuidanceRequest const* request,
                                                          routing::v1::GetGuidanceResponse* answer) {
  auto* reactor = context->DefaultReactor();
  auto const refuse = [&](failure const& why) {
    reactor->Finish(to_status(why));
    return reactor;
  };
  if (!request->has_position()) return refuse({reason::missing_field, "position is missing"});
  auto const place = from_proto(request->position());
  if (!place) return refuse(place.error());
  auto const profile = from_proto(request->profile());
  if (!profile) return refuse(profile.error());
  std::optional<utc_time> deadline;
  if (request->has_deadline_time()) deadline = utc_from_proto(request->deadline_time());
  if (request->phone_id().size() > kMostPhoneIdBytes)
    return refuse({reason::field_too_long, "phone_id has at most 64 bytes"});
  guide_.answer(*place, *profile, share_of(request->phone_id()), deadline, answer);
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

}  // namespace siren
