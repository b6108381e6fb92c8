#include "demo_runner/screen.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>

namespace siren::demo {
namespace {

constexpr int kMapColumns = 64;
constexpr int kMapRows = 20;
constexpr meters kMapReach{260e3};  // the region around the city that drones need an hour and a half to cross
constexpr std::size_t kTextColumns = 118;

constexpr auto kReset = "\x1b[0m";
constexpr auto kDim = "\x1b[2m";
constexpr auto kBold = "\x1b[1m";

char const* colour(zones::v1::Stage stage) {
  switch (stage) {
    case zones::v1::STAGE_TAKE_COVER:
      return "\x1b[1;37;41m";
    case zones::v1::STAGE_GO:
      return "\x1b[30;43m";
    case zones::v1::STAGE_PREPARE:
      return "\x1b[30;46m";
    default:
      return "\x1b[2m";
  }
}

/// Letters, so that the map reads without colour: d drone, j jet drone, c cruise, s supersonic, B ballistic and faster.
char letter(threats::v1::ThreatClass kind) {
  switch (kind) {
    case threats::v1::THREAT_CLASS_DRONE:
      return 'd';
    case threats::v1::THREAT_CLASS_JET_DRONE:
      return 'j';
    case threats::v1::THREAT_CLASS_CRUISE_MISSILE:
      return 'c';
    case threats::v1::THREAT_CLASS_SUPERSONIC_MISSILE:
      return 's';
    case threats::v1::THREAT_CLASS_UNSPECIFIED:
      return '?';
    default:
      return 'B';
  }
}

/// Cut to whole UTF-8 characters.
std::vector<std::string> wrapped(std::string const& text, std::size_t columns) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t width = 0;
  std::string word;
  std::size_t word_width = 0;
  auto const flush = [&] {
    if (width + word_width + 1 > columns && !line.empty()) {
      lines.push_back(std::exchange(line, {}));
      width = 0;
    }
    line += (line.empty() ? "" : " ") + word;
    width += word_width + 1;
    word.clear();
    word_width = 0;
  };
  for (char const c : text) {
    if (c == ' ' || c == '\n') {
      if (!word.empty()) flush();
      continue;
    }
    word += c;
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++word_width;
  }
  if (!word.empty()) flush();
  if (!line.empty()) lines.push_back(line);
  return lines;
}

}  // namespace

std::string stage_word(zones::v1::Stage stage) {
  switch (stage) {
    case zones::v1::STAGE_TAKE_COVER:
      return "TAKE COVER";
    case zones::v1::STAGE_GO:
      return "GO";
    case zones::v1::STAGE_PREPARE:
      return "PREPARE";
    default:
      return "all clear";
  }
}

screen::screen(city_bundle const& city) : city_{city} {
  std::cout << "\x1b[?1049h\x1b[?25l" << std::flush;
}
screen::~screen() {
  close();
}

void screen::close() {
  if (std::exchange(open_, false)) std::cout << "\x1b[?25h\x1b[?1049l" << std::flush;
}

std::vector<std::string> screen::map(moment const& now) const {
  std::vector<std::string> rows(kMapRows, std::string(kMapColumns, ' '));
  local_plane const plane{city_.info.centre};
  auto const put = [&](lat_lon place, char what) {
    auto const at = plane.to_plane(place);
    auto const column = std::lround((at.east / kMapReach + 1.0) * (kMapColumns - 1) / 2.0);
    auto const row = std::lround((1.0 - at.north / kMapReach) * (kMapRows - 1) / 2.0);
    if (column >= 0 && column < kMapColumns && row >= 0 && row < kMapRows)
      rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] = what;
  };
  for (auto const& z : city_.zones)
    if (z.kind == zone_kind::oblast || z.kind == zone_kind::city)
      for (auto const& part : z.shape)
        for (auto const& vertex : part.outer) put(vertex, z.kind == zone_kind::city ? '#' : '.');
  for (auto const& track : now.seen.tracks)
    put({degrees{track.position().latitude_deg()}, degrees{track.position().longitude_deg()}},
        letter(track.threat_class()));
  return rows;
}

