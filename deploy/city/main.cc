#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <string>

#include "check.h"
#include "from_osm.h"
#include "generate.h"

namespace {

constexpr std::size_t kRejectsShown = 20;

int report(siren::failure const& bad) {
  std::cerr << "siren_city: " << siren::name_of(bad.why) << ": " << bad.message << '\n';
  return 1;
}

int run_generate(siren::city::generate_options const& options) {
  auto const made = siren::city::generate(options, std::cout);
  if (!made) return report(made.error());
  auto const& s = made->streets;
  std::cout << "done: " << s.nodes << " street nodes, " << s.ways << " ways (" << s.named_ways << " named, " << s.stairs
            << " stairs, " << s.bridges << " bridges), " << static_cast<long>(s.length_km) << " km; " << made->shelters
            << " shelters with " << made->places << " places; " << made->stations << " metro stations; " << made->zones
            << " zones\n";
  return 0;
}

int run_from_osm(siren::city::from_osm_options const& options) {
  auto const made = siren::city::bundle_from_osm(options);
  if (!made) return report(made.error());
  std::cout << "done: " << made->highways << " streets, " << made->stations << " stations with " << made->entrances
            << " entrances, " << made->zones << " zones\n";
  if (options.gtfs) {
    std::cout << made->lines << " metro lines; " << made->stations_unmatched
              << " of the feed's stations not on the map; " << made->feed_rejected << " rejected\n";
    for (std::size_t i = 0; i < made->feed_rejects.size() && i < kRejectsShown; ++i) {
      auto const& r = made->feed_rejects[i];
      std::cout << "  " << r.file << ':' << r.row << ": " << siren::name_of(r.because.why) << ": " << r.because.message
                << '\n';
    }
  }
  if (options.format == siren::city::shelter_format::romania)
    std::cout << made->shelters << " shelters; left out: " << made->shelters_outside << " outside the streets, "
              << made->shelters_rejected << " unusable\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Makes and checks city bundles: what a city needs to run Siren (deploy/city/README.md)."};
  app.require_subcommand(1);

  siren::city::generate_options made_up;
  auto* const generate = app.add_subcommand("generate", "Make streets and shelters up around a city's facts");
  generate->add_option("--facts", made_up.facts, "Folder of facts")->required();
  generate->add_option("--seed", made_up.seed, "The same seed gives the same city")->capture_default_str();
  generate->add_option("--out", made_up.out, "Folder of the bundle")->required();
  generate->add_option("--scale", made_up.scale, "Of density, 0.02 to 5")->capture_default_str();

  siren::city::from_osm_options real;
  auto* const from_osm = app.add_subcommand("from-osm", "Make a bundle of an OpenStreetMap extract");
  from_osm->add_option("--streets", real.streets, ".osm.pbf or .osm")->required();
  from_osm->add_option("--name", real.name, "The city's name")->required();
  from_osm->add_option("--out", real.out, "Folder of the bundle")->required();
  from_osm->add_option("--shelters", real.shelters, "A list of shelters; without it only metro stations shelter");
  from_osm->add_option("--shelters-format", real.format, "csv (a shelters.csv) or romania")
      ->transform(CLI::CheckedTransformer(std::map<std::string, siren::city::shelter_format>{
          {"csv", siren::city::shelter_format::csv}, {"romania", siren::city::shelter_format::romania}}));
  from_osm->add_option("--gtfs", real.gtfs, "Folder of a GTFS feed: the metro's lines, runs and hours");
  from_osm->add_option("--people", real.people, "Spread evenly over the city")->capture_default_str();
  from_osm->add_option("--country", real.country, "ISO 3166-1 code")->capture_default_str();
  from_osm->add_option("--time-zone", real.time_zone, "IANA name")->capture_default_str();

  std::filesystem::path folder;
  auto* const check = app.add_subcommand("check", "Load a bundle, print what is in it and what was rejected");
  check->add_option("folder", folder, "Folder of the bundle")->required();

  CLI11_PARSE(app, argc, argv);
  if (*generate) return run_generate(made_up);
  if (*from_osm) return run_from_osm(real);
  return siren::city::check_bundle(folder, std::cout) ? 0 : 1;
}
