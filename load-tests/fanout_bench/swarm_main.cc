// A process full of phones, told what to do over a unix socket: one JSON object a line, one line back.
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <iostream>

#include <CLI/CLI.hpp>

#include "fanout_bench/swarm_loop.h"

namespace siren::fanout {
namespace {

constexpr milliseconds kTurn{1'000};
constexpr std::size_t kMostLine = 1U << 16U;
/// Nobody told us anything for so long: whoever started us is gone.
constexpr int kTurnsAlone = 600;

int listen_at(std::string const& path) {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  verify(path.size() < sizeof at.sun_path, "a socket's path has at most 107 bytes");
  std::memcpy(at.sun_path, path.c_str(), path.size());
  auto const fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::unlink(path.c_str());
  verify(::bind(fd, reinterpret_cast<sockaddr const*>(&at), sizeof at) == 0 && ::listen(fd, 1) == 0,
         "the control's socket can be made");
  auto const one = ::accept4(fd, nullptr, nullptr, SOCK_CLOEXEC);
  ::close(fd);
  return one;
}

bool send_line(int to, std::string line) {
  line += '\n';
  std::string_view left = line;
  while (!left.empty()) {
    auto const put = ::send(to, left.data(), left.size(), MSG_NOSIGNAL);
    if (put <= 0) return false;
    left.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

std::optional<std::string> read_line(int from, std::string& kept) {
  for (;;) {
    if (auto const end = kept.find('\n'); end != std::string::npos) {
      auto line = kept.substr(0, end);
      kept.erase(0, end + 1);
      return line;
    }
    char bytes[4'096];
    auto const got = ::recv(from, bytes, sizeof bytes, 0);
    if (got <= 0 || kept.size() > kMostLine) return std::nullopt;
    kept.append(bytes, static_cast<std::size_t>(got));
  }
}

nlohmann::json obey(swarm_loop& phones, nlohmann::json const& told) {
  auto const what = told.at("do").get<std::string>();
  if (what == "connect") phones.connect(told.at("rate").get<double>());
  if (what == "cut") {
    std::optional<milliseconds> back;
    if (told.contains("back_ms")) back = milliseconds{told.at("back_ms").get<std::int64_t>()};
    phones.cut(told.at("share").get<double>(), back);
  }
  if (what == "stall") phones.stall(told.at("share").get<double>(), told.at("always").get<bool>());
  if (what == "read") phones.read_again();
  if (what == "report")
    return phones.report(told.at("last").get<std::vector<std::uint32_t>>(), told.at("reset").get<bool>()).as_json();
  if (what == "ledger") return phones.ledger().as_json();
  return {{"done", what}};
}

int serve(swarm_plan const& plan, std::string const& path) {
  auto const control = listen_at(path);
  swarm_loop phones{plan};
  phones.listen_to(control);
  std::string kept;
  for (int alone = 0; alone < kTurnsAlone; ++alone) {
    if (!phones.run(kTurn)) continue;
    alone = 0;
    auto const line = read_line(control, kept);
    if (!line) return 0;
    auto const told = nlohmann::json::parse(*line, nullptr, false);
    if (told.is_discarded()) return 1;
    if (!send_line(control, obey(phones, told).dump())) return 0;
  }
  return 0;
}

}  // namespace
}  // namespace siren::fanout

int main(int argc, char** argv) {
  siren::fanout::swarm_plan plan;
  std::string control;
  CLI::App app{"Phones of a load test", "siren_fanout_swarm"};
  app.add_option("--control", control)->required();
  app.add_option("--ports", plan.ports)->required()->delimiter(',');
  app.add_option("--wire", plan.wire)->check(CLI::IsMember({"siren", "websocket", "plain"}));
  app.add_option("--phones", plan.phones)->required();
  app.add_option("--first", plan.first);
  app.add_option("--zones", plan.zones)->required();
  app.add_option("--receive-buffer", plan.receive_buffer);
  app.add_option("--source", plan.source)->check(CLI::Range(1, 254));
  app.add_flag("--stand-there", plan.stand_there);
  app.add_flag("--tls", plan.tls);
  CLI11_PARSE(app, argc, argv);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  return siren::fanout::serve(plan, control);
}
