#include "fanout_bench/alert_text.h"

#include "common/convert/base_convert.h"
#include "fanout_bench/grid_city.h"
#include "siren/alerts/v1/alert_service.pb.h"

namespace siren::fanout {

alerts::v1::Alert make_alert(zone_number zone, std::uint32_t revision, wall_time published) {
  alerts::v1::Alert to;
  auto const id = grid_zone_id(zone);
  to.set_alert_id("load-" + id);
  to.set_rev(revision);
  to.set_zone_id(id);
  to.set_stage(zones::v1::STAGE_GO);
  to.set_world(geo::v1::WORLD_EXERCISE);
  utc_time const now{published.time_since_epoch()};
  to_proto(now, to.mutable_raised_time());
  to_proto(now, to.mutable_changed_time());
  to_proto(published, to.mutable_observation_received_time());
  to.set_trace_id("load" + std::to_string(revision));
  to.set_zone_name_uk("Зона");
  to.set_zone_name_en("Zone");
  to.set_headline_uk("НАВЧАННЯ. Ідіть в укриття");
  to.set_headline_en("EXERCISE. Go to shelter");
  to.set_body_uk("Безпілотник з північного сходу, 12-18 хв. Оголошено офіційно.");
  to.set_body_en("Drone from the north-east, 12-18 min. Declared officially.");
  return to;
}

std::string make_message(zone_number zone, std::uint32_t seq, std::uint32_t previous_in_zone, wall_time published) {
  alerts::v1::WatchAlertsResponse to;
  auto* logged = to.mutable_alert();
  logged->mutable_cursor()->set_epoch(1);
  logged->mutable_cursor()->set_seq(seq);
  logged->set_previous_seq_in_zone(previous_in_zone);
  *logged->mutable_alert() = make_alert(zone, seq, published);
  return to.SerializeAsString();
}

}  // namespace siren::fanout
