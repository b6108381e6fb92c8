#include "common/audit/audit_check.h"

namespace siren {
namespace {

std::string at(std::string const& chain, std::uint64_t place) {
  return chain + " " + std::to_string(place);
}

/// What is wrong with a row after `before`; absent: nothing.
std::optional<std::string> fault_of(std::string const& chain, std::uint64_t expected, std::string const& before,
                                    audit_reader::row_with_alert const& each) {
  auto const& row = each.row;
  if (row.place != expected) return "row " + at(chain, expected) + " is missing";
  if (hash_after(before, row) != row.hash)
    return "row " + at(chain, row.place) + " was changed, or the row before it was";
  if (row.content.empty()) return std::nullopt;
  auto const entry = "alert log entry " + std::to_string(row.epoch) + "/" + std::to_string(row.seq);
  if (!each.logged) return entry + " of row " + at(chain, row.place) + " is gone";
  if (sha256_of(each.alert) != row.content)
    return entry + " is not what row " + at(chain, row.place) + " says was told";
  return std::nullopt;
}

}  // namespace

result<audit_findings> check_chain(audit_reader& from, audit_reader::head const& head,
                                   std::optional<audit_mark> const& known, std::size_t page) {
  audit_findings found;
  std::string before;
  while (true) {
    auto const rows = from.rows_after(head.chain, found.rows, page);
    if (!rows) return rows.error();
    for (auto const& each : *rows) {
      found.fault = fault_of(head.chain, found.rows + 1, before, each);
      if (found.fault) return found;
      before = each.row.hash;
      found.head = hex_of(before);
      ++found.rows;
      if (known && known->place == found.rows && known->hash != found.head) {
        found.fault = "row " + at(head.chain, found.rows) + " has another hash than it had";
        return found;
      }
    }
    if (rows->size() < page) break;
  }
  // The record may have grown since the head was read, never shrunk.
  if (found.rows < head.place) found.fault = "row " + at(head.chain, found.rows + 1) + " is missing";
  if (known && known->place > found.rows) found.fault = "row " + at(head.chain, known->place) + " is missing";
  return found;
}

}  // namespace siren
