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

/// The head of a country's log, made with a random epoch when there is none. `locked`: nobody else changes it before
/// this transaction ends.
[[nodiscard]] picture_head head_of(pqxx::work& work, std::string const& country, bool locked);
void move_head(pqxx::work& work, std::string const& country, picture_head const& to);
/// Never 0, never twice in practice: 62 random bits, positive as a bigint.
[[nodiscard]] std::uint64_t random_epoch();

/// Everything alive as of one instant, placed at the head.
struct picture_state {
  picture_head head;
  threats::v1::PictureStep step;
};
[[nodiscard]] picture_state state_of(pqxx::work& work, std::string const& country, bool ended_alarms_too);

}  // namespace siren
