#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/import_call.h"
#include "common/city_bundle/bundle_files.h"
#include "common/city_bundle/shelter_lists.h"
#include "common/rpc_server.h"
#include "common/shelter_mapping/shelter_mapping.h"

namespace siren {
namespace {

namespace api = shelters::v1;
using json = nlohmann::ordered_json;

constexpr std::size_t kMostListBytes = 64U << 20U;  // fifty times Kyiv's
constexpr milliseconds kPageWithin{10'000};

/// What the registry made of the list.
struct registry_answer {
  std::uint64_t added = 0;
  std::uint64_t changed = 0;
  std::uint64_t unchanged = 0;
  json differences = json::array();
  std::vector<row_reject> rejects;
};

class mapped_import {
 public:
  mapped_import(terminal const& io, import_request const& asked, std::string address, std::string token)
      : io_{io},
        asked_{asked},
        address_{std::move(address)},
        token_{std::move(token)},
        stub_{api::ShelterService::NewStub(internal_channel(address_))} {}

  /// Empty: done; else the exit status.
  std::optional<int> send(mapped_list const& list, registry_answer& answer) {
    std::size_t before = 0;  // records in the parts already sent
    for (auto& text : write_shelters_geojson(list.shelters, kMostImportBytes)) {
      auto const records = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) - 2;
      api::ImportSheltersResponse told;
      auto const status =
          send_import(*stub_, {asked_.path, api::IMPORT_FORMAT_GEOJSON, std::move(text)}, asked_.dry_run, token_, told);
      if (!status.ok()) return io_.fail(status, "shelter_registry at " + address_);
      take(told, list, before, answer);
      before += records;
    }
    return std::nullopt;
  }

  /// Shelters of this list's kind that the registry has and the list has not.
  std::optional<int> find_gone(std::string const& prefix, mapped_list const& list, json& gone) {
    if (prefix.empty()) return std::nullopt;
    std::set<shelter_id> here;
    for (auto const& s : list.shelters) here.insert(s.id);
    api::ListSheltersRequest request;
    do {
      api::ListSheltersResponse page;
      grpc::ClientContext context;
      set_deadline(context, kPageWithin);
      if (auto const status = stub_->ListShelters(&context, request, &page); !status.ok())
        return io_.fail(status, "shelter_registry at " + address_);
      for (auto const& s : page.shelters())
        if (s.shelter_id().starts_with(prefix) && !here.contains(shelter_id{s.shelter_id()}))
          gone.push_back(s.shelter_id());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return std::nullopt;
  }

 private:
  static void take(api::ImportSheltersResponse const& told, mapped_list const& list, std::size_t before,
                   registry_answer& into) {
    into.added += told.added();
    into.changed += told.changed();
    into.unchanged += told.unchanged();
    for (auto const& one : told.differences())
      into.differences.push_back(
          {{"id", one.shelter_id()}, {"fields", std::vector<std::string>{one.fields().begin(), one.fields().end()}}});
    for (auto const& bad : told.rejected()) {
      auto const at = before + bad.line() - 1;
      bool const known = bad.line() > 0 && at < list.lines.size();
      auto const why = std::string{bad.reason()} + ": " + bad.message();
      into.rejects.push_back({known ? list.lines[at] : 0,
                              known ? list.shelters[at].id.value : "",
                              {reason::malformed, "refused by the registry, " + why}});
    }
  }

  terminal const& io_;
  import_request const& asked_;
  std::string address_;
  std::string token_;
  std::unique_ptr<api::ShelterService::Stub> stub_;
};

json report_of(mapped_list const& list, registry_answer const& answer) {
  auto rejects = list.rejects;
  rejects.insert(rejects.end(), answer.rejects.begin(), answer.rejects.end());
  std::set<std::string> refused;
  for (auto const& bad : answer.rejects) refused.insert(bad.id);
  std::size_t kept = 0;
  std::size_t doubtful = 0;
  std::map<std::string, std::size_t> doubts;
  std::map<std::string, std::size_t> refusals;
  auto doubtful_rows = json::array();
  auto rejected_rows = json::array();
  for (std::size_t i = 0; i < list.shelters.size(); ++i) {
    if (refused.contains(list.shelters[i].id.value)) continue;
    ++kept;
    auto const why = obstacle_of(list.shelters[i]);
    if (!why) continue;
    ++doubtful;
    ++doubts[std::string{name_of(*why)}];
    doubtful_rows.push_back(
        {{"line", list.lines[i]}, {"id", list.shelters[i].id.value}, {"reason", std::string{name_of(*why)}}});
  }
  for (auto const& bad : rejects) {
    auto const why = std::string{name_of(bad.because.why)};
    ++refusals[why];
    rejected_rows.push_back({{"line", bad.line}, {"id", bad.id}, {"reason", why}, {"message", bad.because.message}});
  }
  return {{"rows", list.rows},
          {"routable", kept - doubtful},
          {"doubtful", doubtful},
          {"rejected", rejects.size()},
          {"doubtful_by_reason", doubts},
          {"rejected_by_reason", refusals},
          {"doubtful_rows", std::move(doubtful_rows)},
          {"rejected_rows", std::move(rejected_rows)}};
}

std::string counted(json const& by_reason) {
  std::string text;
  for (auto const& [why, count] : by_reason.items())
    text += (text.empty() ? " (" : ", ") + why + " " + std::to_string(count.get<std::size_t>());
  return text.empty() ? text : text + ")";
}

void tell(terminal const& io, json const& report) {
  auto const number = [&](char const* key) { return std::to_string(report[key].get<std::size_t>()); };
  io.out << number("rows") << " rows: " << number("routable") << " routable, " << number("doubtful") << " doubtful"
         << counted(report["doubtful_by_reason"]) << ", " << number("rejected") << " rejected"
         << counted(report["rejected_by_reason"]) << '\n'
         << (report["dry_run"].get<bool>() ? "would import: " : "imported: ") << number("added") << " added, "
         << number("changed") << " changed, " << number("unchanged") << " unchanged, " << report["gone"].size()
         << " no longer on the list\n";
}

}  // namespace

int run_mapped_import(terminal const& io, instance_addresses const& where, import_request const& asked) {
  auto const begin = std::chrono::steady_clock::now();
  auto const address = where.need("shelter_registry");
  if (!address) return io.wrong_use(address.error().message);
  auto const mapping = read_mapping(asked.mapping, asked.mappings);
  if (!mapping) return io.fail(mapping.error());
  auto const text = read_whole_file(asked.path, kMostListBytes);
  if (!text) return io.fail(text.error());
  auto const list = map_list(*text, *mapping);
  if (!list) return io.fail(list.error());
  auto const token = access_token(where);
  if (!token) return io.fail(token.error());
  mapped_import call{io, asked, *address, *token};
  registry_answer answer;
  auto gone = json::array();
  if (auto const failed = call.send(*list, answer)) return *failed;
  if (auto const failed = call.find_gone(mapping->id_prefix, *list, gone)) return *failed;
  auto report = report_of(*list, answer);
  report["mapping"] = mapping->name;
  report["dry_run"] = asked.dry_run;
  report["added"] = answer.added;
  report["changed"] = answer.changed;
  report["unchanged"] = answer.unchanged;
  report["differences"] = std::move(answer.differences);
  report["gone"] = std::move(gone);
  report["seconds"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  tell(io, report);
  if (asked.json.empty()) return 0;
  std::ofstream file{asked.json};
  file << report.dump(1) << '\n';
  if (!file.flush()) return io.fail(failure{reason::file_unreadable, asked.json + " can't be written"});
  return 0;
}

}  // namespace siren
