#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/map/plan_picture.h"
#include "cli/map/water.h"

namespace siren {
namespace {

constexpr std::size_t kSampleRoutes = 49;
/// A map is of no night: any moment will do as long as deadlines count from it.
constexpr utc_time kMoment{};

walking_conditions conditions_of(map_request const& asked) {
  walking_conditions now;
  if (asked.light == "dark") now.light = street_light::dark;
  if (asked.light == "blackout") now.light = street_light::blackout;
  now.ice = asked.ice;
  return now;
}

drawn_city head_of(city_bundle const& bundle, map_request const& asked) {
  drawn_city drawn;
  drawn.name_uk = bundle.info.name_uk;
  drawn.name_en = bundle.info.name_en;
  drawn.generated_label_uk = bundle.info.generated_label_uk;
  drawn.generated_label_en = bundle.info.generated_label_en;
  drawn.attribution = bundle.info.attribution;
  if (asked.deadline_minutes) {
    drawn.deadline_uk = fmt::format("До удару {} хв", *asked.deadline_minutes);
    drawn.deadline_en = fmt::format("{} minutes until the earliest impact", *asked.deadline_minutes);
  }
  return drawn;
}

/// Positions of the shelters to close; the first unknown id is the failure.
result<std::vector<std::uint32_t>> find_all(std::vector<shelter> const& shelters, std::vector<std::string> const& ids) {
  std::vector<std::uint32_t> found;
  for (auto const& id : ids) {
    auto const at = std::find_if(shelters.begin(), shelters.end(), [&](shelter const& s) { return s.id.value == id; });
    if (at == shelters.end()) return failure{reason::unknown_shelter, "no shelter \"" + id + "\" in the bundle"};
    found.push_back(static_cast<std::uint32_t>(at - shelters.begin()));
  }
  return found;
}

drawn_plan titled(drawn_plan plan, std::string uk, std::string en) {
  plan.title_uk = std::move(uk);
  plan.title_en = std::move(en);
  return plan;
}

std::string names_of(std::vector<shelter> const& shelters, std::vector<std::uint32_t> const& which, bool uk) {
  if (which.size() > 1) return std::to_string(which.size()) + (uk ? " укриттів" : " shelters");
  return uk ? shelters[which.front()].name_uk : shelters[which.front()].name_en;
}

/// Plans, then closes what is to be closed and plans again; draws the one or both.
void draw_plans(picture_source const& from, city_planner& planner, std::vector<std::uint32_t> const& closed,
                drawn_city& drawn) {
  auto const first = moment_of(planner, planner.make(kMoment, 1));
  if (closed.empty()) {
    drawn.frame = frame_of(*from.city.streets);
    drawn.plans.push_back(titled(picture_of(from, first, drawn.frame, kSampleRoutes), "План на зараз", "The plan now"));
    return;
  }
  std::vector<lat_lon> places;
  for (auto const i : closed) {
    auto shut = from.walks.shelters[i];
    shut.state = open_state::closed;
    verify(planner.shelter_changed(shut), "a shelter of the bundle is a target");
    places.push_back(shut.place);
  }
  auto const second = moment_of(planner, planner.make(kMoment, 2));
  drawn.frame = frame_of_change(from, *first.plan, *second.plan, places);
  auto const& all = from.walks.shelters;
  drawn.plans.push_back(titled(picture_of(from, first, drawn.frame, kSampleRoutes, &second), "До", "Before"));
  drawn.plans.push_back(titled(picture_of(from, second, drawn.frame, kSampleRoutes, &first),
                               "Після: зачинено " + names_of(all, closed, true),
                               "After: closed " + names_of(all, closed, false)));
  drawn.highlight = closed;
  drawn.redirected = second.figures.moved;
}

std::string summary_of(drawn_city const& drawn) {
  std::string text;
  if (!drawn.generated_label_en.empty()) text += drawn.generated_label_en + '\n';
  for (auto const& plan : drawn.plans) {
    auto const of = [&](street_fate f) { return plan.totals.by_fate[static_cast<std::size_t>(f)]; };
    text += fmt::format(
        "{}: {} people, {} have a place, {} find all full, {} too far, {} without a way; {} over "
        "capacity; mean walk {:.1f} min\n",
        plan.title_en, plan.totals.people, of(street_fate::sheltered), of(street_fate::no_room),
        of(street_fate::too_far), of(street_fate::unreachable), plan.totals.overload, plan.totals.mean_walk_minutes);
  }
  if (drawn.redirected) text += fmt::format("{} people sent elsewhere\n", *drawn.redirected);
  return text;
}

result<void> write_file(std::string const& path, std::string const& bytes) {
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) return failure{reason::file_unreadable, "can't write " + path};
  return {};
}

}  // namespace

int run_map(terminal const& io, instance_addresses const&, map_request const& asked) {
  bool const svg = asked.out.ends_with(".svg");
  if (!svg && !asked.out.ends_with(".geojson")) return io.wrong_use("--out ends with .svg or .geojson");
  auto const city = load_whole_city(asked.city);
  if (!city) return io.fail(city.error());
  auto const closed = find_all(city->bundle.shelters, asked.close);
  if (!closed) return io.fail(closed.error());
  io.out << "streets: " << city->streets->node_count() << " nodes; shelters: " << city->bundle.shelters.size() << '\n';

  judge_policy const judging;
  planner_policy policy;
  policy.walking = judging.walking;
  walk_request walking;
  walking.shelters = city->bundle.shelters;
  walking.people = people_of(*city, asked.people);
  walking.conditions = conditions_of(asked);
  walking.walking = judging.walking;
  auto const walks = walk_city(*city, std::move(walking));
  city_planner planner{walks, policy};
  std::optional<seconds> until_impact;
  if (asked.deadline_minutes) {
    until_impact = minutes{*asked.deadline_minutes};
    for (std::uint32_t a = 0; a < walks.areas; ++a)
      planner.area_changed(area_index{a}, {true, kMoment + *until_impact}, kMoment);
  }
  auto drawn = head_of(city->bundle, asked);
  if (city->bundle.water) {
    auto water = read_water(*city->bundle.water);
    if (!water) return io.fail(water.error());
    drawn.water = std::move(*water);
  }
  draw_plans({*city, walks, judging, until_impact}, planner, *closed, drawn);
  if (auto const written = write_file(asked.out, svg ? draw_svg(drawn) : draw_geojson(drawn)); !written)
    return io.fail(written.error());
  io.out << summary_of(drawn) << asked.out << " written\n";
  return 0;
}

}  // namespace siren
