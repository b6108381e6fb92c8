#include "cli/terminal.h"

#include <algorithm>
#include <random>

#include <google/protobuf/util/json_util.h>

#include "common/rpc_server.h"

namespace siren {
namespace {

std::size_t width_of(std::string const& text) {
  auto const starts_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

}  // namespace

int terminal::fail(std::string const& sentence) const {
  err << "siren: " << sentence << '\n';
  return 1;
}

int terminal::fail(failure const& bad) const {
  return fail(bad.message + " (" + std::string{name_of(bad.why)} + ")");
}

int terminal::fail(grpc::Status const& status, std::string const& who) const {
  auto const why = reason_of(status);
  if (!why.empty()) {
    auto const current = metadata_of(status, "current_revision");
    bool const stale = why == name_of(reason::stale_revision) && !current.empty();
    return fail(status.error_message() + (stale ? "; look again, it is at revision " + current + " now" : "") + " (" +
                why + ")");
  }
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) return fail(who + " does not answer (UNAVAILABLE)");
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED)
    return fail(who + " did not answer in time (DEADLINE_EXCEEDED)");
  return fail(who + ": " + status.error_message());
}

int terminal::wrong_use(std::string const& sentence) const {
  err << "siren: " << sentence << " (see --help)\n";
  return 2;
}

void terminal::json_line(google::protobuf::Message const& message) const {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string line;
  auto const done = google::protobuf::util::MessageToJsonString(message, &line, options);
  verify(done.ok(), "a message of ours can be written as JSON");
  out << line << '\n' << std::flush;
}

void text_table::print(std::ostream& out) const {
  std::vector<std::size_t> widths;
  for (auto const& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  for (auto const& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out << row[i];
      if (i + 1 < row.size()) out << std::string(widths[i] - width_of(row[i]) + 2, ' ');
    }
    out << '\n';
  }
}

void set_deadline(grpc::ClientContext& context, milliseconds at_most) {
  context.set_deadline(std::chrono::system_clock::now() + at_most);
}

std::string new_request_id() {
  std::random_device chance;
  std::string id;
  for (int i = 0; i < 32; ++i) id += "0123456789abcdef"[chance() % 16];
  return id;
}

}  // namespace siren
