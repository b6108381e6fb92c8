#pragma once

#include <optional>
#include <string>

#include <pqxx/pqxx>

#include "common/picture_log/picture_log.h"

namespace siren {

struct picture_head {
  cursor at;
  std::uint64_t last_track_id = 0;
};

/// The head of a country's log, made with an epoch when there is none. `locked`: nobody else changes it before
/// this transaction ends.
[[nodiscard]] picture_head head_of(pqxx::work& work, std::string const& country, bool locked);
void move_head(pqxx::work& work, std::string const& country, picture_head const& to);
/// Higher than every epoch before it, also when the log was restored from a copy that does not know the newest: the
/// microseconds since 1970, by the database's clock, or one more than `newest`. Positive as a bigint.
[[nodiscard]] std::uint64_t next_epoch(pqxx::work& work, std::uint64_t newest);

/// Everything alive as of one instant, placed at the head.
struct picture_state {
  picture_head head;
  threats::v1::PictureStep step;
};
[[nodiscard]] picture_state state_of(pqxx::work& work, std::string const& country, bool ended_alarms_too);

}  // namespace siren
