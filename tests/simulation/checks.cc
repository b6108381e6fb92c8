#include "simulation/checks.h"

#include <algorithm>

namespace siren::simulation {
namespace {

/// 2.5 heartbeat intervals.
constexpr milliseconds kStale{12'500};
/// A dead engine is noticed after 5 s, silent feeds after 3 s and a beat; then what was said last grows stale.
constexpr milliseconds kBlind = kStale + milliseconds{9'000};
/// From the sky to the screen over a path that works: the engine's look, a commit that is given up after 1 s, the
/// journal, the bus; or the commit and a poll.
constexpr milliseconds kWarned{2'500};
/// A path counts as working once everything that was under way when it was mended has ended.
constexpr milliseconds kMended{3'000};

/// While a journal is merged, a zone's old alert ends one entry before its new one comes.
constexpr milliseconds kMerging{300};

}  // namespace

std::string checks::who(std::size_t p) const {
  auto const& at = city_.phones[p]->rules().at();
  return "phone " + std::to_string(p) + " at " + std::to_string(at.epoch % 10'000) + ":" + std::to_string(at.seq) +
         ", " + std::to_string(city_.stage.now_ms() - 3'600'000) + " ms into the run: ";
}

std::optional<std::string> checks::after_step() {
  follow();
  if (auto broken = one_history()) return broken;
  auto const now = city_.stage.now();
  auto const everything = now != whole_looked_at_;
  whole_looked_at_ = now;
  for (std::size_t p = 0; p < kPhones; ++p) {
    auto const& phone = *city_.phones[p];
    auto const news = phone.turn() != looked_at_[p];
    looked_at_[p] = phone.turn();
    if (phone.wrong()) return "no_hole: " + who(p) + *phone.wrong();
    if (!news && !everything) continue;
    if (news)
      if (auto broken = no_hole(p)) return broken;
    if (auto broken = no_false_calm(p)) return broken;
    if (auto broken = official_floor(p)) return broken;
    if (auto broken = one_warning_path(p)) return broken;
  }
  return std::nullopt;
}

void checks::follow() {
  auto const now = city_.stage.now();
  auto const steady = city_.net.slow_ms == 0;
  auto const* whole = city_.log.history_of(city_.log.at().epoch);
  log_works_.is(!city_.log.down() && steady, now);
  log_is_whole_.is(city_.log.at().seq == whole->begins.seq + whole->entries.size(), now);
  std::size_t leaders = 0;
  for (auto const& engine : city_.engines) leaders += engine->leading() ? 1 : 0;
  for (std::size_t e = 0; e < kEngines; ++e) {
    auto const& engine = *city_.engines[e];
    engine_decides_[e].is(engine.leading() && !engine.frozen() && engine.sees() && leaders == 1, now);
    engine_writes_[e].is(!city_.net.engine_log[e], now);
    engine_speaks_[e].is(city_.bus.mouth_works(engine.mouth()), now);
    auto const mended = now - kMended;
    if (engine_decides_[e].before(mended) && engine_writes_[e].before(mended) && log_works_.before(mended) &&
        city_.restored_at <= mended)
      engine_knows_restore_[e] = city_.restored_at;
  }
  for (std::size_t g = 0; g < kGateways; ++g) {
    auto const& gateway = *city_.gateways[g];
    gateway_works_[g].is(gateway.works() && gateway.known() != nullptr && gateway.known()->started(), now);
    gateway_reads_[g].is(!city_.net.gateway_log[g], now);
    gateway_hears_[g].is(gateway.hears(city_.bus.primary()) && city_.bus.clean() && steady, now);
  }
  for (std::size_t p = 0; p < kPhones; ++p) listens_[p].is(city_.phones[p]->listens() && steady, now);
}

checks::verdict checks::one_history() {
  if (city_.log.forked()) return "no_hole: the log forked: " + *city_.log.forked();
  return std::nullopt;
}

checks::verdict checks::no_hole(std::size_t p) {
  auto const& rules = city_.phones[p]->rules();
  if (!rules.whole()) return std::nullopt;
  auto const* history = city_.log.history_of(rules.at().epoch);
  if (history == nullptr) return "no_hole: " + who(p) + "an epoch that never was";
  if (rules.at().seq > history->begins.seq + history->entries.size())
    return "no_hole: " + who(p) + "covers what was never logged";
  std::size_t expected = 0;
  for (auto const& zone : rules.zones()) {
    auto const* newest = history->newest(zone, rules.at().seq);
    if (newest == nullptr || newest->ended()) continue;
    ++expected;
    auto const held = rules.alerts().find(newest->alert);
    if (held == rules.alerts().end())
      return "no_hole: " + who(p) + "lacks " + newest->alert.value + "/" + std::to_string(newest->rev);
    if (held->second.rev != newest->rev)
      return "no_hole: " + who(p) + "holds an old revision of " + newest->alert.value;
  }
  if (rules.alerts().size() != expected) return "no_hole: " + who(p) + "holds an alert that the log has ended";
  return std::nullopt;
}

checks::verdict checks::no_false_calm(std::size_t p) {
  auto const& phone = *city_.phones[p];
  if (!phone.current()) {
    ++times_unknown;
    return std::nullopt;
  }
  ++times_current;
  auto const& rules = phone.rules();
  auto const now = city_.stage.now();
  auto const& log = city_.log;
  auto const* history = log.history_of(log.at().epoch);
  if (rules.at().epoch != log.at().epoch) {
    if (std::max(history->begun_at, city_.restored_at) >= now - kStale) return std::nullopt;
    return "no_false_calm: " + who(p) + "current in an epoch that is over";
  }
  if (!log_is_whole_.now && rules.at().seq > log.at().seq && city_.restored_at < now - kStale)
    return "no_false_calm: " + who(p) + "current on a log that has lost entries";
  auto const& times = history->logged_at;
  auto const late = std::upper_bound(times.begin(), times.end(), now - kStale);
  auto const old = history->begins.seq + static_cast<std::uint64_t>(late - times.begin());
  if (old <= rules.at().seq) return std::nullopt;
  for (auto const& zone : rules.zones()) {
    auto const* newest = history->newest(zone, old);
    if (newest != nullptr && newest->at.seq > rules.at().seq)
      return "no_false_calm: " + who(p) + "current without " + newest->alert.value + "/" + std::to_string(newest->rev) +
             ", logged at place " + std::to_string(newest->at.seq);
  }
  return std::nullopt;
}

stage checks::least(zone_id const& zone, steady_time from) const {
  auto const& all = city_.sky_before.at(zone);
  auto level = all.back().second.level();
  for (auto i = all.size(); i-- > 0;) {
    level = std::min(level, all[i].second.level());
    if (all[i].first <= from) break;
  }
  return level;
}

bool checks::official_since(zone_id const& zone, steady_time from) const {
  auto const& all = city_.sky_before.at(zone);
  for (auto i = all.size(); i-- > 0;) {
    if (!all[i].second.official) return false;
    if (all[i].first <= from) return true;
  }
  return false;
}

checks::verdict checks::official_floor(std::size_t p) {
  auto const& phone = *city_.phones[p];
  if (!phone.current()) return std::nullopt;
  auto const from = city_.stage.now() - kBlind;
  for (auto const& zone : phone.rules().zones()) {
    if (official_since(zone, from) && phone.shown(zone) < stage::go)
      return "official_floor: " + who(p) + "current and below an official alarm of zone " + zone.value;
    if (phone.shown(zone) < least(zone, from))
      return "no_false_calm: " + who(p) + "current and calmer than zone " + zone.value + " has been for long";
  }
  return std::nullopt;
}

steady_time checks::began(zone_id const& zone, stage level) const {
  auto const& all = city_.sky_before.at(zone);
  auto first = all.size();
  while (first > 0 && all[first - 1].second.level() >= level) --first;
  return first == all.size() ? city_.stage.now() : all[first].first;
}

checks::paths checks::paths_to(std::size_t g, steady_time ready, steady_time began_at) const {
  paths open;
  // A log that was put back takes its alarms with it until the engine has logged them again; nobody calls it current.
  if (city_.restored_at > ready) return open;
  for (std::size_t e = 0; e < kEngines; ++e) {
    if (!engine_decides_[e].before(ready)) continue;
    open.log = open.log || (engine_writes_[e].before(ready) && log_works_.before(ready) &&
                            log_is_whole_.before(ready) && gateway_reads_[g].before(ready));
    // The bus has no memory: it must have worked when there was something to say.
    auto const then = std::min(ready, began_at);
    // What a copy took away is said again only by an engine that could see that it is gone.
    auto const knows = began_at > city_.restored_at || engine_knows_restore_[e] == city_.restored_at;
    open.bus = open.bus || (knows && engine_decides_[e].before(then) && engine_speaks_[e].before(then) &&
                            gateway_works_[g].before(then) && gateway_hears_[g].before(then));
  }
  return open;
}

checks::verdict checks::one_warning_path(std::size_t p) {
  auto const& phone = *city_.phones[p];
  auto const g = phone.gateway();
  auto const raised = city_.stage.now() - kWarned;
  auto const ready = raised - kMended;
  if (!listens_[p].before(ready) || !gateway_works_[g].before(ready)) {
    lacks_[p].clear();
    return std::nullopt;
  }
  for (auto const& zone : phone.rules().zones()) {
    auto const level = least(zone, raised);
    if (level == stage::all_clear) {
      lacks_[p].erase(zone);
      continue;
    }
    auto const open = paths_to(g, ready, began(zone, level));
    if (!open.log && !open.bus) {
      lacks_[p].erase(zone);
      continue;
    }
    ++(open.log && open.bus ? both_paths : open.log ? log_path_alone : bus_path_alone);
    if (phone.shown(zone) >= level) {
      lacks_[p].erase(zone);
      continue;
    }
    auto const lacks_since = lacks_[p].try_emplace(zone, city_.stage.now()).first->second;
    if (city_.stage.now() - lacks_since > kMerging)
      return "one_warning_path: " + who(p) + "not warned in zone " + zone.value + " though " +
             (open.log && open.bus ? "both paths work"
              : open.log           ? "the log's path works"
                                   : "the bus' path works");
  }
  return std::nullopt;
}

std::optional<std::string> checks::at_rest() {
  std::size_t leaders = 0;
  for (auto const& engine : city_.engines) {
    leaders += engine->leading() ? 1 : 0;
    if (!engine->idle()) return "at rest: an engine still holds alerts that are not logged";
  }
  if (leaders != 1) return "at rest: " + std::to_string(leaders) + " engines lead";
  for (std::size_t p = 0; p < kPhones; ++p) {
    auto const& phone = *city_.phones[p];
    if (!phone.current()) return "at rest: " + who(p) + "not current";
    if (phone.rules().at() != city_.log.at()) return "at rest: " + who(p) + "not at the log's head";
    if (!phone.rules().provisional().empty()) return "at rest: " + who(p) + "shows a provisional alert for ever";
    for (auto const& zone : phone.rules().zones())
      if (phone.shown(zone) != city_.sky_now.at(zone).level())
        return "at rest: " + who(p) + "does not show what is true in zone " + zone.value;
  }
  return std::nullopt;
}

}  // namespace siren::simulation
