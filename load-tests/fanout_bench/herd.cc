#include "fanout_bench/herd.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace siren::fanout {
namespace {

constexpr milliseconds kUpWithin{10'000};
constexpr milliseconds kStopGrace{3'000};
constexpr int kAnswerWithinMs = 60'000;
constexpr std::size_t kFilesBeside = 2'500;
constexpr std::size_t kMostPhones = 17'500;

int connect_to(std::string const& path) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (path.size() >= sizeof to.sun_path) return -1;
  std::memcpy(to.sun_path, path.c_str(), path.size());
  auto const fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(fd, reinterpret_cast<sockaddr const*>(&to), sizeof to) == 0) return fd;
  ::close(fd);
  return -1;
}

std::optional<std::string> line_from(int fd) {
  std::string line;
  std::vector<char> bytes(1U << 16U);
  for (;;) {
    pollfd waits{fd, POLLIN, 0};
    if (::poll(&waits, 1, kAnswerWithinMs) <= 0) return std::nullopt;
    auto const got = ::recv(fd, bytes.data(), bytes.size(), 0);
    if (got <= 0) return std::nullopt;
    line.append(bytes.data(), static_cast<std::size_t>(got));
    if (line.back() == '\n') return line;
  }
}

}  // namespace

std::size_t phones_a_process() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  return files.rlim_max > 2 * kFilesBeside ? std::min<std::size_t>(files.rlim_max - kFilesBeside, kMostPhones)
                                           : std::max<std::size_t>(files.rlim_max / 2, 1);
}

result<std::unique_ptr<herd>> herd::start(std::string const& programs, std::string const& folder,
                                          std::string const& name, swarm_plan plan) {
  std::unique_ptr<herd> made{new herd};
  auto const processes = (plan.phones + phones_a_process() - 1) / phones_a_process();
  for (std::size_t i = 0; i < processes; ++i) {
    auto const first = plan.phones * i / processes;
    auto const path = fmt::format("{}/{}-{}.sock", folder, name, i);
    std::vector<std::string> command{programs + "/siren_fanout_swarm",
                                     "--control",
                                     path,
                                     "--ports",
                                     fmt::format("{}", fmt::join(plan.ports, ",")),
                                     "--wire",
                                     plan.wire,
                                     "--phones",
                                     std::to_string(plan.phones * (i + 1) / processes - first),
                                     "--first",
                                     std::to_string(plan.first + first),
                                     "--zones",
                                     std::to_string(plan.zones),
                                     "--receive-buffer",
                                     std::to_string(plan.receive_buffer),
                                     "--source",
                                     std::to_string(plan.source + static_cast<int>(i))};
    if (plan.stand_there) command.emplace_back("--stand-there");
    if (plan.tls) command.emplace_back("--tls");
    auto started = child_process::start({command, fmt::format("{}/{}-{}.log", folder, name, i), ""});
    if (!started) return started.error();
    member one{std::move(started).value(), -1};
    auto const up =
        wait_until([&] { return (one.control = connect_to(path)) >= 0 || !one.process->running(); }, kUpWithin);
    if (!up || one.control < 0) return failure{reason::not_ready, "phones did not come up, see " + folder};
    made->members_.push_back(std::move(one));
  }
  return made;
}

herd::~herd() {
  for (auto const& one : members_) {
    if (one.control >= 0) ::close(one.control);
    one.process->stop(kStopGrace);
  }
}

std::vector<nlohmann::json> herd::tell(nlohmann::json const& what) {
  auto const line = what.dump() + "\n";
  for (auto const& one : members_)
    if (::send(one.control, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) lost_ = true;
  std::vector<nlohmann::json> answers;
  for (auto const& one : members_) {
    auto const answer = line_from(one.control);
    auto read = answer ? nlohmann::json::parse(*answer, nullptr, false) : nlohmann::json{};
    if (!answer || read.is_discarded())
      lost_ = true;
    else
      answers.push_back(std::move(read));
  }
  return answers;
}

void herd::connect(double per_second) {
  (void)tell({{"do", "connect"}, {"rate", per_second / static_cast<double>(members_.size())}});
}

void herd::cut(double share, std::optional<milliseconds> back) {
  nlohmann::json what{{"do", "cut"}, {"share", share}};
  if (back) what["back_ms"] = back->count();
  (void)tell(what);
}

void herd::stall(double share, bool always) {
  (void)tell({{"do", "stall"}, {"share", share}, {"always", always}});
}

void herd::read_again() {
  (void)tell({{"do", "read"}});
}

swarm_report herd::report(std::vector<std::uint32_t> const& last_by_zone, bool reset) {
  swarm_report all;
  for (auto const& one : tell({{"do", "report"}, {"last", last_by_zone}, {"reset", reset}}))
    all.add(swarm_report::of_json(one));
  return all;
}

stretches herd::ledger() {
  stretches all;
  for (auto const& one : tell({{"do", "ledger"}})) all.add(stretches::of_json(one));
  return all;
}

std::vector<pid_t> herd::pids() const {
  std::vector<pid_t> all;
  for (auto const& one : members_) all.push_back(one.process->pid());
  return all;
}

}  // namespace siren::fanout
