#include "cli/commands.h"
#include "common/access/access_guard.h"
#include "common/convert/base_convert.h"
#include "common/convert/shelter_convert.h"
#include "common/rpc_server.h"
#include "siren/shelters/v1/shelter_service.grpc.pb.h"

namespace siren {
namespace {

namespace api = shelters::v1;
constexpr milliseconds kCall{10'000};
constexpr char kService[] = "shelter_registry";

std::string room_of(api::Shelter const& s) {
  return std::to_string(s.occupancy()) + "/" + std::to_string(s.capacity());
}

std::string state_of(api::Shelter const& s) {
  auto const state = from_proto(s.state());
  auto const role = from_proto(s.metro_role());
  auto text = std::string{state ? name_of(*state) : "?"};
  if (role && *role != metro_role::none) text += "," + std::string{name_of(*role)};
  return text;
}

std::vector<std::string> row_of(api::Shelter const& s) {
  auto const type = from_proto(s.type());
  return {s.shelter_id(),
          type ? std::string{name_of(*type)} : "?",
          state_of(s),
          room_of(s),
          s.step_free() ? "yes" : "no",
          s.has_verified_time() ? format_utc(utc_from_proto(s.verified_time())) : "never",
          std::to_string(s.revision()),
          s.name_en() + (s.generated() ? " [generated]" : "")};
}

text_table shelter_table() {
  return text_table{{"ID", "TYPE", "STATE", "PEOPLE", "STEP-FREE", "VERIFIED", "REV", "NAME"}};
}

bool wanted(api::Shelter const& s, list_request const& asked) {
  auto const type = from_proto(s.type());
  auto const state = from_proto(s.state());
  return (asked.type.empty() || (type && name_of(*type) == asked.type)) &&
         (asked.state.empty() || (state && name_of(*state) == asked.state));
}

std::string who(std::string const& address) {
  return std::string{kService} + " at " + address;
}

result<void> facts_of(set_request const& asked, api::UpdateShelterRequest& into) {
  if (asked.access) {
    auto const rule = access_rule_named(*asked.access);
    if (!rule) return failure{reason::malformed, "--access is everyone, school, residents, staff or unknown"};
    into.set_access(to_proto(*rule));
  }
  if (asked.hours) {
    auto const hours = daily_hours_of(*asked.hours);
    if (!hours) return failure{reason::malformed, "--hours is always or like 10:00-18:00"};
    into.mutable_open_hours()->set_opens_minute(hours->opens);
    into.mutable_open_hours()->set_closes_minute(hours->closes);
  }
  if (asked.keyholder) into.set_keyholder(*asked.keyholder);
  if (asked.power) into.set_power(*asked.power);
  if (asked.heat) into.set_heat(*asked.heat);
  if (asked.water) into.set_water(*asked.water);
  if (asked.stairs) into.set_stairs(*asked.stairs);
  into.set_place_checked(asked.place_checked);
  return {};
}

/// A shelter's own fields, not its people.
bool updates_fields(set_request const& asked) {
  return asked.state || asked.role || asked.capacity || asked.step_free || asked.pets || asked.verified ||
         asked.access || asked.hours || asked.keyholder || asked.power || asked.heat || asked.water || asked.stairs ||
         asked.place_checked;
}

result<api::UpdateShelterRequest> update_of(set_request const& asked) {
  api::UpdateShelterRequest request;
  request.set_shelter_id(asked.id);
  if (asked.state) {
    auto const state = open_state_named(*asked.state);
    if (!state) return failure{reason::malformed, "--state is open, closed, full or unknown"};
    request.set_state(to_proto(*state));
  }
  if (asked.role) {
    auto const role = metro_role_named(*asked.role);
    if (!role)
      return failure{reason::malformed, "--role is none, train, shelter_only, closed, full, no_escalator or no_power"};
    request.set_metro_role(to_proto(*role));
  }
  if (asked.capacity) request.set_capacity(*asked.capacity);
  if (asked.step_free) request.set_step_free(*asked.step_free);
  if (asked.pets) request.set_pets(*asked.pets);
  request.set_verified(asked.verified);
  if (auto const read = facts_of(asked, request); !read) return read.error();
  return request;
}

grpc::Status update(api::ShelterService::Stub& stub, api::UpdateShelterRequest request, set_request const& asked,
                    std::string const& request_id, std::string const& token, api::Shelter& now) {
  if (asked.revision) {
    request.set_expected_revision(*asked.revision);
  } else {
    api::GetShelterRequest which;
    which.set_shelter_id(asked.id);
    api::GetShelterResponse found;
    grpc::ClientContext context;
    set_deadline(context, kCall);
    if (auto const status = stub.GetShelter(&context, which, &found); !status.ok()) return status;
    request.set_expected_revision(found.shelter().revision());
  }
  request.set_request_id(request_id);
  api::UpdateShelterResponse answer;
  grpc::ClientContext context;
  set_deadline(context, kCall);
  carry_token(context, token);
  auto const status = stub.UpdateShelter(&context, request, &answer);
  now = answer.shelter();
  return status;
}

grpc::Status report(api::ShelterService::Stub& stub, set_request const& asked, std::string const& request_id,
                    std::string const& token, api::Shelter& now) {
  api::ReportOccupancyRequest request;
  request.set_request_id(request_id);
  request.set_shelter_id(asked.id);
  if (asked.occupancy) request.set_total(*asked.occupancy);
  if (asked.people) request.set_delta(*asked.people);
  request.set_allow_override(asked.allow_override);
  api::ReportOccupancyResponse answer;
  grpc::ClientContext context;
  set_deadline(context, kCall);
  carry_token(context, token);
  auto const status = stub.ReportOccupancy(&context, request, &answer);
  now = answer.shelter();
  return status;
}

}  // namespace

int run_shelters_list(terminal const& io, instance_addresses const& where, list_request const& asked) {
  auto const address = where.need(kService);
  if (!address) return io.wrong_use(address.error().message);
  auto const stub = api::ShelterService::NewStub(internal_channel(*address));
  auto table = shelter_table();
  std::size_t listed = 0;
  api::ListSheltersRequest request;
  if (asked.changed_after) request.set_changed_after(*asked.changed_after);
  std::uint64_t head = 0;
  do {
    api::ListSheltersResponse page;
    grpc::ClientContext context;
    set_deadline(context, kCall);
    if (auto const status = stub->ListShelters(&context, request, &page); !status.ok())
      return io.fail(status, who(*address));
    for (auto const& s : page.shelters()) {
      if (!wanted(s, asked)) continue;
      ++listed;
      if (asked.json)
        io.json_line(s);
      else
        table.add(row_of(s));
    }
    head = page.change_head();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (asked.json) return 0;
  table.print(io.out);
  io.out << listed << " shelters, change " << head << '\n';
  return 0;
}

int run_shelters_set(terminal const& io, instance_addresses const& where, set_request const& asked) {
  auto const address = where.need(kService);
  if (!address) return io.wrong_use(address.error().message);
  auto const request = update_of(asked);
  if (!request) return io.wrong_use(request.error().message);
  bool const updates = updates_fields(asked);
  bool const reports = asked.occupancy || asked.people;
  if (!updates && !reports) return io.wrong_use("nothing to set: name at least one field");
  if (updates && reports && !asked.request_id.empty())
    return io.wrong_use("--request-id names one change: set fields and people separately");
  auto const token = access_token(where);
  if (!token) return io.fail(token.error());
  auto const stub = api::ShelterService::NewStub(internal_channel(*address));
  auto const id = [&] { return asked.request_id.empty() ? new_request_id() : asked.request_id; };
  api::Shelter now;
  if (updates)
    if (auto const status = update(*stub, *request, asked, id(), *token, now); !status.ok())
      return io.fail(status, who(*address));
  if (reports)
    if (auto const status = report(*stub, asked, id(), *token, now); !status.ok())
      return io.fail(status, who(*address));
  auto table = shelter_table();
  table.add(row_of(now));
  table.print(io.out);
  return 0;
}

}  // namespace siren
