#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <hiredis/hiredis.h>

#include "common/clock.h"
#include "fanout_bench/alert_text.h"
#include "fanout_bench/contender.h"
#include "fanout_bench/grid_city.h"
#include "fanout_bench/http_post.h"

namespace siren::fanout {
namespace {

constexpr auto kNginx = "/usr/sbin/nginx";
constexpr auto kNchan = "/usr/lib/nginx/modules/ngx_nchan_module.so";
constexpr auto kRedis = "/usr/bin/redis-server";
constexpr milliseconds kUpWithin{10'000};

bool answers(std::uint16_t port) {
  auto* const context = redisConnect("127.0.0.1", port);
  auto const up = context != nullptr && context->err == 0;
  if (context != nullptr) redisFree(context);
  return up;
}

/// Servers over a Redis of their own, which hear the message as it is.
class peer : public contender {
 public:
  std::vector<std::uint16_t> ports() const override { return ports_; }
  std::vector<pid_t> servers() const override {
    std::vector<pid_t> all;
    for (auto const& one : processes_) all.push_back(one->pid());
    return all;
  }
  result<void> publish(std::vector<zone_number> const& zones) override {
    auto const now = wall_now();
    for (auto const zone : zones) {
      std::uint32_t previous = 0;
      auto const seq = ++seq_;
      {
        std::lock_guard const lock{mutex_};
        previous = std::exchange(last_[zone], seq);
        places_[zone].push_back(seq);
      }
      if (auto said = say(grid_zone_id(zone), make_message(zone, seq, previous, now)); !said) return said;
    }
    return {};
  }
  result<std::vector<std::vector<std::uint32_t>>> places() override {
    std::lock_guard const lock{mutex_};
    return places_;
  }

 protected:
  explicit peer(ground on) : contender{on.zones}, on_{std::move(on)}, places_(on_.zones) {}
  [[nodiscard]] virtual result<void> say(std::string const& zone, std::string const& message) = 0;

  result<void> start_redis() {
    redis_port_ = free_port();
    auto started =
        child_process::start({{kRedis, "--port", std::to_string(redis_port_), "--bind", "127.0.0.1", "--unixsocket",
                               on_.folder + "/peer.sock", "--save", "", "--appendonly", "no", "--dir", on_.folder},
                              on_.folder + "/peer-redis.log",
                              ""});
    if (!started) return started.error();
    redis_ = std::move(started).value();
    if (!wait_until([this] { return answers(redis_port_); }, kUpWithin))
      return failure{reason::not_ready, "Redis did not come up, see " + on_.folder};
    return {};
  }

  ground on_;
  std::vector<std::uint16_t> ports_;
  std::vector<std::unique_ptr<child_process>> processes_;
  std::unique_ptr<child_process> redis_;
  std::uint16_t redis_port_ = 0;

 private:
  std::uint32_t seq_ = 0;
  std::vector<std::vector<std::uint32_t>> places_;
};

class floor_contender final : public peer {
 public:
  explicit floor_contender(ground on) : peer{std::move(on)} {}
  ~floor_contender() override {
    if (speaks_ != nullptr) redisFree(speaks_);
  }
  result<void> start() {
    if (auto up = start_redis(); !up) return up;
    speaks_ = redisConnect("127.0.0.1", redis_port_);
    for (std::size_t i = 0; i < on_.servers; ++i) {
      ports_.push_back(free_port());
      auto started = child_process::start({{on_.programs + "/siren_fanout_floor", "--port", std::to_string(ports_[i]),
                                            "--redis", on_.folder + "/peer.sock"},
                                           fmt::format("{}/floor-{}.log", on_.folder, i),
                                           ""});
      if (!started) return started.error();
      processes_.push_back(std::move(started).value());
    }
    return {};
  }
  std::string wire() const override { return "plain"; }

 private:
  result<void> say(std::string const& zone, std::string const& message) override {
    auto const channel = "floor." + zone;
    auto* const reply =
        redisCommand(speaks_, "PUBLISH %b %b", channel.data(), channel.size(), message.data(), message.size());
    if (reply == nullptr) return failure{reason::bus_unavailable, "Redis does not answer"};
    freeReplyObject(reply);
    return {};
  }
  redisContext* speaks_ = nullptr;
};

class nchan_contender final : public peer {
 public:
  explicit nchan_contender(ground on) : peer{std::move(on)} {}
  result<void> start() {
    for (auto const* file : {kNginx, kNchan})
      if (!std::filesystem::exists(file)) return failure{reason::not_ready, std::string{file} + " is not installed"};
    if (auto up = start_redis(); !up) return up;
    if (on_.tls) {
      auto made = own_certificate(on_.folder);
      if (!made) return made.error();
      certificate_ = std::move(made).value();
    }
    for (std::size_t i = 0; i < on_.servers; ++i) {
      ports_.push_back(free_port());
      inner_.push_back(free_port());
      auto const name = fmt::format("{}/nginx-{}", on_.folder, i);
      std::ofstream{name + ".conf"} << configuration(i, name);
      auto started = child_process::start(
          {{kNginx, "-c", name + ".conf", "-p", on_.folder, "-e", name + ".err"}, name + ".log", ""});
      if (!started) return started.error();
      processes_.push_back(std::move(started).value());
    }
    // The way through Redis is open once it carries something.
    auto const carries = [this] { return speaks_.connect(inner_.front()) && speaks_.post("/pub/none", "none"); };
    if (!wait_until(carries, kUpWithin)) return failure{reason::not_ready, "nginx did not come up, see " + on_.folder};
    return {};
  }
  std::string wire() const override { return "websocket"; }

 private:
  std::string configuration(std::size_t i, std::string const& name) const {
    auto const secure = on_.tls ? fmt::format(
                                      "ssl_certificate {}; ssl_certificate_key {}; ssl_protocols TLSv1.3;"
                                      " ssl_session_cache off; ssl_session_tickets on;",
                                      certificate_.chain, certificate_.key)
                                : std::string{};
    std::string const user = geteuid() == 0 ? "user root;\n" : "";
    return fmt::format(
        "load_module {};\n{}worker_processes 1;\nmaster_process off;\ndaemon off;\npid {}.pid;\nworker_rlimit_nofile "
        "{};\n"
        "events {{ worker_connections {}; multi_accept on; use epoll; }}\n"
        "http {{\n  access_log off;\n  client_body_temp_path {}.body;\n  proxy_temp_path {}.proxy;\n"
        "  fastcgi_temp_path {}.fastcgi;\n  uwsgi_temp_path {}.uwsgi;\n  scgi_temp_path {}.scgi;\n"
        "  keepalive_requests 1000000000;\n  keepalive_timeout 3600s;\n"
        "  nchan_shared_memory_size 128M;\n  upstream bus {{ nchan_redis_server redis://127.0.0.1:{}; }}\n"
        "  server {{ listen 127.0.0.1:{}{} backlog=4096;\n    {}\n"
        "    location ~ ^/sub/(.+)$ {{ nchan_subscriber websocket; nchan_channel_id $1; nchan_redis_pass bus;\n"
        "      nchan_subscriber_first_message newest; nchan_subscriber_timeout 0; }}\n  }}\n"
        "  server {{ listen 127.0.0.1:{};\n"
        "    location ~ ^/pub/(.+)$ {{ nchan_publisher http; nchan_channel_id $1; nchan_redis_pass bus;\n"
        "      nchan_message_buffer_length 1; nchan_message_timeout 60s; }}\n  }}\n}}\n",
        kNchan, user, name, kMostFiles, kMostFiles - 500, name, name, name, name, name, redis_port_, ports_[i],
        on_.tls ? " ssl" : "", secure, inner_[i]);
  }

  result<void> say(std::string const& zone, std::string const& message) override {
    return speaks_.post("/pub/" + zone, message);
  }

  static constexpr int kMostFiles = 20'000;
  std::vector<std::uint16_t> inner_;
  certificate certificate_;
  http_poster speaks_;
};

template <typename Kind>
result<std::unique_ptr<contender>> started(ground const& on) {
  auto made = std::make_unique<Kind>(on);
  if (auto up = made->start(); !up) return up.error();
  return std::unique_ptr<contender>{std::move(made)};
}

}  // namespace

result<std::unique_ptr<contender>> start_nchan(ground const& on) {
  return started<nchan_contender>(on);
}
result<std::unique_ptr<contender>> start_floor(ground const& on) {
  return started<floor_contender>(on);
}

}  // namespace siren::fanout
