#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "alert_gateway/edge/phone_edge.h"
#include "common/rpc_server.h"
#include "rig/child_process.h"
#include "services/h2_stranger.h"

namespace siren::edge {

inline constexpr milliseconds kSoon{10'000};
inline constexpr auto kEcho = "/test.Echo/Say";

/// Says every message back, one after the other, and ends when the phone has.
class echo final : public stream_handler {
 public:
  explicit echo(phone_pipe& pipe) : pipe_{pipe} {}
  void on_request(std::string_view bytes) override {
    waiting_.emplace_back(bytes);
    go_on();
  }
  void on_half_closed() override {
    ended_ = true;
    go_on();
  }
  void on_written(bool) override {
    writing_ = false;
    go_on();
  }
  void on_closed() override {}

 private:
  void go_on() {
    if (writing_) return;
    if (!waiting_.empty()) {
      writing_ = true;
      auto const next = std::make_shared<std::string const>(waiting_.front());
      waiting_.erase(waiting_.begin());
      pipe_.write(next);
    } else if (ended_ && !finished_) {
      finished_ = true;
      pipe_.finish(std::nullopt);
    }
  }
  phone_pipe& pipe_;
  std::vector<std::string> waiting_;
  bool writing_ = false;
  bool ended_ = false;
  bool finished_ = false;
};

/// A phones' door with two loops behind which an echo sits.
class echo_edge : public ::testing::Test {
 protected:
  void serve(edge_limits limits = {}, std::string const& certificate = "", std::string const& key = "") {
    auto const work = [] { return loop_work{[] { return false; }, [] {}, milliseconds{20}}; };
    auto made = phone_edge::make(
        {"127.0.0.1:0", certificate, key, limits}, {work(), work()},
        [](std::size_t, std::string const& path, phone_pipe& pipe) -> std::shared_ptr<stream_handler> {
          return path == kEcho ? std::make_shared<echo>(pipe) : nullptr;
        },
        [this](refusal why) {
          std::lock_guard const lock{mutex_};
          ++refused_[why];
        });
    ASSERT_TRUE(made.ok()) << made.error().message;
    edge_ = std::move(made).value();
    edge_->start();
  }
  int refused(refusal why) {
    std::lock_guard const lock{mutex_};
    return refused_[why];
  }

  struct said {
    grpc::Status status;
    std::string bytes;
  };
  said say(std::string const& method, std::string const& bytes,
           std::shared_ptr<grpc::ChannelCredentials> const& how = grpc::InsecureChannelCredentials()) const {
    grpc::ChannelArguments own;
    own.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    own.SetSslTargetNameOverride("siren.test");
    grpc::GenericStub stub{grpc::CreateCustomChannel(edge_->address(), how, own)};
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kSoon);
    grpc::CompletionQueue queue;
    grpc::Slice const slice{bytes};
    grpc::ByteBuffer const request{&slice, 1};
    grpc::ByteBuffer response;
    said told;
    auto const call = stub.PrepareUnaryCall(&context, method, request, &queue);
    call->StartCall();
    call->Finish(&response, &told.status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    std::vector<grpc::Slice> slices;
    if (told.status.ok() && response.Dump(&slices).ok())
      for (auto const& each : slices) told.bytes.append(reinterpret_cast<char const*>(each.begin()), each.size());
    return told;
  }
  void expect_serves() const {
    auto const told = say(kEcho, "are you there");
    EXPECT_TRUE(told.status.ok()) << told.status.error_message();
    EXPECT_EQ(told.bytes, "are you there");
  }

  std::unique_ptr<phone_edge> edge_;
  std::mutex mutex_;
  std::map<refusal, int> refused_;
};

}  // namespace siren::edge
