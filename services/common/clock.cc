#include "common/clock.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>

namespace siren {
namespace {

std::atomic<std::int64_t const*> offset_s{nullptr};

microseconds offset() {
  auto const* here = offset_s.load();
  return here == nullptr ? microseconds{0} : seconds{__atomic_load_n(here, __ATOMIC_RELAXED)};
}

wall_time true_wall_now() {
  return wall_time{std::chrono::duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch())};
}

}  // namespace

result<void> follow_clock_offset(std::string const& file) {
  failure const bad{reason::file_unreadable, "can't read a clock's offset from " + file};
  auto const handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0) return bad;
  struct stat status {};
  auto const fits = ::fstat(handle, &status) == 0 && status.st_size >= static_cast<off_t>(sizeof(std::int64_t));
  auto* const mapped = fits ? ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, handle, 0) : MAP_FAILED;
  ::close(handle);
  if (mapped == MAP_FAILED) return bad;
  offset_s = static_cast<std::int64_t const*>(mapped);  // for the process's life
  return {};
}

real_world_clock::real_world_clock(clock_options options) : options_{options} {}

utc_time real_world_clock::now() const {
  auto const wall = true_wall_now();
  if (!options_.scenario) return utc_time{wall.time_since_epoch()} + offset();
  auto const passed = static_cast<double>((wall - options_.anchor).count()) * options_.rate;
  return options_.start + microseconds{static_cast<microseconds::rep>(passed)} + offset();
}

wall_time wall_now() {
  return true_wall_now() + offset();
}

steady_time steady_now() {
  return std::chrono::steady_clock::now();
}

}  // namespace siren
