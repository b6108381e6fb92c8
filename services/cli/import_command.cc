#include <algorithm>
#include <filesystem>

#include "cli/commands.h"
#include "cli/import_call.h"
#include "common/city_bundle/bundle_files.h"
#include "common/city_bundle/shelter_lists.h"
#include "common/rpc_server.h"

namespace siren {
namespace {

namespace api = shelters::v1;
constexpr int kRejectsShown = 20;

struct import_counts {
  std::uint64_t added = 0;
  std::uint64_t changed = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t rejected = 0;
};

void show_reject(terminal const& io, std::string const& place, std::string const& why, std::string const& message) {
  io.err << "siren: left out " << place << ": " << message << " (" << why << ")\n";
}

int import_all(terminal const& io, instance_addresses const& where, std::vector<import_file> const& files,
               bool dry_run) {
  auto const address = where.need("shelter_registry");
  if (!address) return io.wrong_use(address.error().message);
  auto const stub = api::ShelterService::NewStub(internal_channel(*address));
  auto const token = access_token(where);
  if (!token) return io.fail(token.error());
  import_counts sum;
  for (auto const& file : files) {
    if (file.bytes.size() > kMostImportBytes)
      return io.fail(failure{reason::message_too_large, file.name + " has more than 8 MiB; split it"});
    api::ImportSheltersResponse answer;
    if (auto const status = send_import(*stub, file, dry_run, *token, answer); !status.ok())
      return io.fail(status, "shelter_registry at " + *address);
    for (int i = 0; i < std::min(kRejectsShown, answer.rejected_size()); ++i) {
      auto const& bad = answer.rejected(i);
      auto const place = bad.line() == 0 ? file.name : file.name + ":" + std::to_string(bad.line());
      show_reject(io, place, bad.reason(), bad.message());
    }
    sum.added += answer.added();
    sum.changed += answer.changed();
    sum.unchanged += answer.unchanged();
    sum.rejected += answer.rejected_count();
  }
  io.out << (dry_run ? "would import: " : "imported: ") << sum.added << " added, " << sum.changed << " changed, "
         << sum.unchanged << " unchanged, " << sum.rejected << " left out\n";
  return 0;
}

}  // namespace

int run_shelters_import(terminal const& io, instance_addresses const& where, import_request const& asked) {
  if (!asked.mapping.empty()) return run_mapped_import(io, where, asked);
  auto const ending = std::filesystem::path{asked.path}.extension();
  if (ending != ".csv" && ending != ".geojson" && ending != ".json")
    return io.wrong_use("a list of shelters is a .csv or a .geojson file");
  auto text = read_whole_file(asked.path, kMostImportBytes);
  if (!text) return io.fail(text.error());
  auto const format = ending == ".csv" ? api::IMPORT_FORMAT_CSV : api::IMPORT_FORMAT_GEOJSON;
  return import_all(io, where, {{asked.path, format, std::move(*text)}}, asked.dry_run);
}

int run_city_import(terminal const& io, instance_addresses const& where, import_request const& asked) {
  auto const city = load_city_bundle(asked.path);
  if (!city) return io.fail(city.error());
  int shown = 0;
  for (auto const& bad : city->rejects)
    if (shown++ < kRejectsShown)
      show_reject(io, bad.file + ":" + std::to_string(bad.row), std::string{name_of(bad.because.why)},
                  bad.because.message);
  std::vector<import_file> files;
  for (auto& text : write_shelters_geojson(city->shelters, kMostImportBytes))
    files.push_back({"shelters", api::IMPORT_FORMAT_GEOJSON, std::move(text)});
  auto const stations = std::count_if(city->shelters.begin(), city->shelters.end(),
                                      [](auto const& s) { return s.type == shelter_type::metro_station; });
  io.out << city->info.name_en << (city->info.generated ? " [" + city->info.generated_label_en + "]" : "") << ": "
         << city->shelters.size() << " shelters, " << stations << " of them metro stations\n";
  return import_all(io, where, files, asked.dry_run);
}

}  // namespace siren
