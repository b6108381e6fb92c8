#include "feed_adapters/recording.h"

#include <algorithm>

#include "common/city_bundle/csv.h"
#include "common/city_bundle/fields.h"
#include "feed_adapters/feed_records.h"

namespace siren {
namespace {

bool has_columns(csv_table const& table, std::initializer_list<std::string_view> wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](std::string_view name) {
    return std::find(table.header.begin(), table.header.end(), name) != table.header.end();
  });
}

result<csv_table> table_of(std::string_view text, std::initializer_list<std::string_view> columns,
                           recording_limits const& limits) {
  csv_limits csv;
  csv.max_rows = limits.max_lines;
  auto table = parse_csv(text, csv);
  if (table && !has_columns(*table, columns)) {
    std::string all;
    for (auto const name : columns) all += (all.empty() ? "" : ", ") + std::string{name};
    return failure{reason::missing_field, "the first line must name the columns " + all};
  }
  return table;
}

/// "2022-03-15 16:10:34+00:00" too.
result<utc_time> time_in(std::string text) {
  if (text.empty()) return failure{reason::time_missing, "no time"};
  if (text.size() > 10 && text[10] == ' ') text[10] = 'T';
  return parse_utc(text);
}

std::optional<threat_class> class_in(std::string const& name) {
  if (name.empty()) return threat_class::unknown;
  if (name == "kab") return threat_class::guided_bomb;  // as channels call it
  return threat_class_named(name);
}

result<observation> report_of(csv_fields& in, source_id const& source) {
  auto const when = in.text("observed_at_utc", false);
  auto const kind_name = in.text("threat_class", false);
  observation report;
  report.source = source;
  report.origin = source_id{in.text("source", false)};
  report.position = in.place();
  report.count = in.whole_number("count", 1'000, reason::count_out_of_range);
  if (!in.ok()) return in.error();
  auto const at = time_in(when);
  if (!at) return at.error();
  auto const kind = class_in(kind_name);
  if (!kind) return failure{reason::malformed, "no threat class \"" + kind_name + "\""};
  report.observed_at = *at;
  report.kind = *kind;
  report.count = std::max(1U, report.count);
  report.belongs_to = world::exercise;
  return report;
}

struct recorded_alarm {
  zone_id zone;
  utc_time began;
  std::optional<utc_time> ended;
};

result<recorded_alarm> alarm_of(csv_fields& in, region_names const& names) {
  auto const oblast = in.text("oblast", false);
  auto const raion = in.text("raion", false);
  auto const hromada = in.text("hromada", false);
  auto const level = in.text("level", false);
  auto const started = in.text("started_at", false);
  auto const finished = in.text("finished_at", false);
  if (!in.ok()) return in.error();
  std::string name = oblast;
  if (level == "raion" || level == "hromada") name += "/" + raion;
  if (level == "hromada") name += "/" + hromada;
  if (level != "oblast" && level != "raion" && level != "hromada")
    return failure{reason::malformed, "level is oblast, raion or hromada"};
  auto const began = time_in(started);
  if (!began) return began.error();
  std::optional<utc_time> ended;
  if (!finished.empty()) {
    auto const at = time_in(finished);
    if (!at) return at.error();
    if (*at <= *began) return failure{reason::malformed, "finished_at is not after started_at"};
    ended = *at;
  }
  auto const zone = names.find(name);
  if (zone == names.end()) return failure{reason::unknown_region, "no zone for \"" + name + "\""};
  return recorded_alarm{zone->second, *began, ended};
}

void sort_by_time(recording& what) {
  // At one instant what starts comes first, so that a region that stays in alarm hears no all clear in between.
  auto const ends = [](recorded const& r) { return r.record.has_region_alarm() && !r.record.region_alarm().active(); };
  std::stable_sort(what.records.begin(), what.records.end(), [&](recorded const& a, recorded const& b) {
    return std::pair{a.at, ends(a)} < std::pair{b.at, ends(b)};
  });
}

recording with_rejects_of(csv_table const& table) {
  recording read;
  for (auto const& bad : table.rejects) read.rejects.push_back({bad.line, bad.because});
  return read;
}

}  // namespace

result<recording> parse_reports_csv(std::string_view text, source_id const& source, recording_limits const& limits) {
  auto const table = table_of(text, {"observed_at_utc", "lat", "lon", "threat_class", "count", "source"}, limits);
  if (!table) return table.error();
  auto read = with_rejects_of(*table);
  for (auto const& row : table->rows) {
    csv_fields in{table->header, row.fields};
    auto const report = report_of(in, source);
    if (report)
      read.records.push_back({report->observed_at, report_record(*report)});
    else
      read.rejects.push_back({row.line, report.error()});
  }
  sort_by_time(read);
  return read;
}

region_names names_of(std::vector<zone> const& zones) {
  std::map<zone_id, zone const*> by_id;
  for (auto const& one : zones) by_id[one.id] = &one;
  region_names names;
  std::map<std::string, std::size_t> times;
  for (auto const& one : zones) {
    if (one.kind == zone_kind::country) continue;
    auto name = one.name_en;
    for (auto up = one.parent; up && by_id.contains(*up) && by_id[*up]->kind != zone_kind::country;
         up = by_id[*up]->parent)
      name = by_id[*up]->name_en + "/" + name;
    ++times[name];
    names[name] = one.id;
  }
  for (auto const& [name, count] : times)
    if (count > 1) names.erase(name);
  return names;
}

result<void> add_region_names(std::string_view text, std::vector<zone> const& zones, region_names& names) {
  auto const table = table_of(text, {"name", "zone_id"}, {});
  if (!table) return table.error();
  for (auto const& row : table->rows) {
    csv_fields in{table->header, row.fields};
    auto const name = in.text("name");
    zone_id const id{in.id("zone_id")};
    auto const known = std::any_of(zones.begin(), zones.end(), [&](zone const& one) { return one.id == id; });
    if (in.ok() && !known) in.fail(reason::unknown_zone, "no zone " + id.value);
    if (!in.ok()) return failure{in.error().why, "line " + std::to_string(row.line) + ": " + in.error().message};
    names[name] = id;
  }
  return {};
}

result<recording> parse_alarms_csv(std::string_view text, source_id const& source, region_names const& names,
                                   recording_limits const& limits) {
  auto const table = table_of(text, {"oblast", "raion", "hromada", "level", "started_at", "finished_at"}, limits);
  if (!table) return table.error();
  auto read = with_rejects_of(*table);
  for (auto const& row : table->rows) {
    csv_fields in{table->header, row.fields};
    auto const alarm = alarm_of(in, names);
    if (!alarm) {
      read.rejects.push_back({row.line, alarm.error()});
      continue;
    }
    told_alarm told{alarm->zone, alarm_type::air, {}, true, alarm->began};
    read.records.push_back({told.changed_at, alarm_record(told, alarm->zone, source, world::exercise)});
    if (!alarm->ended) continue;
    told.active = false;
    told.changed_at = *alarm->ended;
    read.records.push_back({told.changed_at, alarm_record(told, alarm->zone, source, world::exercise)});
  }
  sort_by_time(read);
  return read;
}

}  // namespace siren
