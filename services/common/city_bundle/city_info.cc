#include "common/city_bundle/bundle_files.h"
#include "common/city_bundle/fields.h"

namespace siren {
namespace {

lat_lon_box box_of(nlohmann::json const& object, char const* name, json_fields& owner) {
  json_fields in{object};
  lat_lon_box const box{{degrees{in.number("south")}, degrees{in.number("west")}},
                        {degrees{in.number("north")}, degrees{in.number("east")}}};
  if (!in.ok()) {
    owner.fail(in.error().why, std::string{name} + ": " + in.error().message);
  } else if (!on_earth(box.south_west) || !on_earth(box.north_east) || box.south_west.lat >= box.north_east.lat ||
             box.south_west.lon >= box.north_east.lon) {
    owner.fail(reason::malformed, std::string{name} + " is not a box");
  }
  return box;
}

}  // namespace

result<city_info> read_city_info(std::filesystem::path const& file, bundle_policy const& policy) {
  auto const text = read_whole_file(file, policy.max_file_bytes);
  if (!text) return text.error();
  auto const root = read_json_object(*text, "city.json");
  if (!root) return root.error();
  json_fields in{*root};
  auto const format = in.text("format");
  if (in.ok() && format != kCityBundleFormat) {
    return failure{reason::schema_mismatch,
                   "city.json has format \"" + format + "\", this program reads " + kCityBundleFormat};
  }
  city_info city;
  city.name_uk = in.text("name_uk");
  city.name_en = in.text("name_en");
  city.country = in.text("country");
  if (in.ok() && city.country.size() != 2) in.fail(reason::malformed, "country is not a two-letter code");
  city.city_zone = zone_id{in.id("city_zone")};
  city.time_zone = in.text("time_zone");
  city.generated = in.flag("generated", false);
  city.generated_label_uk = in.text("generated_label_uk", city.generated);
  city.generated_label_en = in.text("generated_label_en", city.generated);
  json_fields centre{in.object("centre")};
  city.centre = centre.place();
  if (in.ok() && !centre.ok()) in.fail(centre.error().why, "centre: " + centre.error().message);
  city.city_box = box_of(in.object("city_box"), "city_box", in);
  city.theatre_box = box_of(in.object("theatre_box"), "theatre_box", in);
  for (auto const& line : in.array("attribution")) {
    if (!line.is_string() || line.get_ref<std::string const&>().size() > kMaxTextBytes) {
      in.fail(reason::malformed, "attribution is not a list of texts");
      break;
    }
    city.attribution.push_back(line.get<std::string>());
  }
  if (in.ok() && !city.city_box.contains(city.centre)) in.fail(reason::malformed, "centre is outside city_box");
  if (!in.ok()) return failure{in.error().why, "city.json: " + in.error().message};
  return city;
}

}  // namespace siren
