#include "demo_runner/run.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <future>
#include <iostream>

#include <fmt/format.h>

#include "attack/player.h"
#include "common/alert_log/alert_log.h"
#include "common/city_bundle/city_bundle.h"
#include "common/pg_store.h"
#include "common/rpc_server.h"
#include "common/service_options.h"
#include "demo_runner/summary.h"
#include "demo_runner/watcher.h"
#include "rig/instance.h"
#include "route_planner/adapters/osm_streets.h"
#include "siren/routing/v1/plan_service.grpc.pb.h"
#include "swarm/swarm.h"

namespace siren::demo {
namespace {

namespace fs = std::filesystem;

constexpr hours kNight{15};                            // 18:00 to 09:00
constexpr auto kNightBegins = "2026-01-23T16:00:00Z";  // 18:00 in Kyiv
constexpr milliseconds kDrawEvery{250};
constexpr seconds kPlainEvery{5};
constexpr seconds kLongestUntilClear{3'600};
constexpr milliseconds kConnectWithin{60'000};
constexpr milliseconds kSettleWithin{15'000};
constexpr seconds kPlanWithin{5};
constexpr std::size_t kReadAtOnce = 4'096;

// Olena's token is the one that the `siren` command uses.
std::vector<std::pair<std::string, std::vector<std::string>>> const kPeople{
    {"olena", {"viewer", "shelter_editor", "alarm_proposer", "exercise_leader"}},
    {"bohdan", {"viewer", "alarm_approver"}},
    {"yaryna", {"auditor"}}};

std::string pid_note(instance const& siren) {
  std::string text;
  for (auto const& [name, pid] : siren.processes())
    text += fmt::format("{}{}({})", text.empty() ? "" : ", ", name, pid);
  return text;
}

class progress {
 public:
  void step(std::string const& what) { std::cout << fmt::format("[{:5.1f} s] {}\n", passed(), what) << std::flush; }
  [[nodiscard]] double passed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// True when Ctrl-C or SIGTERM came within the wait.
bool stop_asked(milliseconds wait) {
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  timespec const limit{wait.count() / 1000, wait.count() % 1000 * 1'000'000};
  return sigtimedwait(&stops, nullptr, &limit) > 0;
}

result<int> lock_folder(std::string const& folder) {
  std::error_code bad;
  fs::create_directories(folder, bad);
  if (bad) return failure{reason::file_unreadable, "can't make " + folder + ": " + bad.message()};
  fs::permissions(folder, fs::perms{0755}, bad);
  auto const lock = open((folder + "/lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (lock < 0) return failure{reason::file_unreadable, "can't write in " + folder};
  if (flock(lock, LOCK_EX | LOCK_NB) != 0)
    return failure{reason::not_ready, "another demo uses " + folder + "; choose one with --data"};
  for (auto const& entry : fs::directory_iterator{folder}) {
    auto const kind = entry.path().extension();
    if (kind == ".log" || kind == ".out" || kind == ".sock") fs::remove(entry.path(), bad);
  }
  return lock;
}

/// A raid is made for 18:00 sharp; it begins when everything is ready, which is a little later in the world's time.
void begin_at(attack::timeline& play, utc_time begins) {
  auto const shift = begins - play.begins;
  auto const moved = [&](google::protobuf::Timestamp* at) {
    auto const us = at->seconds() * 1'000'000 + at->nanos() / 1'000 + shift.count();
    at->set_seconds(us / 1'000'000);
    at->set_nanos(static_cast<std::int32_t>(us % 1'000'000 * 1'000));
  };
  play.begins += shift;
  play.ends += shift;
  for (auto& entry : play.records) {
    entry.send_at += shift;
    if (entry.record.has_observation()) moved(entry.record.mutable_observation()->mutable_observed_time());
    if (entry.record.has_region_alarm()) moved(entry.record.mutable_region_alarm()->mutable_changed_time());
  }
}

result<swarm::logged> read_log(std::string const& dsn, std::string const& country) {
  pg_store store{dsn};
  auto const reader = make_pg_alert_log_reader(store, country);
  auto const head = reader->head();
  if (!head) return head.error();
  swarm::logged all{head->head, {}};
  for (cursor at{head->head.epoch, 0}; at.seq < head->head.seq;) {
    auto const part = reader->read_after(at, kReadAtOnce);
    if (!part) return part.error();
    if (part->empty()) break;
    for (auto const& entry : *part) all.by_zone[entry.zone].push_back(entry.seq);
    at.seq = part->back().seq;
  }
  return all;
}

std::optional<planned_night> ask_plan(std::string const& planner) {
  auto const stub = routing::v1::PlanService::NewStub(internal_channel(planner));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPlanWithin);
  routing::v1::GetPlanHeadResponse head;
  if (!stub->GetPlanHead(&context, {}, &head).ok() || !head.has_worst_figures()) return std::nullopt;
  auto const& told = head.worst_figures();
  return planned_night{told.people(),
                       told.people_in_time(),
                       told.overfull_shelters(),
                       told.nearest_in_time(),
                       told.nearest_overfull_shelters(),
                       told.nearest_people_over_capacity(),
                       told.zones_with_deadline()};
}

struct stage_set {
  city_bundle city;
  zone_map zones;
  std::unique_ptr<instance> siren;
  std::unique_ptr<real_world_clock> clock;
  attack::timeline play;
  std::unique_ptr<watcher> eyes;
  std::unique_ptr<swarm::swarm> phones;
};

std::set<shelter_id> never_used(city_bundle const& city) {
  std::set<shelter_id> closed;
  for (auto const& one : city.shelters)
    if (one.surface || one.role == metro_role::closed || one.state == open_state::closed) closed.insert(one.id);
  return closed;
}

attack::timeline make_play(options const& chosen, city_bundle const& city, zone_map const& zones) {
  auto const groups = attack::read_raid_table(chosen.raid);
  if (!groups) return {};
  auto const truth = attack::make_raid(*groups, *parse_utc(kNightBegins), kNight, chosen.seed, city.info.centre);
  return attack::make_timeline(truth, attack::sensors_around(city.info.centre), zones, chosen.seed);
}

instance_options instance_of(options const& chosen, city_bundle const& city) {
  instance_options made;
  made.folder = chosen.data;
  made.programs = chosen.programs;
  made.migrations = chosen.migrations;
  made.city = chosen.city;
  made.country = city.info.country;
  made.clock = {*parse_utc(kNightBegins), wall_now(), chosen.rate(kNight), true};
  made.people = kPeople;
  made.city_zone = city.info.city_zone.value;
  made.more["threat_ingest"] = {"--any-source", "--source", std::string{attack::kTrustedSensor} + ":trusted"};
  return made;
}

result<stage_set> set_up(options const& chosen, progress& told) {
  auto bundle = load_city_bundle(chosen.city);
  if (!bundle) return bundle.error();
  auto zones = zone_map::build(bundle->zones);
  if (!zones) return zones.error();
  told.step(fmt::format("city: {}, {} zones, {} shelters{}", bundle->info.name_en, bundle->zones.size(),
                        bundle->shelters.size(),
                        bundle->info.generated ? " — " + bundle->info.generated_label_en : ""));
  stage_set made{std::move(bundle).value(), std::move(zones).value(), {}, {}, {}, {}, {}};

  auto play = std::async(std::launch::async, [&] { return make_play(chosen, made.city, made.zones); });
  auto streets = std::async(std::launch::async,
                            [&] { return import_osm_streets(made.city.streets.string(), made.city.info.generated); });

  auto const wanted = instance_of(chosen, made.city);
  made.clock = std::make_unique<real_world_clock>(wanted.clock);
  auto siren = instance::start(wanted, [&](std::string const& step) { told.step(step); });
  made.play = play.get();
  auto imported = streets.get();
  if (!siren) return siren.error();
  if (!imported) return imported.error();
  if (made.play.records.empty()) return failure{reason::malformed, "the raid in " + chosen.raid + " can't be read"};
  made.siren = std::move(siren).value();
  told.step("six services are serving: " + pid_note(*made.siren));

  service_options names;
  names.serves = world::exercise;
  names.country = made.city.info.country;
  made.eyes =
      std::make_unique<watcher>(made.siren->redis().address(), bus_name(names, "picture"), bus_name(names, "alert"));
  auto people =
      swarm::place_people(imported->streets, made.zones, made.city.info.city_zone, chosen.phones, chosen.seed);
  if (people.size() < chosen.phones)
    return failure{reason::not_ready,
                   fmt::format("only {} of {} phones found a street in the city", people.size(), chosen.phones)};
  made.phones = std::make_unique<swarm::swarm>(swarm::swarm_options{
      {made.siren->address("alert_gateway")}, world::exercise, std::move(people), never_used(made.city)});
  if (!made.phones->wait_connected(kConnectWithin)) return failure{reason::not_ready, "not every phone could connect"};
  told.step(fmt::format("{} phones hold a stream each to {}", chosen.phones, made.siren->address("alert_gateway")));
  return made;
}

/// The part behind # stays in the browser; the page takes it out of its address bar.
void tell_console(instance const& siren) {
  std::cout << fmt::format("  console        http://{}/   signed in as:\n", siren.address("operator_console"));
  for (auto const& [name, roles] : kPeople)
    std::cout << fmt::format("    {:8} {}\n             http://{}/#token={}\n", name, fmt::join(roles, ", "),
                             siren.address("operator_console"), siren.token_of(name));
  std::cout << "  Two windows, two people: one proposes an alarm, the other approves it. More people: siren token.\n";
}

std::string indented(std::string text) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 5) text.replace(at, 1, "\n    ");
  return text;
}

void tell_sample(swarm::sample_phone const& sample) {
  std::cout << "  phone in " << sample.zone << ":\n";
  for (auto const* text : {&sample.headline_uk, &sample.body_uk, &sample.guidance_uk, &sample.headline_en,
                           &sample.body_en, &sample.guidance_en})
    if (!text->empty()) std::cout << "    " << indented(*text) << '\n';
  std::cout << std::flush;
}

class show {
 public:
  show(options const& chosen, stage_set& set, progress const& told)
      : chosen_{chosen}, set_{set}, told_{told}, player_{set.siren->address("threat_ingest"), set.play, *set.clock} {
    if (!chosen.headless) live_ = std::make_unique<screen>(set.city);
  }

  /// Until the time is over, all is clear again (when asked for) or somebody stops it. False when stopped.
  bool play() {
    auto const limit =
        chosen_.until_clear ? kLongestUntilClear : seconds{static_cast<std::int64_t>(chosen_.minutes * 60)};
    auto plain_at = seconds{0};
    auto been_in_alarm = false;
    while (true) {
      if (stop_asked(kDrawEvery)) return false;
      look();
      if (live_) {
        live_->draw(now_, set_.phones->news_of_sample());
      } else if (now_.passed >= plain_at) {
        plain_at = now_.passed + kPlainEvery;
        std::cout << plain_line(now_) << std::endl;
        tell_sample_once(set_.phones->news_of_sample());
      }
      been_in_alarm = been_in_alarm || !now_.seen.alerts.empty();
      auto const clear = been_in_alarm && now_.seen.alerts.empty() && now_.world_now >= set_.play.ends - hours{1};
      if (now_.passed >= limit || player_.finished() || (chosen_.until_clear && clear)) return true;
    }
  }

  summary end() {
    player_.stop();
    live_.reset();
    summary made{set_.city.info.name_en,
                 set_.city.info.generated,
                 chosen_.rate(kNight),
                 now_.passed.count() / 60.0,
                 first_alert_,
                 {},
                 {},
                 0,
                 {}};
    if (auto const settled = read_log(set_.siren->postgres().dsn(), set_.city.info.country)) {
      (void)set_.phones->wait_for_head(settled->head, kSettleWithin);
      made.delivery = set_.phones->judge(*settled);
      made.log_entries = settled->head.seq;
    } else {
      std::cerr << "the alert log can't be read for the comparison: " << settled.error().message << '\n';
      ++made.delivery.missing;
    }
    made.plan = ask_plan(set_.siren->address("route_planner"));
    look();
    made.last = now_;
    return made;
  }

 private:
  /// Plain lines are for reading: a sample is told again only when its headline or its verdict is another.
  void tell_sample_once(std::optional<swarm::sample_phone> const& sample) {
    if (!sample) return;
    auto const gist = sample->headline_en + sample->guidance_en.substr(0, sample->guidance_en.find('\n'));
    if (std::exchange(told_gist_, gist) != gist) tell_sample(*sample);
  }

  void look() {
    now_.world_now = set_.clock->now();
    now_.passed = std::chrono::duration_cast<seconds>(std::chrono::steady_clock::now() - began_);
    now_.seen = set_.eyes->look();
    now_.feeds = player_.counts();
    now_.phones = set_.phones->counts();
    now_.delay = set_.phones->delays_so_far();
    if (first_alert_ < 0 && now_.phones.delivered > 0) first_alert_ = told_.passed();
  }

  options const& chosen_;
  stage_set& set_;
  progress const& told_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  double first_alert_ = -1.0;
  std::string told_gist_;
  moment now_;
  attack::player player_;
  std::unique_ptr<screen> live_;
};

}  // namespace

int run(options const& chosen) {
  progress told;
  std::cout << "Siren demo: the night of 23-24 January 2026. EXERCISE / НАВЧАННЯ: a world of its own, no live phone "
               "hears it.\n";
  auto const lock = lock_folder(chosen.data);
  if (!lock) {
    std::cerr << "demo: " << lock.error().message << '\n';
    return 1;
  }
  auto set = set_up(chosen, told);
  if (!set) {
    std::cerr << "demo: " << set.error().message << " (logs are in " << chosen.data << ")\n";
    return 1;
  }
  begin_at(set->play, set->clock->now());
  told.step(fmt::format("the raid begins: {:.0f} world seconds a second", chosen.rate(kNight)));
  auto const finished_by_itself = [&] {
    show on_stage{chosen, *set, told};
    auto const finished = on_stage.play();
    auto const result = on_stage.end();
    std::cout << in_words(result) << std::flush;
    if (!chosen.json.empty())
      if (auto written = write_json(result, chosen.json); !written) {
        std::cerr << "demo: " << written.error().message << '\n';
        return std::pair{finished, false};
      }
    return std::pair{finished, result.good()};
  }();
  if (chosen.keep && finished_by_itself.first) {
    std::cout << fmt::format(
        "\nThe services stay up; Ctrl-C stops them.\n  phones' door   {}\n  siren --instance {}/instance.toml status\n",
        set->siren->address("alert_gateway"), chosen.data);
    tell_console(*set->siren);
    std::cout << std::flush;
    // The feeds go on, so that what the services show stays true: the rest of the night, then beats alone.
    set->play.ends += hours{24 * 365};
    attack::player const rest{set->siren->address("threat_ingest"), set->play, *set->clock, set->clock->now()};
    while (!stop_asked(seconds{1})) {
    }
  }
  set->phones->stop();
  set->siren->stop();
  std::cout << "every process is stopped\n";
  close(*lock);
  return !finished_by_itself.first ? 130 : finished_by_itself.second ? 0 : 1;
}

}  // namespace siren::demo
