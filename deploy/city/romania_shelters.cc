#include "romania_shelters.h"

#include <set>

#include "common/city_bundle/csv.h"
#include "common/city_bundle/fields.h"

namespace siren::city {
namespace {

constexpr std::uint32_t kMostNumber = 10'000'000;

open_state state_of(std::string const& status) {
  if (status == "green" || status == "orange") return open_state::open;
  return status == "red" ? open_state::closed : open_state::unknown;
}

result<shelter> shelter_of(nlohmann::json const& item, std::string const& county, bundle_policy const& policy) {
  json_fields in{item};
  shelter s;
  s.id =
      shelter_id{"ro-" + county + "-" + std::to_string(in.whole_number("id", kMostNumber, reason::count_out_of_range))};
  s.type = shelter_type::dual_purpose;
  auto const town = in.text("town", false);
  auto const street = in.text("address");
  s.name_uk = s.name_en = street;
  s.address = town.empty() ? street : street + ", " + town;
  s.place = in.place();
  s.capacity = in.whole_number("capacity", policy.max_capacity, reason::capacity_out_of_range);
  s.state = state_of(in.text("status", false));
  if (in.ok() && s.place == lat_lon{}) in.fail(reason::missing_field, "no coordinates");
  if (in.ok() && s.address.size() > kMaxTextBytes) in.fail(reason::field_too_long, "address too long");
  if (!in.ok()) return in.error();
  s.entrances.push_back({"", s.place, false});
  return s;
}

struct reading {
  lat_lon_box const& box;
  bundle_policy const& policy;
  std::set<shelter_id> seen;
  listed_shelters list;

  void add(nlohmann::json const& item, std::string const& county) {
    ++list.listed;
    auto s = shelter_of(item, county, policy);
    if (s && !seen.insert(s->id).second) s = failure{reason::duplicate, "id " + s->id.value + " again"};
    if (!s) {
      list.rejects.push_back({"", list.listed, s.error()});
    } else if (box.contains(s->place)) {
      list.shelters.push_back(std::move(*s));
    } else {
      ++list.outside;
    }
  }
};

}  // namespace

result<listed_shelters> parse_romanian_shelters(std::string const& text, lat_lon_box const& box,
                                                bundle_policy const& policy) {
  auto const root = nlohmann::json::parse(text, nullptr, false);
  if (root.is_discarded() || !root.is_array()) return failure{reason::malformed, "not a JSON list of counties"};
  reading all{box, policy, {}, {}};
  for (auto const& part : root) {
    json_fields county{part};
    auto const id = county.id("id");
    auto const& items = county.array("items");
    if (!county.ok()) return failure{county.error().why, "a county: " + county.error().message};
    if (all.list.listed + items.size() > csv_limits{}.max_rows)
      return failure{reason::message_too_large, "more than " + std::to_string(csv_limits{}.max_rows) + " shelters"};
    for (auto const& item : items) all.add(item, id);
  }
  return std::move(all.list);
}

}  // namespace siren::city
