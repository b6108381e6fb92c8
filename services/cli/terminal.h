#pragma once

#include <ostream>
#include <string>
#include <vector>

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include "core/base/result.h"
#include "core/base/time.h"

namespace siren {

/// Where a command speaks. Exit statuses: 0 done, 1 failed (one line on `err` tells why), 2 wrong use.
struct terminal {
  std::ostream& out;
  std::ostream& err;

  /// "siren: <sentence>" on `err`; returns 1.
  int fail(std::string const& sentence) const;
  int fail(failure const& bad) const;
  /// For an answer of `who` ("shelter_registry at unix:/…").
  int fail(grpc::Status const& status, std::string const& who) const;
  int wrong_use(std::string const& sentence) const;
  /// One line of JSON, field names as in the contract, zeros included.
  void json_line(google::protobuf::Message const& message) const;
};

/// Columns of plain text, left-aligned, two blanks apart; the last one is free. Widths count characters, not bytes.
class text_table {
 public:
  explicit text_table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void print(std::ostream& out) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// Limits a call; every call of this program has one.
void set_deadline(grpc::ClientContext& context, milliseconds at_most);
/// 32 hexadecimal digits nobody has used: makes a mutation safe to repeat.
[[nodiscard]] std::string new_request_id();

}  // namespace siren
