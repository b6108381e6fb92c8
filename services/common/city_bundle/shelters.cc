#include <set>

#include "common/city_bundle/bundle_files.h"
#include "common/city_bundle/csv.h"
#include "common/city_bundle/fields.h"
#include "common/city_bundle/shelter_lists.h"

namespace siren {
namespace {

constexpr char kSheltersFile[] = "shelters.csv";

result<shelter> shelter_of(csv_fields in, bundle_policy const& policy, lat_lon_box const& box) {
  shelter s;
  s.id = shelter_id{in.id("id")};
  auto const type = shelter_type_named(in.text("type"));
  if (!type || *type == shelter_type::metro_station) {
    in.fail(reason::malformed, type ? "metro stations belong in metro.json" : "type is not a type of shelter");
  }
  s.type = type.value_or(shelter_type::basic);
  s.name_uk = in.text("name_uk");
  s.name_en = in.text("name_en");
  s.address = in.text("address", false);
  s.place = in.place();
  s.capacity = in.whole_number("capacity", policy.max_capacity, reason::capacity_out_of_range);
  s.step_free = in.flag("step_free");
  s.pets = in.flag("pets");
  auto const state = open_state_named(in.text("state"));
  if (!state) in.fail(reason::malformed, "state is not open, closed, full or unknown");
  s.state = state.value_or(open_state::unknown);
  if (auto const at = in.text("verified_at", false); !at.empty()) {
    auto const time = parse_utc(at);
    if (time) {
      s.verified_at = *time;
    } else {
      in.fail(reason::malformed, "verified_at is not a time: " + time.error().message);
    }
  }
  s.generated = in.flag("generated");
  if (in.ok() && !box.contains(s.place)) in.fail(reason::outside_theatre, "outside city_box");
  if (!in.ok()) return in.error();
  s.entrances.push_back({"", s.place, s.step_free});
  return s;
}

}  // namespace

result<std::vector<shelter>> read_shelters(std::filesystem::path const& file, bundle_policy const& policy,
                                           lat_lon_box const& box, std::vector<bundle_reject>& rejects) {
  auto const text = read_whole_file(file, policy.max_file_bytes);
  if (!text) return text.error();
  return parse_shelters_csv(*text, policy, box, rejects);
}

result<std::vector<shelter>> parse_shelters_csv(std::string_view text, bundle_policy const& policy,
                                                lat_lon_box const& box, std::vector<bundle_reject>& rejects) {
  auto const table = parse_csv(text);
  if (!table) return failure{table.error().why, std::string{kSheltersFile} + ": " + table.error().message};
  for (auto const& bad : table->rejects) rejects.push_back({kSheltersFile, bad.line, bad.because});
  std::vector<shelter> shelters;
  std::set<shelter_id> seen;
  for (auto const& row : table->rows) {
    auto s = shelter_of(csv_fields{table->header, row.fields}, policy, box);
    if (s && !seen.insert(s->id).second) s = failure{reason::duplicate, "id " + s->id.value + " again"};
    if (s) {
      shelters.push_back(std::move(*s));
    } else {
      rejects.push_back({kSheltersFile, row.line, s.error()});
    }
  }
  return shelters;
}

}  // namespace siren
