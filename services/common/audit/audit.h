#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"

namespace siren {

class pg_store;

/// What somebody did.
struct audit_entry {
  std::string chain;  // "orders", "shelters"; "alerts" is written with the alert log
  std::string actor;
  std::string act;
  std::string subject;  // a zone, a shelter
  std::string detail;
  trace_id trace;
};

/// A row of the record.
struct audit_row {
  std::uint64_t place = 0;  // 1, 2, 3 … of its chain
  std::int64_t acted_us = 0;
  std::string actor;
  std::string act;
  std::string subject;
  std::string detail;
  std::string trace;
  std::uint64_t epoch = 0;  // with seq: the entry of the alert log that it is about
  std::uint64_t seq = 0;
  std::string content;  // bytes: SHA-256 of that entry's alert
  std::string hash;     // bytes
};
/// SHA-256, as bytes.
[[nodiscard]] std::string sha256_of(std::string const& bytes);
/// What `row.hash` must be after a row with the hash `before` (empty: it is the first). migrations/0012 must agree.
[[nodiscard]] std::string hash_after(std::string const& before, audit_row const& row);
[[nodiscard]] std::string hex_of(std::string const& bytes);

class audit_writer {
 public:
  virtual ~audit_writer() = default;
  /// Durable when it returns. Failure: STORE_UNAVAILABLE.
  [[nodiscard]] virtual result<void> add(audit_entry const& entry) = 0;
};

class audit_reader {
 public:
  virtual ~audit_reader() = default;
  struct head {
    std::string chain;
    std::uint64_t place = 0;
    std::string hash;
  };
  [[nodiscard]] virtual result<std::vector<head>> heads() = 0;
  struct row_with_alert {
    audit_row row;
    bool logged = false;  // the alert log has the entry
    std::string alert;    // its bytes
  };
  /// In order, at most `at_most`.
  [[nodiscard]] virtual result<std::vector<row_with_alert>> rows_after(std::string const& chain, std::uint64_t place,
                                                                       std::size_t at_most) = 0;
};

[[nodiscard]] std::unique_ptr<audit_writer> make_pg_audit_writer(pg_store& store);
[[nodiscard]] std::unique_ptr<audit_reader> make_pg_audit_reader(pg_store& store);

}  // namespace siren
