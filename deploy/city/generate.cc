#include "generate.h"

#include <ostream>

#include "bundle_writer.h"
#include "shelter_maker.h"
#include "street_arterials.h"
#include "street_details.h"
#include "street_lattice.h"
#include "street_links.h"
#include "street_names.h"

namespace siren::city {
namespace {

constexpr double kLeastScale = 0.02;
constexpr double kMostScale = 5.0;

/// Lanes of the seed: a change in one part of the city leaves the others as they were.
enum lane : std::uint64_t { lattice_lane = 1, bend_lane, courtyard_lane, name_lane, writer_lane, shelter_lane };

street_network make_streets(city_facts const& facts, plane const& ground, terrain const& land,
                            generate_options const& options, std::ostream& progress) {
  double const block_scale = 1.0 / std::sqrt(options.scale);
  street_network net;
  random_stream lattice_random{options.seed, lattice_lane};
  lay_lattices(facts, ground, land, block_scale, lattice_random, net);
  progress << "  crossings " << net.nodes.size() << " in " << facts.neighbourhoods.size() << " neighbourhoods\n";
  stitch(land, block_scale, net);
  add_bridges(facts, ground, land, net);
  join_parts(land, net);
  raise_arterials(facts, ground, net);
  progress << "  one network over " << facts.bridges.size() << " bridges, through roads raised\n";
  random_stream bend_random{options.seed, bend_lane};
  bend_links(facts, land, block_scale, bend_random, net);
  random_stream courtyard_random{options.seed, courtyard_lane};
  add_courtyards(facts, land, courtyard_random, net);
  tie_metro(facts, ground, land, net);
  random_stream name_random{options.seed, name_lane};
  name_streets(facts, name_random, net);
  return net;
}

std::vector<std::vector<polygon>> district_shapes(city_facts const& facts) {
  std::vector<std::vector<polygon>> shapes;
  for (auto const& d : facts.districts) shapes.push_back(facts.zones[d.zone].shape);
  return shapes;
}

/// A bridge whose end stands in water (or within a raster cell of it) would be tied to nothing.
result<void> check_bridges(city_facts const& facts, plane const& ground, terrain const& land) {
  for (auto const& b : facts.bridges) {
    for (auto const& at : b.points) {
      if (!land.buildable(ground.to_spot(at))) {
        return failure{reason::malformed,
                       "bridges.geojson: " + b.name_en + " has a point in water or outside the city"};
      }
    }
  }
  return {};
}

/// The facts that go into the bundle as they are; city.json makes it complete.
result<void> copy_facts(generate_options const& options) {
  for (auto const* const file : {"metro.json", "zones.geojson", "population.csv", "water.geojson", "city.json"}) {
    if (auto const copied = copy_over(options.facts / file, options.out / file); !copied) return copied;
  }
  std::error_code ignored;
  auto const* const codes = "region_codes.csv";
  if (std::filesystem::exists(options.facts / codes, ignored))
    return copy_over(options.facts / codes, options.out / codes);
  return {};
}

}  // namespace

result<generate_report> generate(generate_options const& options, std::ostream& progress) {
  if (!(options.scale >= kLeastScale && options.scale <= kMostScale)) {
    return failure{reason::malformed, "scale is not in 0.02 to 5"};
  }
  auto const facts = read_facts(options.facts);
  if (!facts) return facts.error();
  if (!facts->info.generated) return failure{reason::malformed, "city.json of a generated city has generated true"};
  if (auto const made = make_folder(options.out); !made) return made.error();
  std::error_code ignored;
  std::filesystem::remove(options.out / "city.json", ignored);
  plane const ground{facts->info.centre};
  terrain const land{ground, facts->info.city_box, district_shapes(*facts), facts->water};
  if (auto const good = check_bridges(*facts, ground, land); !good) return good.error();
  progress << "streets of " << facts->info.name_en << ", seed " << options.seed << '\n';
  auto const net = make_streets(*facts, ground, land, options, progress);
  random_stream writer_random{options.seed, writer_lane};
  auto const streets = write_streets(*facts, ground, writer_random, net, options.out / "streets.osm.pbf");
  if (!streets) return streets.error();
  progress << "shelters\n";
  random_stream shelter_random{options.seed, shelter_lane};
  auto const shelters = make_shelters(*facts, ground, land, options.scale, shelter_random, net);
  if (auto const written = write_file(options.out / "shelters.csv", shelters_csv(shelters)); !written)
    return written.error();
  if (auto const copied = copy_facts(options); !copied) return copied.error();
  generate_report report{*streets, shelters.size(), 0, facts->metro.stations.size(), facts->zones.size()};
  for (auto const& s : shelters) report.places += s.capacity;
  return report;
}

}  // namespace siren::city
