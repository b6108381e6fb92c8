#pragma once

#include <optional>
#include <string>

#include "common/audit/audit.h"

namespace siren {

/// A place that a chain is known to have had, from outside: without one whoever owns the database could write the whole
/// record anew, or cut its end off.
struct audit_mark {
  std::uint64_t place = 0;
  std::string hash;  // hexadecimal
};

struct audit_findings {
  std::uint64_t rows = 0;
  std::string head;                  // hexadecimal hash of the last good row
  std::optional<std::string> fault;  // the first one, as a sentence
};

/// Reads a chain from its first row, pages of `page`. Failure: STORE_UNAVAILABLE.
[[nodiscard]] result<audit_findings> check_chain(audit_reader& from, audit_reader::head const& head,
                                                 std::optional<audit_mark> const& known = std::nullopt,
                                                 std::size_t page = 2'000);

}  // namespace siren
