#include <set>

#include "common/city_bundle/bundle_files.h"
#include "common/city_bundle/csv.h"
#include "common/city_bundle/fields.h"

namespace siren {
namespace {

constexpr char kFile[] = "region_codes.csv";

}  // namespace

result<std::map<zone_id, region_codes>> read_region_codes(std::filesystem::path const& file,
                                                          bundle_policy const& policy, std::vector<zone> const& zones,
                                                          std::vector<bundle_reject>& rejects) {
  auto const text = read_whole_file(file, policy.max_file_bytes);
  if (!text) return text.error();
  auto const table = parse_csv(*text);
  if (!table) return failure{table.error().why, std::string{kFile} + ": " + table.error().message};
  for (auto const& bad : table->rejects) rejects.push_back({kFile, bad.line, bad.because});
  std::set<zone_id> known;
  for (auto const& z : zones) known.insert(z.id);
  std::map<zone_id, region_codes> codes;
  for (auto const& row : table->rows) {
    csv_fields in{table->header, row.fields};
    zone_id const id{in.id("zone_id")};
    region_codes const read{in.text("uid", false), in.text("katotth", false)};
    if (in.ok() && !known.contains(id)) in.fail(reason::unknown_zone, "no zone " + id.value);
    if (in.ok() && !read.uid.empty() && !is_uid(read.uid)) in.fail(reason::malformed, "uid has 1 to 9 digits");
    if (in.ok() && !read.katotth.empty() && !is_katotth(read.katotth))
      in.fail(reason::malformed, "katotth is UA and 17 digits");
    if (in.ok() && codes.contains(id)) in.fail(reason::duplicate, "zone " + id.value + " again");
    if (in.ok()) {
      codes.emplace(id, read);
    } else {
      rejects.push_back({kFile, row.line, in.error()});
    }
  }
  return codes;
}

}  // namespace siren
