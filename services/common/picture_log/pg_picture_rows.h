#pragma once

#include <vector>

#include <pqxx/pqxx>

#include "common/picture_log/picture_log.h"

namespace siren {

/// The picture log's rows other than the log itself, each kind in one statement however many rows. All throw what pqxx
/// throws.
void keep_observations(pqxx::work& work, std::vector<stored_observation> const& observations);
/// History, and the live state: ended tracks leave it.
void keep_tracks(pqxx::work& work, threats::v1::PictureStep const& step);
void keep_region_alarms(pqxx::work& work, threats::v1::PictureStep const& step);
void keep_feeds(pqxx::work& work, threats::v1::PictureStep const& step);
/// History, of which the state is the end.
void keep_launches(pqxx::work& work, threats::v1::PictureStep const& step);
/// Empties the live state of tracks, alarms and feeds; history stays.
void forget_state(pqxx::work& work);

}  // namespace siren
