#include "fanout_bench/process_cost.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace siren::fanout {
namespace {

namespace fs = std::filesystem;

/// The number after `name` in a file of words.
double number_after(std::string const& file, std::string const& line_starts, std::string const& name) {
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(line_starts)) continue;
    std::istringstream words{line};
    for (std::string word; words >> word;) {
      if (word != name) continue;
      double value = 0.0;
      words >> value;
      return value;
    }
  }
  return 0.0;
}

}  // namespace

double cpu_seconds(std::vector<pid_t> const& of) {
  double ns = 0.0;
  for (auto const pid : of) {
    std::error_code gone;
    for (auto const& thread : fs::directory_iterator{"/proc/" + std::to_string(pid) + "/task", gone}) {
      std::ifstream in{thread.path() / "schedstat"};
      double ran = 0.0;
      in >> ran;
      ns += ran;
    }
  }
  return ns / 1e9;
}

double resident_bytes(std::vector<pid_t> const& of) {
  double kb = 0.0;
  for (auto const pid : of) kb += number_after("/proc/" + std::to_string(pid) + "/status", "VmRSS:", "VmRSS:");
  return kb * 1'024.0;
}

double kernel_bytes() {
  auto const page = static_cast<double>(sysconf(_SC_PAGESIZE));
  return number_after("/proc/net/sockstat", "TCP:", "mem") * page +
         number_after("/proc/meminfo", "Slab:", "Slab:") * 1'024.0;
}

std::uint64_t tcp_sockets() {
  return static_cast<std::uint64_t>(number_after("/proc/net/sockstat", "TCP:", "inuse"));
}

}  // namespace siren::fanout
