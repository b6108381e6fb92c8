#include "alarm_replay/history.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <tuple>

#include "common/city_bundle/csv.h"

namespace siren::replay {
namespace {

constexpr double kFirstLatitude = 44.0;
constexpr double kFirstLongitude = 22.0;
constexpr double kSquare = 0.1;  // degrees

/// The squares fill rows of a hundred.
polygon square(std::size_t number) {
  auto const south = kFirstLatitude + kSquare * static_cast<double>(number / 100);
  auto const west = kFirstLongitude + kSquare * static_cast<double>(number % 100);
  auto const corner = [&](double north, double east) {
    return lat_lon{degrees{south + north * kSquare}, degrees{west + east * kSquare}};
  };
  return {{corner(0, 0), corner(0, 1), corner(1, 1), corner(1, 0)}, {}};
}

bool ends_with(std::string const& text, std::string_view end) {
  return text.size() >= end.size() && std::string_view{text}.substr(text.size() - end.size()) == end;
}

class reader {
 public:
  explicit reader(csv_table const& table) : table_{table} {}

  result<alarm_history> read() {
    for (auto const* name : {"oblast", "raion", "hromada", "level", "started_at", "finished_at"}) {
      auto const at = std::find(table_.header.begin(), table_.header.end(), name);
      if (at == table_.header.end()) return failure{reason::missing_field, std::string{"no column "} + name};
      columns_.push_back(static_cast<std::size_t>(at - table_.header.begin()));
    }
    for (auto const& row : table_.rows) {
      if (auto const done = take(row); !done)
        return failure{done.error().why, "line " + std::to_string(row.line) + ": " + done.error().message};
    }
    return std::move(made_);
  }

 private:
  std::string const& field(csv_row const& row, std::size_t column) const { return row.fields[columns_[column]]; }

  result<void> take(csv_row const& row) {
    std::vector<std::string> path{field(row, 0), field(row, 1), field(row, 2)};
    if (ends_with(path[0], " raion") && ends_with(path[1], " oblast")) {
      std::swap(path[0], path[1]);
      ++made_.put_right;
    }
    auto const& level = field(row, 3);
    std::size_t const depth = level == "oblast" ? 1 : level == "raion" ? 2 : level == "hromada" ? 3 : 0;
    if (depth == 0) return failure{reason::malformed, "level is \"" + level + "\""};
    path.resize(depth);
    if (std::find(path.begin(), path.end(), "") != path.end())
      return failure{reason::missing_field, "a " + level + " without its name or what it lies in"};
    auto const began = time_of(field(row, 4));
    if (!began) return began.error();
    auto const ended = time_of(field(row, 5));
    if (!ended) return ended.error();
    if (*ended <= *began) return failure{reason::malformed, "ends before it begins"};
    made_.rows.push_back({region(path), *began, *ended});
    return {};
  }

  static result<utc_time> time_of(std::string text) {
    if (text.size() > 10 && text[10] == ' ') text[10] = 'T';
    return parse_utc(text);
  }

  zone_id region(std::vector<std::string> const& path) {
    if (auto const known = known_.find(path); known != known_.end()) return known->second;
    constexpr zone_kind kinds[] = {zone_kind::oblast, zone_kind::raion, zone_kind::hromada};
    zone z;
    if (path.size() > 1) z.parent = region({path.begin(), path.end() - 1});
    z.id = zone_id{std::to_string(made_.zones.size() + 1)};
    z.kind = kinds[path.size() - 1];
    z.name_uk = z.name_en = path.back();
    z.shape = {square(made_.zones.size())};
    known_.emplace(path, z.id);
    made_.zones.push_back(z);
    return z.id;
  }

  csv_table const& table_;
  std::vector<std::size_t> columns_;
  std::map<std::vector<std::string>, zone_id> known_;
  alarm_history made_;
};

}  // namespace

result<alarm_history> parse_history(std::string_view text) {
  auto const table = parse_csv(text);
  if (!table) return table.error();
  if (!table->rejects.empty()) {
    auto const& first = table->rejects.front();
    return failure{first.because.why, "line " + std::to_string(first.line) + ": " + first.because.message};
  }
  return reader{*table}.read();
}

result<alarm_history> read_history(std::string const& file) {
  std::ifstream in{file, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return failure{reason::file_unreadable, "can't read " + file};
  auto made = parse_history(text.str());
  if (!made) return failure{made.error().why, file + ", " + made.error().message};
  return made;
}

std::vector<region_alarm> events_of(alarm_history const& history) {
  std::vector<region_alarm> events;
  events.reserve(2 * history.rows.size());
  for (auto const& row : history.rows) {
    region_alarm start;
    start.source = source_id{"official"};
    start.region = row.region;
    start.changed_at = row.began;
    auto end = start;
    end.active = false;
    end.changed_at = row.ended;
    events.push_back(std::move(start));
    events.push_back(std::move(end));
  }
  std::stable_sort(events.begin(), events.end(), [](region_alarm const& a, region_alarm const& b) {
    return std::tuple{a.changed_at, !a.active} < std::tuple{b.changed_at, !b.active};
  });
  return events;
}

}  // namespace siren::replay
