// Phones over grpc-js, in node processes that take orders and tell words by lines of JSON.
#include <poll.h>
#include <sys/socket.h>

#include <absl/strings/escaping.h>
#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

#include "alert_gateway/edge/channel.h"
#include "contract/phone_door/app.h"
#include "rig/child_process.h"

namespace siren::door {
namespace {

using nlohmann::json;

constexpr auto kHere = SIREN_SOURCE_DIR "/tests/contract/phone_door";
constexpr auto kModules = SIREN_NPM_FOLDER;
constexpr auto kEnv = "/usr/bin/env";
constexpr milliseconds kInstallWithin{120'000};

/// A node process and the socket to it.
class node {
 public:
  node() {
    auto listens = edge::listen_on("127.0.0.1:0");
    if (!listens) return;
    auto const port = listens->address.substr(listens->address.rfind(':') + 1);
    auto started = child_process::start({{kEnv, std::string{"NODE_PATH="} + kModules + "/node_modules", "node",
                                          std::string{kHere} + "/phone.js", port, SIREN_SOURCE_DIR "/proto"},
                                         "",
                                         ""});
    if (!started) return;
    process_ = std::move(*started);
    pollfd comes{listens->socket.get(), POLLIN, 0};
    if (::poll(&comes, 1, static_cast<int>(kPatience.count())) == 1)
      socket_ = edge::unique_fd{::accept(listens->socket.get(), nullptr, nullptr)};
  }

  void tell(std::string const& act, json what) {
    auto const line = json{{"act", act}, {"what", std::move(what)}}.dump() + "\n";
    (void)!::send(socket_.get(), line.data(), line.size(), MSG_NOSIGNAL);
  }
  /// Null: nothing came in time.
  json hear() {
    for (;;) {
      if (auto const end = read_.find('\n'); end != std::string::npos) {
        auto const line = read_.substr(0, end);
        read_.erase(0, end + 1);
        return json::parse(line);
      }
      pollfd comes{socket_.get(), POLLIN, 0};
      char bytes[4'096];
      auto const got = ::poll(&comes, 1, static_cast<int>(kPatience.count())) == 1
                           ? ::recv(socket_.get(), bytes, sizeof bytes, 0)
                           : 0;
      if (got <= 0) return nullptr;
      read_.append(bytes, static_cast<std::size_t>(got));
    }
  }

 private:
  std::unique_ptr<child_process> process_;
  edge::unique_fd socket_;
  std::string read_;
};

json json_of(google::protobuf::Message const& from) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  (void)google::protobuf::util::MessageToJsonString(from, &text, options);
  return json::parse(text);
}

class node_app final : public phone_app {
 public:
  explicit node_app(phone_wish const& wish) {
    json asked{{"gateways", wish.gateways}, {"subscribe", json_of(wish.subscribe)}};
    if (wish.keepalive) {
      asked["keepalive_ms"] = wish.keepalive->count();
      asked["keepalive_timeout_ms"] = 5'000;
    }
    node_.tell("start", std::move(asked));
  }
  word next() override {
    auto const told = node_.hear();
    if (told.is_null()) return {};
    return {told["kind"].get<std::string>(), std::stoull(told["seq"].get<std::string>()),
            told.value("count", std::size_t{0}), told.value("code", -1), told.value("reason", "")};
  }
  void move(double latitude_deg, double longitude_deg) override {
    alerts::v1::WatchAlertsRequest request;
    request.mutable_update_position()->mutable_position()->set_latitude_deg(latitude_deg);
    request.mutable_update_position()->mutable_position()->set_longitude_deg(longitude_deg);
    node_.tell("say", json_of(request));
  }
  bool lose() override {
    node_.tell("lose", nullptr);
    return true;
  }

 private:
  node node_;
};

class node_library final : public library {
 public:
  std::unique_ptr<phone_app> start(phone_wish wish) override { return std::make_unique<node_app>(wish); }

  std::optional<raw_end> call(std::string const& address, raw_call const& what) override {
    json requests = json::array();
    for (auto const& bytes : what.requests) requests.push_back(absl::Base64Escape(bytes));
    caller_.tell("call", {{"address", address},
                          {"method", what.method},
                          {"requests", std::move(requests)},
                          {"ends", what.ends},
                          {"gzip", what.gzip},
                          {"timeout_ms", what.timeout.count()}});
    auto const told = caller_.hear();
    raw_end end;
    if (told.is_null()) return end;
    end.code = told.value("code", -1);
    end.reason = told.value("reason", "");
    (void)absl::Base64Unescape(told.value("bytes", ""), &end.bytes);
    return end;
  }

 private:
  node caller_;
};

bool installed() {
  auto started = child_process::start({{std::string{kHere} + "/install", kModules}, "", ""});
  return started && (*started)->wait_for_exit(kInstallWithin) == 0;
}

}  // namespace

std::unique_ptr<library> grpc_js_library() {
  static bool const there = installed();
  return there ? std::make_unique<node_library>() : nullptr;
}

}  // namespace siren::door
