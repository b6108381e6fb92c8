// Phones over stock gRPC C++.
#include <atomic>
#include <random>
#include <thread>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "common/convert/base_convert.h"
#include "common/rpc_server.h"
#include "contract/phone_door/app.h"
#include "siren/alerts/v1/alert_service.grpc.pb.h"

namespace siren::door {
namespace {

using alerts::v1::WatchAlertsRequest;
using alerts::v1::WatchAlertsResponse;

constexpr milliseconds kRetry{100};
constexpr int kKeepaliveTimeoutMs = 5'000;

std::shared_ptr<grpc::Channel> own_connection(std::string const& address, std::optional<milliseconds> keepalive) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  if (keepalive) {
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(keepalive->count()));
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // a phone listens for hours
  }
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

class stock_app final : public phone_app {
 public:
  explicit stock_app(phone_wish wish) : wish_{std::move(wish)}, thread_{[this] { run(); }} {}
  ~stock_app() override {
    {
      std::lock_guard const lock{mutex_};
      leaving_ = true;
      if (context_) context_->TryCancel();
    }
    wake_.notify_all();
    thread_.join();
  }

  word next() override { return heard_.take(kPatience); }
  void move(double latitude_deg, double longitude_deg) override {
    WatchAlertsRequest request;
    request.mutable_update_position()->mutable_position()->set_latitude_deg(latitude_deg);
    request.mutable_update_position()->mutable_position()->set_longitude_deg(longitude_deg);
    std::lock_guard const lock{mutex_};
    stream_->Write(request);
  }
  bool lose() override {
    std::lock_guard const lock{mutex_};
    context_->TryCancel();
    return true;
  }

 private:
  void run() {
    for (std::size_t turn = 0;; ++turn) {
      auto const stub = alerts::v1::AlertService::NewStub(
          own_connection(wish_.gateways[turn % wish_.gateways.size()], wish_.keepalive));
      WatchAlertsRequest request;
      *request.mutable_subscribe() = wish_.subscribe;
      {
        std::lock_guard const lock{mutex_};
        if (leaving_) return;
        context_ = std::make_unique<grpc::ClientContext>();
        stream_ = stub->WatchAlerts(context_.get());
        stream_->Write(request);
      }
      back_within_ = kRetry;
      for (WatchAlertsResponse response; stream_->Read(&response);) hear(response);
      auto const status = stream_->Finish();
      auto const why = reason_of(status);
      heard_.add({"ended", 0, 0, static_cast<int>(status.error_code()), why});
      std::unique_lock lock{mutex_};
      stream_.reset();
      context_.reset();
      if (status.error_code() == grpc::StatusCode::INVALID_ARGUMENT || why == "WRONG_MODE" || why == "UNKNOWN_ZONE")
        return;
      std::uniform_int_distribution<std::int64_t> any{0, back_within_.count()};
      if (wake_.wait_for(lock, milliseconds{any(random_)}, [this] { return leaving_; })) return;
    }
  }
  void hear(WatchAlertsResponse const& said) {
    auto& subscribe = wish_.subscribe;
    word one;
    if (said.has_snapshot()) {
      *subscribe.mutable_resume_from() = said.snapshot().cursor();
      subscribe.clear_resume_zone_ids();
      for (auto const& zone : said.snapshot().zones()) subscribe.add_resume_zone_ids(zone.zone_id());
      one = {"snapshot", said.snapshot().cursor().seq(), static_cast<std::size_t>(said.snapshot().alerts_size()), -1,
             ""};
    } else if (said.has_continuation()) {
      one = {"continuation", said.continuation().cursor().seq(), 0, -1, ""};
    } else if (said.has_alert()) {
      *subscribe.mutable_resume_from() = said.alert().cursor();
      one = {"alert", said.alert().cursor().seq(), 0, -1, ""};
    } else if (said.has_go_away()) {
      back_within_ = std::chrono::duration_cast<milliseconds>(from_proto(said.go_away().retry_within()));
      one = {"go_away", 0, 0, -1, said.go_away().reason()};
    } else {
      one.kind = said.has_heartbeat() ? "heartbeat" : "guidance";
    }
    heard_.add(std::move(one));
  }

  phone_wish wish_;
  words heard_;
  milliseconds back_within_{kRetry};
  std::mt19937 random_{7};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool leaving_ = false;
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<grpc::ClientReaderWriter<WatchAlertsRequest, WatchAlertsResponse>> stream_;
  std::thread thread_;
};

grpc::ByteBuffer buffer_of(std::string const& bytes) {
  grpc::Slice const slice{bytes};
  return grpc::ByteBuffer{&slice, 1};
}

class stock_library final : public library {
 public:
  std::unique_ptr<phone_app> start(phone_wish wish) override { return std::make_unique<stock_app>(std::move(wish)); }

  std::optional<raw_end> call(std::string const& address, raw_call const& what) override {
    grpc::GenericStub stub{own_connection(address, std::nullopt)};
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + what.timeout);
    if (what.gzip) context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    grpc::CompletionQueue queue;
    void* tag = nullptr;
    bool ok = false;
    auto const stream = stub.PrepareCall(&context, what.method, &queue);
    stream->StartCall(nullptr);
    queue.Next(&tag, &ok);
    for (std::size_t i = 0; ok && i < what.requests.size(); ++i) {
      stream->Write(buffer_of(what.requests[i]), nullptr);
      queue.Next(&tag, &ok);
    }
    if (ok && what.ends) {
      stream->WritesDone(nullptr);
      queue.Next(&tag, &ok);
    }
    raw_end end;
    for (ok = true; ok;) {
      grpc::ByteBuffer answer;
      stream->Read(&answer, nullptr);
      queue.Next(&tag, &ok);
      std::vector<grpc::Slice> slices;
      if (!ok || !answer.Dump(&slices).ok()) continue;
      end.bytes.clear();
      for (auto const& each : slices) end.bytes.append(reinterpret_cast<char const*>(each.begin()), each.size());
    }
    grpc::Status status;
    stream->Finish(&status, nullptr);
    queue.Next(&tag, &ok);
    end.code = static_cast<int>(status.error_code());
    end.reason = reason_of(status);
    return end;
  }
};

}  // namespace

std::unique_ptr<library> stock_grpc_library() {
  return std::make_unique<stock_library>();
}

}  // namespace siren::door
