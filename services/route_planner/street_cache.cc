#include "route_planner/street_cache.h"

#include <filesystem>

#include "common/log.h"
#include "core/route/binary.h"
#include "route_planner/adapters/osm_streets.h"

namespace siren {
namespace {

constexpr std::size_t kKeptFiles = 2;  // the release before may still be asked back

void tell(street_import const& imported) {
  log(log_level::info, "streets_imported",
      {{"nodes", imported.counts.nodes},
       {"segments", imported.counts.segments},
       {"ways_read", imported.ways_read},
       {"ways_taken", imported.counts.ways},
       {"points_missing", imported.counts.points_missing},
       {"bad_locations", imported.bad_locations},
       {"small_parts_dropped", imported.counts.small_parts},
       {"nodes_in_small_parts", imported.counts.nodes_in_small_parts}});
  for (std::size_t i = 1; i < imported.refused.size(); ++i)
    if (imported.refused[i] > 0)
      log(log_level::info, "ways_refused",
          {{"why", name_of(static_cast<foot_refusal>(i))}, {"count", imported.refused[i]}});
}

/// The extract's content and the program that reads it: rules of import change with releases.
result<std::uint64_t> key_of(std::string const& file, bool generated) {
  auto const extract = map_file(file);
  if (!extract) return extract.error();
  std::error_code unknown;
  std::filesystem::path const program{"/proc/self/exe"};
  byte_writer all;
  all.value(checksum(extract->bytes));
  all.value(std::uint64_t{std::filesystem::file_size(program, unknown)});
  all.value(
      static_cast<std::int64_t>(std::filesystem::last_write_time(std::filesystem::canonical(program, unknown), unknown)
                                    .time_since_epoch()
                                    .count()));
  all.value(std::uint64_t{generated});
  return checksum(all.bytes());
}

}  // namespace

result<std::shared_ptr<street_graph const>> load_streets(std::string const& file, bool generated,
                                                         file_cache const& cache) {
  std::optional<std::uint64_t> key;
  if (cache.keeps()) {
    auto const known = key_of(file, generated);
    if (!known) return known.error();
    key = *known;
    if (auto found = cache.find("imported", *key)) {
      auto read = read_street_graph(std::move(*found));
      if (read) {
        log(log_level::info, "streets_from_cache", {{"nodes", read->node_count()}});
        return std::make_shared<street_graph const>(std::move(*read));
      }
    }
  }
  auto imported = import_osm_streets(file, generated);
  if (!imported) return imported.error();
  tell(*imported);
  auto streets = std::make_shared<street_graph const>(std::move(imported->streets));
  if (key) (void)cache.keep("imported", *key, shared_bytes::owned(write_street_graph(*streets)), kKeptFiles);
  return streets;
}

}  // namespace siren