std::vector<std::string> screen::zones(moment const& now) const {
  std::vector<std::string> of_city;
  std::vector<std::string> elsewhere;
  for (auto const& z : city_.zones) {
    auto const found = now.seen.alerts.find(z.id.value);
    auto const quiet = found == now.seen.alerts.end();
    auto const in_city = z.id == city_.info.city_zone || (z.parent && *z.parent == city_.info.city_zone);
    if (!in_city && quiet) continue;
    auto const stage = quiet ? zones::v1::STAGE_ALL_CLEAR : found->second.stage();
    (in_city ? of_city : elsewhere)
        .push_back(fmt::format("{}{:<10}{} {}{}", colour(stage), stage_word(stage), kReset, z.name_en,
                               !quiet && found->second.partly() ? " (partly)" : ""));
  }
  auto const room = kMapRows - std::min<std::size_t>(of_city.size(), kMapRows);
  if (elsewhere.size() > room && room > 0) {
    auto const hidden = elsewhere.size() - room + 1;
    elsewhere.resize(room - 1);
    elsewhere.push_back(fmt::format("{}and {} more zones{}", kDim, hidden, kReset));
  }
  of_city.insert(of_city.end(), elsewhere.begin(), elsewhere.end());
  return of_city;
}

void screen::draw(moment const& now, std::optional<swarm::sample_phone> const& sample) {
  if (sample) last_sample_ = *sample;
  std::string out = "\x1b[H";
  auto const line = [&](std::string const& text) { out += text + "\x1b[K\n"; };
  line(fmt::format("{}SIREN  EXERCISE / НАВЧАННЯ{}  {}  world time {} UTC", kBold, kReset, city_.info.name_en,
                   format_utc(now.world_now).substr(0, 16)));
  if (city_.info.generated) line(fmt::format("{}{}{}", kDim, city_.info.generated_label_en, kReset));
  line(fmt::format("observations {:>8}   tracks {:>4} now {:>5} ever   alerts {:>6}   refused {}",
                   now.feeds.observations, now.seen.tracks.size(), now.seen.tracks_ever, now.seen.alerts_ever,
                   now.feeds.sent - std::min(now.feeds.sent, now.feeds.accepted)));
  line(fmt::format(
      "phones {:>6} connected {:>6} current {:>6}   delivered {:>9}   delay p50 {} ms  p99 {} ms  max {} ms",
      now.phones.phones, now.phones.connected, now.phones.current, now.phones.delivered, now.delay.p50.count(),
      now.delay.p99.count(), now.delay.max.count()));
  line(fmt::format("verdicts: go to shelter {}   go to metro {}   take cover {}", now.phones.go_shelter,
                   now.phones.go_metro, now.phones.take_cover));
  line("");
  auto const picture = map(now);
  auto const list = zones(now);
  for (std::size_t i = 0; i < kMapRows; ++i) line(picture[i] + "  " + (i < list.size() ? list[i] : ""));
  line(
      fmt::format("{}d drone  j jet drone  c cruise  s supersonic  B ballistic  ? unknown   # city  . oblast borders{}",
                  kDim, kReset));
  line(fmt::format("{}A phone in {}{}", kBold, last_sample_.zone, kReset));
  for (auto const* text : {&last_sample_.headline_uk, &last_sample_.body_uk, &last_sample_.guidance_uk,
                           &last_sample_.headline_en, &last_sample_.body_en, &last_sample_.guidance_en})
    for (auto const& part : wrapped(*text, kTextColumns)) line("  " + part);
  out += "\x1b[J";
  std::cout << out << std::flush;
}

std::string plain_line(moment const& now) {
  auto cover = 0;
  auto go = 0;
  for (auto const& [zone, alert] : now.seen.alerts) {
    cover += alert.stage() == zones::v1::STAGE_TAKE_COVER ? 1 : 0;
    go += alert.stage() == zones::v1::STAGE_GO ? 1 : 0;
  }
  return fmt::format(
      "[{:>3}:{:02}] {} UTC  observations {}  tracks {}  zones in alarm {} (go {}, take cover {})  alerts {}  phones "
      "{}/{} "
      " "
      "delivered {}  delay p50 {} p99 {} max {} ms",
      now.passed.count() / 60, now.passed.count() % 60, format_utc(now.world_now).substr(11, 5), now.feeds.observations,
      now.seen.tracks.size(), now.seen.alerts.size(), go, cover, now.seen.alerts_ever, now.phones.current,
      now.phones.phones, now.phones.delivered, now.delay.p50.count(), now.delay.p99.count(), now.delay.max.count());
}

}  // namespace siren::demo
