#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/instance_file.h"
#include "cli/terminal.h"
#include "core/shelter/shelter.h"

namespace siren {

/// The commands of `siren`. Each returns the exit status (see terminal).

/// The access token in --token-file; empty without one. Failure: FILE_UNREADABLE.
[[nodiscard]] result<std::string> access_token(instance_addresses const& where);

struct token_request {
  std::string folder;
  std::string person;
  std::vector<std::string> roles;
  std::string out;
  std::uint32_t minutes = 60;
};
/// Of the local issuer: exercises only.
int run_token(terminal const& io, instance_addresses const& where, token_request const& asked);

struct audit_request {
  std::vector<std::string> marks;  // CHAIN:PLACE:HASH, as an earlier run gave them
  std::string zone;
  std::string at;
};
/// Reads the whole record of --postgres. 1 with RECORD_CHANGED where a row is not what it was.
int run_audit_verify(terminal const& io, instance_addresses const& where, audit_request const& asked);
/// What a zone was told at a time of the world, by whom, and what came in before.
int run_audit_why(terminal const& io, instance_addresses const& where, audit_request const& asked);

struct migrate_request {
  std::string migrations = "migrations";
};
int run_migrate(terminal const& io, instance_addresses const& where, migrate_request const& asked);

struct list_request {
  std::string state;  // empty: any
  std::string type;
  std::optional<std::uint64_t> changed_after;
  bool json = false;
};
int run_shelters_list(terminal const& io, instance_addresses const& where, list_request const& asked);

struct set_request {
  std::string id;
  std::string request_id;                 // empty: a new one
  std::optional<std::uint64_t> revision;  // absent: whatever the current one is
  std::optional<std::string> state;
  std::optional<std::string> role;
  std::optional<std::uint32_t> capacity;
  std::optional<bool> step_free;
  std::optional<bool> pets;
  bool verified = false;
  std::optional<std::string> access;
  std::optional<std::string> hours;  // "always", "10:00-18:00"
  std::optional<std::string> keyholder;
  std::optional<bool> power;
  std::optional<bool> heat;
  std::optional<bool> water;
  std::optional<std::uint32_t> stairs;
  bool place_checked = false;
  std::optional<std::uint32_t> occupancy;
  std::optional<std::int32_t> people;  // came (positive) or left
  bool allow_override = false;
};
int run_shelters_set(terminal const& io, instance_addresses const& where, set_request const& asked);

struct import_request {
  std::string path;  // a list, or a city bundle's folder
  bool dry_run = false;
  std::string mapping;                       // how to read a city's own list; empty: it is in our own format
  std::string mappings = "deploy/mappings";  // folder of mappings by name
  std::string json;                          // file for the report; with a mapping only
};
int run_shelters_import(terminal const& io, instance_addresses const& where, import_request const& asked);
int run_city_import(terminal const& io, instance_addresses const& where, import_request const& asked);

struct conditions_request {
  std::optional<std::string> light;
  std::optional<bool> ice;
  std::vector<std::string> close_bridges;  // these and no others
  bool open_bridges = false;               // every one
  std::optional<bool> trains;
  std::optional<bool> power;
  std::string operator_name;
  std::string request_id;                 // empty: a new one
  std::optional<std::uint64_t> revision;  // absent: whatever the current one is
  bool json = false;
};
int run_conditions_show(terminal const& io, instance_addresses const& where, conditions_request const& asked);
int run_conditions_set(terminal const& io, instance_addresses const& where, conditions_request const& asked);

struct alarm_request {
  std::string zone;
  std::string stage;  // for raise
  std::string operator_name;
  std::string text;
  std::string request_id;
  std::string proposal;  // for approve
};
int run_alarm_raise(terminal const& io, instance_addresses const& where, alarm_request const& asked);
int run_alarm_clear(terminal const& io, instance_addresses const& where, alarm_request const& asked);
int run_alarm_propose(terminal const& io, instance_addresses const& where, alarm_request const& asked);
/// What waits; with `proposal` that one is approved, as it was shown.
int run_alarm_approve(terminal const& io, instance_addresses const& where, alarm_request const& asked);
int run_alarm_proposals(terminal const& io, instance_addresses const& where, alarm_request const& asked);
int run_alarm_cancel(terminal const& io, instance_addresses const& where, alarm_request const& asked);

/// 1 also when a service is not serving.
int run_status(terminal const& io, instance_addresses const& where, bool json);

struct guide_request {
  double lat = 0.0;
  double lon = 0.0;
  std::string profile = "average";
  std::optional<std::uint32_t> deadline_minutes;
  std::string language = "en";
  bool json = false;
};
int run_guide(terminal const& io, instance_addresses const& where, guide_request const& asked);

struct map_request {
  std::string city;                // a bundle's folder
  std::string out;                 // .svg or .geojson
  std::uint32_t people = 0;        // 0: as many as the bundle says
  std::vector<std::string> close;  // ids of shelters; then before and after are drawn
  std::optional<std::uint32_t> deadline_minutes;
  std::string light = "day";
  bool ice = false;
};
/// Plans a bundle in this process, without any service, and draws who goes where.
int run_map(terminal const& io, instance_addresses const& where, map_request const& asked);

struct watch_request {
  std::optional<double> lat;
  std::optional<double> lon;
  std::vector<std::string> zones;
  std::string profile = "average";
  std::string language = "en";
  bool json = false;
  std::optional<std::uint32_t> seconds;  // ends by itself
};
/// Until SIGINT or SIGTERM (0), `seconds` are over (0), or the gateway refuses for good (1).
int run_watch(terminal const& io, instance_addresses const& where, watch_request const& asked);

}  // namespace siren
