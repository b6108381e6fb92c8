#include "shelter_registry/handlers.h"

#include <algorithm>

#include <prometheus/counter.h>

#include "common/city_bundle/shelter_lists.h"
#include "common/convert/shelter_convert.h"
#include "common/log.h"
#include "common/rpc_server.h"
#include "shelter_registry/convert.h"

namespace siren {
namespace {

// The registry serves any city: a list may hold places anywhere. The bundle's loader is what knows a city's box.
constexpr lat_lon_box kAnywhere{{degrees{-90}, degrees{-180}}, {degrees{90}, degrees{180}}};

}  // namespace

struct shelter_handlers::upload {
  std::string request_id;
  shelters::v1::ImportFormat format = shelters::v1::IMPORT_FORMAT_UNSPECIFIED;
  bool dry_run = false;
  std::string bytes;
};

shelter_handlers::shelter_handlers(parts const& given, registry_limits const& limits)
    : parts_{given}, outcomes_{given.counts}, limits_{limits} {}

grpc::Status shelter_handlers::ListShelters(grpc::ServerContext*, shelters::v1::ListSheltersRequest const* request,
                                            shelters::v1::ListSheltersResponse* response) {
  auto const place = place_of(*request);
  if (!place) return outcomes_.refuse("ListShelters", place.error());
  auto const asked = request->page_size() == 0 ? limits_.page : std::size_t{request->page_size()};
  auto const page = parts_.store.list(place->from, std::min(asked, limits_.page));
  if (!page) return outcomes_.refuse("ListShelters", page.error());
  to_proto(*page, *place, response);
  return outcomes_.answered("ListShelters");
}

grpc::Status shelter_handlers::GetShelter(grpc::ServerContext*, shelters::v1::GetShelterRequest const* request,
                                          shelters::v1::GetShelterResponse* response) {
  auto const found = parts_.store.get(shelter_id{request->shelter_id()});
  if (!found) return outcomes_.refuse("GetShelter", found.error());
  to_proto(*found, response->mutable_shelter());
  return outcomes_.answered("GetShelter");
}

grpc::Status shelter_handlers::UpdateShelter(grpc::ServerContext* call,
                                             shelters::v1::UpdateShelterRequest const* request,
                                             shelters::v1::UpdateShelterResponse* response) {
  return mutate(*call, "UpdateShelter", from_proto(*request), response->mutable_shelter(), request->ShortDebugString());
}

grpc::Status shelter_handlers::ReportOccupancy(grpc::ServerContext* call,
                                               shelters::v1::ReportOccupancyRequest const* request,
                                               shelters::v1::ReportOccupancyResponse* response) {
  return mutate(*call, "ReportOccupancy", from_proto(*request), response->mutable_shelter(), "");
}

result<person> shelter_handlers::may_edit(grpc::ServerContext const& call) const {
  return parts_.guard.admit(call, "", {role::shelter_editor}, {parts_.city});
}

grpc::Status shelter_handlers::mutate(grpc::ServerContext const& call, char const* method,
                                      result<shelter_mutation> const& asked, shelters::v1::Shelter* answer,
                                      std::string const& recorded) {
  auto const who = may_edit(call);
  if (!who) return outcomes_.refuse(method, who.error());
  if (!asked) return outcomes_.refuse(method, asked.error());
  auto const outcome = parts_.store.mutate(*asked, parts_.clock.now());
  if (!outcome) return outcomes_.refuse(method, outcome.error());
  if (outcome->refused)
    return outcomes_.refuse(method, *outcome->refused,
                            {{"current_revision", std::to_string(outcome->record.revision)}});
  parts_.announcements.tell(outcome->change);
  if (outcome->change && !recorded.empty())
    parts_.record.note({"shelters", who->name, "update", outcome->record.id.value, recorded, {}});
  to_proto(outcome->record, answer);
  return outcomes_.answered(method);
}

grpc::Status shelter_handlers::ImportShelters(grpc::ServerContext* call,
                                              grpc::ServerReader<shelters::v1::ImportSheltersRequest>* reader,
                                              shelters::v1::ImportSheltersResponse* response) {
  auto const who = may_edit(*call);
  if (!who) return outcomes_.refuse("ImportShelters", who.error());
  upload received;
  if (auto const whole = receive(*reader, received); !whole) return outcomes_.refuse("ImportShelters", whole.error());
  if (auto const done = import(received, response); !done) return outcomes_.refuse("ImportShelters", done.error());
  if (!received.dry_run)
    parts_.record.note({"shelters",
                        who->name,
                        "import",
                        received.request_id,
                        std::to_string(response->added()) + " added, " + std::to_string(response->changed()) +
                            " changed, " + std::to_string(response->rejected_count()) + " left out",
                        {}});
  return outcomes_.answered("ImportShelters");
}

result<void> shelter_handlers::receive(grpc::ServerReader<shelters::v1::ImportSheltersRequest>& reader,
                                       upload& into) const {
  shelters::v1::ImportSheltersRequest message;
  for (auto first = true; reader.Read(&message); first = false) {
    if (first) {
      into.request_id = message.request_id();
      into.format = message.format();
      into.dry_run = message.dry_run();
    }
    if (into.bytes.size() + message.chunk().size() > limits_.import_bytes)
      return failure{reason::message_too_large,
                     "an import has at most " + std::to_string(limits_.import_bytes) + " bytes"};
    into.bytes += message.chunk();
  }
  if (into.request_id.empty()) return failure{reason::missing_field, "request_id missing in the first message"};
  return {};
}

result<void> shelter_handlers::import(upload const& from, shelters::v1::ImportSheltersResponse* response) {
  if (from.format != shelters::v1::IMPORT_FORMAT_CSV && from.format != shelters::v1::IMPORT_FORMAT_GEOJSON)
    return failure{reason::missing_field, "format must be CSV or GEOJSON"};
  bundle_policy policy;
  policy.max_file_bytes = limits_.import_bytes;
  std::vector<bundle_reject> rejects;
  auto const records = from.format == shelters::v1::IMPORT_FORMAT_CSV
                           ? parse_shelters_csv(from.bytes, policy, kAnywhere, rejects)
                           : parse_shelters_geojson(from.bytes, policy, kAnywhere, rejects);
  if (!records) return records.error();
  auto const outcome = parts_.store.put_all(*records, parts_.clock.now(), from.dry_run);
  if (!outcome) return outcome.error();
  parts_.announcements.tell(outcome->change);
  // A record that core refuses has lost its line by then; its id names it.
  for (auto const& bad : outcome->refused)
    rejects.push_back({"", 0, {bad.because.why, (*records)[bad.index].id.value + ": " + bad.because.message}});
  response->set_added(static_cast<std::uint32_t>(outcome->added));
  response->set_changed(static_cast<std::uint32_t>(outcome->changed));
  response->set_unchanged(static_cast<std::uint32_t>(outcome->unchanged));
  response->set_rejected_count(static_cast<std::uint32_t>(rejects.size()));
  for (std::size_t i = 0; i < std::min(rejects.size(), limits_.rejects_listed); ++i) {
    auto* listed = response->add_rejected();
    listed->set_line(static_cast<std::uint32_t>(rejects[i].row));
    listed->set_reason(std::string{name_of(rejects[i].because.why)});
    listed->set_message(rejects[i].because.message);
  }
  for (std::size_t i = 0; i < std::min(outcome->differences.size(), limits_.differences_listed); ++i) {
    auto* listed = response->add_differences();
    listed->set_shelter_id(outcome->differences[i].which.value);
    for (auto const& field : outcome->differences[i].fields) listed->add_fields(field);
  }
  for (auto const& bad : rejects)
    parts_.counts
        .counter("siren_shelter_import_rejects_total", "Records of imports left out, by reason",
                 {{"reason", std::string{name_of(bad.because.why)}}})
        .Increment();
  log(log_level::info, "shelters_imported",
      {{"request_id", from.request_id},
       {"dry_run", from.dry_run},
       {"added", outcome->added},
       {"changed", outcome->changed},
       {"unchanged", outcome->unchanged},
       {"rejected", rejects.size()}});
  return {};
}

}  // namespace siren
