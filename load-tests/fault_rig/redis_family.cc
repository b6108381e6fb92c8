#include "fault_rig/redis_family.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "common/redis_place.h"

namespace siren::faults {
namespace {

constexpr auto kServer = "/usr/bin/redis-server";
constexpr auto kMaster = "siren";
constexpr milliseconds kUpWithin{20'000};
constexpr milliseconds kAnswerWithin{300};
constexpr std::size_t kSentinels = 3;
constexpr int kQuorum = 2;
// Below the 5 s in which a silent Redis must be found, with the vote and the way to the services.
constexpr int kDownAfterMs = 1'000;
// After a split vote Sentinels wait for twice this before the next one (Redis' sentinel.conf); 5 s made that 14 s.
constexpr int kFailoverTimeoutMs = 1'000;

bool answers(std::uint16_t port) {
  auto const context = connect_redis(fmt::format("127.0.0.1:{}", port), kAnswerWithin);
  return context && ask_redis(*context, {"PING"});
}

}  // namespace

result<std::unique_ptr<redis_family>> redis_family::start(std::string const& folder) {
  auto made = std::make_unique<redis_family>();
  made->folder_ = folder;
  for (auto& node : made->nodes_) {
    node.port = free_port();
    auto proxy = tcp_proxy::start(node.port);
    if (!proxy) return proxy.error();
    node.proxy = std::move(proxy).value();
  }
  for (std::size_t i = 0; i < made->nodes_.size(); ++i)
    if (auto up = made->run_node(i, i == 1); !up) return up.error();
  if (auto up = made->run_sentinels(); !up) return up.error();
  return made;
}

result<void> redis_family::run_node(std::size_t which, bool as_replica) {
  auto& node = nodes_[which];
  auto const home = fmt::format("{}/redis-{}", folder_, which + 1);
  std::filesystem::create_directories(home);
  std::vector<std::string> command{kServer,
                                   "--port",
                                   std::to_string(node.port),
                                   "--bind",
                                   "127.0.0.1",
                                   "--save",
                                   "",
                                   "--appendonly",
                                   "no",
                                   "--dir",
                                   home,
                                   "--repl-diskless-sync-delay",
                                   "0",
                                   "--replica-announce-ip",
                                   "127.0.0.1",
                                   "--replica-announce-port",
                                   std::to_string(node.proxy->port())};
  if (as_replica)
    command.insert(command.end(), {"--replicaof", "127.0.0.1", std::to_string(nodes_[1 - which].proxy->port())});
  auto started = child_process::start({command, home + ".log", ""});
  if (!started) return started.error();
  node.process = std::move(started).value();
  if (!wait_until([&] { return answers(node.port); }, kUpWithin))
    return failure{reason::not_ready, "Redis did not start, see " + home + ".log"};
  return {};
}

result<void> redis_family::run_sentinels() {
  for (std::size_t i = 0; i < kSentinels; ++i) {
    auto const port = free_port();
    auto const file = fmt::format("{}/sentinel-{}.conf", folder_, i + 1);
    std::ofstream{file} << fmt::format(
        "port {0}\nbind 127.0.0.1\ndir {1}\nsentinel monitor {2} 127.0.0.1 {3} {4}\n"
        "sentinel down-after-milliseconds {2} {5}\nsentinel failover-timeout {2} {6}\n",
        port, folder_, kMaster, nodes_[0].proxy->port(), kQuorum, kDownAfterMs, kFailoverTimeoutMs);
    auto started =
        child_process::start({{kServer, file, "--sentinel"}, fmt::format("{}/sentinel-{}.log", folder_, i + 1), ""});
    if (!started) return started.error();
    sentinels_.push_back(std::move(started).value());
    sentinel_ports_.push_back(port);
  }
  // Each must know the replica and the others before anything is broken.
  auto const knows_all = [](std::uint16_t port) {
    auto const context = connect_redis(fmt::format("127.0.0.1:{}", port), kAnswerWithin);
    if (!context) return false;
    auto const others = ask_redis(*context, {"SENTINEL", "sentinels", kMaster});
    auto const replicas = ask_redis(*context, {"SENTINEL", "replicas", kMaster});
    return others && replicas && others->elements == kSentinels - 1 && replicas->elements == 1;
  };
  auto const ready = [&] { return std::all_of(sentinel_ports_.begin(), sentinel_ports_.end(), knows_all); };
  if (!wait_until(ready, kUpWithin)) return failure{reason::not_ready, "the Sentinels did not find each other"};
  return {};
}

std::vector<std::string> redis_family::flags() const {
  std::string all;
  for (auto const port : sentinel_ports_) all += fmt::format("{}127.0.0.1:{}", all.empty() ? "" : ",", port);
  return {"--redis-sentinels", all, "--redis-master", kMaster};
}

std::string redis_family::address() const {
  return fmt::format("sentinels:{}@{}", kMaster, flags()[1]);
}

std::size_t redis_family::primary() const {
  redis_place const place{address()};
  return place.now().address == fmt::format("127.0.0.1:{}", nodes_[1].proxy->port()) ? 1 : 0;
}

result<void> redis_family::start_again(std::size_t which) {
  return run_node(which, primary() != which);
}

void redis_family::hide(std::size_t which) {
  // Sentinels name their connections, and replicas say that they are some.
  nodes_[which].proxy->set(network_fault::blackhole, "sentinel-");
}

void redis_family::show(std::size_t which) {
  nodes_[which].proxy->set(network_fault::none);
}

}  // namespace siren::faults
