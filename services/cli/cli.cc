#include "cli/cli.h"

#include <algorithm>
#include <functional>
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "common/mutual_tls.h"

namespace siren {
namespace {

/// Everything that parsing writes into, and the command that it chose.
struct session {
  terminal const& io;
  instance_addresses where;
  std::string instance_file;
  mutual_tls_files tls;
  std::function<int()> chosen;
};

template <typename Request>
using runner = int (*)(terminal const&, instance_addresses const&, Request const&);

/// A command with its request; the request lives as long as the parser's callbacks.
template <typename Request>
Request& add(CLI::App& to, session& all, std::string const& name, std::string const& help, runner<Request> run,
             CLI::App*& made) {
  auto const asked = std::make_shared<Request>();
  made = to.add_subcommand(name, help);
  made->callback([&all, asked, run] { all.chosen = [&all, asked, run] { return run(all.io, all.where, *asked); }; });
  return *asked;
}

void add_addresses(CLI::App& app, session& all) {
  app.add_option("--instance", all.instance_file, "TOML file with the addresses below, written when services start");
  app.add_option("--world", all.where.flag("world"), "live or exercise")->check(CLI::IsMember({"live", "exercise"}));
  app.add_option("--country", all.where.flag("country"), "two letters");
  for (std::string const name : {"threat_ingest", "zone_engine", "shelter_registry", "route_planner",
                                 "alert_gateway_internal", "operator_console", "operator_console_internal"})
    app.add_option(flag_of(name), all.where.flag(name), "host:port or unix:/path");
  app.add_option("--alert-gateway,--gateway", all.where.flag("alert_gateway"), "host:port or unix:/path");
  app.add_option("--token-file", all.where.flag("token_file"), "file with your access token, where there is sign-in");
  add_mutual_tls_options(app, all.tls);
  app.add_option("--postgres", all.where.flag("postgres"), "libpq connection string");
}

void add_shelters(CLI::App& app, session& all) {
  auto* shelters = app.add_subcommand("shelters", "List, change and import shelters");
  shelters->require_subcommand(1);
  CLI::App* made = nullptr;
  auto& list = add<list_request>(*shelters, all, "list", "All shelters, or those of one kind", run_shelters_list, made);
  made->add_option("--state", list.state)->check(CLI::IsMember({"unknown", "open", "closed", "full"}));
  made->add_option("--type", list.type)
      ->check(CLI::IsMember({"storage", "radiation", "dual_purpose", "metro_station", "basic", "mobile"}));
  made->add_option("--changed-after", list.changed_after, "only what changed after this change number");
  made->add_flag("--json", list.json, "one JSON object a line");

  auto& set = add<set_request>(*shelters, all, "set", "Changes one shelter", run_shelters_set, made);
  made->add_option("id", set.id, "the shelter's id")->required();
  made->add_option("--state", set.state)->check(CLI::IsMember({"unknown", "open", "closed", "full"}));
  made->add_option("--role", set.role, "of a metro station")
      ->check(CLI::IsMember({"none", "train", "shelter_only", "closed", "full", "no_escalator", "no_power"}));
  made->add_option("--capacity", set.capacity, "people");
  made->add_option("--step-free", set.step_free, "true or false");
  made->add_option("--pets", set.pets, "true or false");
  made->add_option("--access", set.access, "whom it lets in")
      ->check(CLI::IsMember({"everyone", "school", "residents", "staff", "unknown"}));
  made->add_option("--hours", set.hours, "always, or 10:00-18:00 every day");
  made->add_option("--keyholder", set.keyholder, "whom to call when it is locked");
  made->add_option("--power", set.power, "its own: true or false");
  made->add_option("--heat", set.heat, "true or false");
  made->add_option("--water", set.water, "true or false");
  made->add_option("--stairs", set.stairs, "steps down from the street");
  made->add_flag("--place-checked", set.place_checked, "somebody found it where its place says");
  made->add_flag("--verified", set.verified, "somebody has looked just now");
  auto* total = made->add_option("--occupancy", set.occupancy, "people inside");
  made->add_option("--people", set.people, "people who came, negative: left")->excludes(total);
  made->add_flag("--allow-override", set.allow_override, "more people than places is then true");
  made->add_option("--revision", set.revision, "the revision seen; default: the current one");
  made->add_option("--request-id", set.request_id, "to send the same change again");

  auto& lists =
      add<import_request>(*shelters, all, "import", "Imports a .csv or .geojson list", run_shelters_import, made);
  made->add_option("file", lists.path)->required();
  made->add_flag("--dry-run", lists.dry_run, "only tell what would change");
  auto* mapping = made->add_option("--mapping", lists.mapping, "how a city's own list is read: a name or a .yaml file");
  made->add_option("--mappings", lists.mappings, "folder of mappings by name")->capture_default_str()->needs(mapping);
  made->add_option("--json", lists.json, "file for the report: every rejected and doubtful row")->needs(mapping);

  auto* city = app.add_subcommand("city", "City bundles");
  city->require_subcommand(1);
  auto& bundle =
      add<import_request>(*city, all, "import", "Imports a bundle's shelters and metro", run_city_import, made);
  made->add_option("folder", bundle.path)->required();
  made->add_flag("--dry-run", bundle.dry_run, "only tell what would change");
}

void add_conditions(CLI::App& app, session& all) {
  auto* conditions = app.add_subcommand("conditions", "What is true outside: light, ice, bridges, trains, power");
  conditions->require_subcommand(1);
  CLI::App* made = nullptr;
  auto& show = add<conditions_request>(*conditions, all, "show", "What holds now", run_conditions_show, made);
  made->add_flag("--json", show.json, "one JSON object");
  auto& set = add<conditions_request>(*conditions, all, "set", "Changes what is named", run_conditions_set, made);
  made->add_option("--light", set.light, "auto: by the sun")->check(CLI::IsMember({"auto", "day", "dark", "blackout"}));
  made->add_option("--ice", set.ice, "true or false");
  auto* closed = made->add_option("--close-bridge", set.close_bridges, "street name of a bridge; these and no others");
  made->add_flag("--open-bridges", set.open_bridges, "no bridge is closed")->excludes(closed);
  made->add_option("--trains", set.trains, "true: trains run");
  made->add_option("--power", set.power, "false: trains and escalators stand");
  made->add_option("--operator", set.operator_name, "who says so; your token tells, where there is sign-in");
  made->add_option("--revision", set.revision, "the revision seen; default: the current one");
  made->add_option("--request-id", set.request_id, "to send the same change again");
  made->add_flag("--json", set.json, "one JSON object");
}

void add_alarm(CLI::App& app, session& all) {
  auto* alarm = app.add_subcommand("alarm", "Operators' orders");
  alarm->require_subcommand(1);
  CLI::App* made = nullptr;
  auto& raise = add<alarm_request>(*alarm, all, "raise", "Raises a drill: exercises only", run_alarm_raise, made);
  auto const common = [&](alarm_request& asked) {
    made->add_option("--zone", asked.zone, "the zone's id")->required();
    made->add_option("--operator", asked.operator_name, "who orders; your token tells, where there is sign-in");
    made->add_option("--request-id", asked.request_id, "to send the same order again");
  };
  common(raise);
  auto const words = [&](alarm_request& asked) {
    made->add_option("--stage", asked.stage)->required()->check(CLI::IsMember({"prepare", "go", "take_cover"}));
    made->add_option("--text", asked.text, "shown with the alarm, at most 280 characters");
  };
  words(raise);
  auto& propose = add<alarm_request>(*alarm, all, "propose", "The first of two people", run_alarm_propose, made);
  common(propose);
  words(propose);
  auto& approve = add<alarm_request>(*alarm, all, "approve", "The second person, within 120 s: the alarm is raised",
                                     run_alarm_approve, made);
  common(approve);
  words(approve);
  made->add_option("--proposal", approve.proposal, "its id; zone, stage and text as you see them")->required();
  auto& proposals =
      add<alarm_request>(*alarm, all, "proposals", "What waits for a second person", run_alarm_proposals, made);
  made->add_option("--operator", proposals.operator_name, "who asks; your token tells, where there is sign-in");
  auto& cancel = add<alarm_request>(*alarm, all, "cancel", "Ends what two people raised, or what waits for the second",
                                    run_alarm_cancel, made);
  common(cancel);
  auto& clear = add<alarm_request>(*alarm, all, "clear", "Withdraws the operator's order", run_alarm_clear, made);
  common(clear);
}

void add_token(CLI::App& app, session& all) {
  CLI::App* made = nullptr;
  auto& token = add<token_request>(
      app, all, "token", "An access token of the local issuer, for exercises and tests only", run_token, made);
  made->add_option("--folder", token.folder, "the issuer's; made on first use")->required();
  made->add_option("--person", token.person, "whose token")->required();
  made->add_option("--role", token.roles, "ZONE/ROLE, as often as needed")->allow_extra_args(false);
  made->add_option("--minutes", token.minutes)->check(CLI::Range(1U, 720U));
  made->add_option("--out", token.out, "file for the token; default: it is printed");
}

void add_audit(CLI::App& app, session& all) {
  auto* audit = app.add_subcommand("audit", "The record: who did what, and what was told to whom");
  audit->require_subcommand(1);
  CLI::App* made = nullptr;
  auto& whole = add<audit_request>(*audit, all, "verify", "Whether the record is what it was", run_audit_verify, made);
  made->add_option("--expect", whole.marks, "CHAIN:PLACE:HASH, as an earlier run printed it and you kept elsewhere")
      ->allow_extra_args(false);
  auto& why = add<audit_request>(*audit, all, "why", "What a zone was told, and why", run_audit_why, made);
  made->add_option("--zone", why.zone, "the zone's id")->required();
  made->add_option("--at", why.at, "RFC 3339, in the world's time")->required();
}

int status_of(terminal const& io, instance_addresses const& where, bool const& json) {
  return run_status(io, where, json);
}

void add_map(CLI::App& app, session& all) {
  CLI::App* made = nullptr;
  auto& map = add<map_request>(app, all, "map", "Draws who goes where in a city bundle", run_map, made);
  made->add_option("--city", map.city, "the bundle's folder")->required();
  made->add_option("--out", map.out, "FILE.svg or FILE.geojson")->required();
  made->add_option("--people", map.people, "scale the city to these")->check(CLI::Range(1U, 50'000'000U));
  made->add_option("--close", map.close, "a shelter to close; draws before and after")->allow_extra_args(false);
  made->add_option("--deadline", map.deadline_minutes, "minutes until the earliest impact")
      ->check(CLI::Range(1U, 1'440U));
  made->add_option("--light", map.light)->check(CLI::IsMember({"day", "dark", "blackout"}));
  made->add_flag("--ice", map.ice, "streets are icy");
}

void add_questions(CLI::App& app, session& all) {
  CLI::App* made = nullptr;
  auto& status =
      add<bool>(app, all, "status", "Services, zones in alarm, deliveries, feeds; 1 unless all serve", status_of, made);
  made->add_flag("--json", status, "one JSON object");

  auto& guide = add<guide_request>(app, all, "guide", "Where a person at a place should go", run_guide, made);
  made->add_option("--lat", guide.lat, "degrees")->required()->check(CLI::Range(-90.0, 90.0));
  made->add_option("--lon", guide.lon, "degrees")->required()->check(CLI::Range(-180.0, 180.0));
  made->add_option("--profile", guide.profile)
      ->check(CLI::IsMember({"average", "slow", "wheelchair", "children", "pet"}));
  made->add_option("--deadline-min", guide.deadline_minutes, "minutes until the earliest impact");
  made->add_option("--lang", guide.language)->check(CLI::IsMember({"uk", "en"}));
  made->add_flag("--json", guide.json, "one JSON object");

  auto& watch = add<watch_request>(app, all, "watch", "Hears alerts as a phone does", run_watch, made);
  auto* lat = made->add_option("--lat", watch.lat, "degrees")->check(CLI::Range(-90.0, 90.0));
  auto* lon = made->add_option("--lon", watch.lon, "degrees")->check(CLI::Range(-180.0, 180.0))->needs(lat);
  lat->needs(lon);
  made->add_option("--zone", watch.zones, "zones to watch besides the place's own, at most 16");
  made->add_option("--profile", watch.profile)
      ->check(CLI::IsMember({"average", "slow", "wheelchair", "children", "pet"}));
  made->add_option("--lang", watch.language)->check(CLI::IsMember({"uk", "en"}));
  made->add_option("--seconds", watch.seconds, "end after this time");
  made->add_flag("--json", watch.json, "one JSON object a line");

  auto& migration =
      add<migrate_request>(app, all, "migrate", "Brings a database up to this release", run_migrate, made);
  made->add_option("--migrations", migration.migrations, "folder of NNNN_name.sql")->capture_default_str();
}

}  // namespace

int run_cli(std::vector<std::string> words, terminal const& io) {
  session all{io, {}, {}, {}, {}};
  CLI::App app{"Alerts, shelters and services of one Siren", "siren"};
  app.require_subcommand(1);
  app.fallthrough();
  add_addresses(app, all);
  add_shelters(app, all);
  add_conditions(app, all);
  add_alarm(app, all);
  add_token(app, all);
  add_audit(app, all);
  add_map(app, all);
  add_questions(app, all);
  std::reverse(words.begin(), words.end());  // the parser takes the last word first
  try {
    app.parse(words);
  } catch (CLI::CallForHelp const&) {
    io.out << app.help("", CLI::AppFormatMode::Normal);
    return 0;
  } catch (CLI::ParseError const& wrong) {
    auto const unknown = app.remaining(true);
    if (unknown.empty()) return io.wrong_use(wrong.what());
    return io.wrong_use("no command or flag \"" + unknown.front() + "\"");
  }
  if (auto const identity = use_mutual_tls(all.tls); !identity) return io.fail(identity.error());
  if (!all.instance_file.empty())
    if (auto const read = all.where.read_file(all.instance_file); !read) return io.fail(read.error());
  return all.chosen();
}

}  // namespace siren
