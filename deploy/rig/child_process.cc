#include "rig/child_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <mutex>
#include <random>
#include <set>

namespace siren {
namespace {

constexpr int kPollMs = 10;
constexpr milliseconds kDestructorGrace{5'000};

int decoded(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Runs in the forked child: only async-signal-safe calls and what the single remaining thread may do.
[[noreturn]] void become(child_process::plan const& what, passwd const* user, std::vector<char*> const& argv) {
  if (user != nullptr && (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
    _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (chdir("/") != 0) _exit(126);
  auto const nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, 0);
  if (!what.output.empty()) {
    dup2(3, 1);
    dup2(3, 2);
  }
  for (int fd = 3; fd < 256; ++fd) close(fd);
  execv(argv[0], argv.data());
  _exit(127);
}

/// Below the ports that Linux gives to outgoing connections (32768 and up): one of those could take a port between its
/// choice and its use.
constexpr std::uint16_t kFirstPort = 15'000;
constexpr std::uint16_t kLastPort = 32'000;
constexpr int kPortTries = 10'000;

bool can_bind(std::uint16_t port) {
  auto const fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto const bound = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return bound;
}

}  // namespace

result<std::unique_ptr<child_process>> child_process::start(plan what) {
  passwd const* user = nullptr;
  if (!what.as_user.empty() && geteuid() == 0) {
    user = getpwnam(what.as_user.c_str());
    if (user == nullptr) return failure{reason::not_ready, "there is no user " + what.as_user};
  }
  if (access(what.command.at(0).c_str(), X_OK) != 0)
    return failure{reason::file_unreadable, "can't run " + what.command[0] + ": " + std::strerror(errno)};
  int output = -1;
  if (!what.output.empty()) {
    output = open(what.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (output < 0) return failure{reason::file_unreadable, "can't write " + what.output + ": " + std::strerror(errno)};
  }
  std::vector<char*> argv;
  for (auto& word : what.command) argv.push_back(word.data());
  argv.push_back(nullptr);
  auto const pid = fork();
  if (pid == 0) {
    if (output >= 0) dup2(output, 3);
    become(what, user, argv);
  }
  if (output >= 0) close(output);
  if (pid < 0) return failure{reason::not_ready, std::string{"can't fork: "} + std::strerror(errno)};
  return std::unique_ptr<child_process>{new child_process{std::move(what), pid}};
}

child_process::~child_process() {
  stop(kDestructorGrace);
}

bool child_process::running() {
  if (exit_status_) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  exit_status_ = decoded(status);
  return false;
}

void child_process::send(int signal) {
  if (running()) kill(pid_, signal);
}

void child_process::stop(milliseconds grace) {
  if (!running()) return;
  send(SIGCONT);
  send(plan_.stop_signal);
  if (!wait_for_exit(grace)) kill_hard();
}

void child_process::kill_hard() {
  if (!running()) return;
  kill(pid_, SIGKILL);
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_status_ = decoded(status);
}

std::optional<int> child_process::wait_for_exit(milliseconds at_most) {
  (void)wait_until([this] { return !running(); }, at_most);
  return exit_status_;
}

bool wait_until(std::function<bool()> const& ready, milliseconds at_most) {
  auto const deadline = std::chrono::steady_clock::now() + at_most;
  while (!ready()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    poll(nullptr, 0, kPollMs);
  }
  return true;
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  std::ifstream in{"/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children"};
  for (pid_t child = 0; in >> child;) found.push_back(child);
  return found;
}

std::uint16_t free_port() {
  static std::mutex mutex;
  static std::set<std::uint16_t> given;
  thread_local std::mt19937 random{std::random_device{}()};
  std::uniform_int_distribution<std::uint16_t> any{kFirstPort, kLastPort};
  for (int tries = 0;; ++tries) {
    verify(tries < kPortTries, "the loopback has a free port");
    auto const port = any(random);
    std::lock_guard const lock{mutex};
    if (given.contains(port) || !can_bind(port)) continue;
    given.insert(port);
    return port;
  }
}

}  // namespace siren
