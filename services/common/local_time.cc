#include "common/local_time.h"

#include <cstdlib>
#include <ctime>

namespace siren {

void live_in_time_zone(std::string const& name) {
  setenv("TZ", (":" + name).c_str(), 1);
  tzset();
}

minutes local_time_of_day(utc_time at) {
  auto const seconds_since = std::chrono::floor<seconds>(at.time_since_epoch()).count();
  auto const when = static_cast<std::time_t>(seconds_since);
  std::tm local{};
  localtime_r(&when, &local);
  return hours{local.tm_hour} + minutes{local.tm_min};
}

}  // namespace siren
