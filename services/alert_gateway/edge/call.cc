#include "alert_gateway/edge/call.h"

#include <algorithm>

#include "alert_gateway/edge/connection.h"

namespace siren::edge {
namespace {

constexpr hours kLongestDeadline{24 * 365};  // more would not fit into a clock of nanoseconds

}  // namespace

call::call(connection_home& home, connection& on, std::int32_t id, std::size_t most_message_bytes)
    : home_{home}, on_{&on}, moved_at_{home.now()}, id_{id}, cutter_{most_message_bytes} {}

void call::header(std::string_view name, std::string_view value) {
  if (name == ":path") path_ = value;
  if (name == ":method") is_post_ = value == "POST";
  if (name == "content-type") content_type_ = value;
  if (name == "grpc-timeout") {
    timeout_ = timeout_of(value);
    bad_request_ = bad_request_ || !timeout_;
  }
}

void call::begin() {
  if (headers_too_large_) {
    home_.count(refusal::header_bytes);
    return refuse({reason::message_too_large,
                   "a request's headers are at most " + std::to_string(home_.limits().header_bytes) + " bytes"});
  }
  if (!is_post_ || !is_grpc(content_type_)) {
    home_.count(refusal::not_grpc);
    auto end = end_of(failure{reason::malformed, "only gRPC is spoken here: POST with content-type application/grpc"});
    end.http = is_post_ ? "415" : "405";
    return refuse(std::move(end));
  }
  if (bad_request_) return refuse({reason::malformed, "grpc-timeout is malformed"});
  if (timeout_) until_ = home_.now() + std::min<microseconds>(*timeout_, kLongestDeadline);
  handler_ = home_.open(path_, *this);
  if (handler_) return;
  home_.count(refusal::unknown_method);
  refuse({reason::unknown_method, "there is no method " + printable(path_)});
}

void call::refuse(failure const& why) {
  refuse(end_of(why));
}

void call::refuse(call_end how) {
  bad_request_ = true;
  start_end(std::move(how));
}

void call::data(std::string_view bytes) {
  if (bad_request_ || !handler_) return;
  auto const cut = cutter_.feed(bytes, [this](std::string_view message) {
    asked_ = true;
    moved_at_ = home_.now();
    if (!ending_) handler_->on_request(message);
  });
  if (!cut) refuse(cutter_.compressed() ? end_of_compressed() : end_of(cut.error()));
}

void call::half_closed() {
  if (bad_request_ || !handler_) return;
  if (cutter_.in_the_middle()) return refuse({reason::malformed, "the request ends within a message"});
  handler_->on_half_closed();
}

void call::closed() {
  on_ = nullptr;
  // The handler may be the only one that still holds us, and we it.
  auto const last = std::move(handler_);
  if (last) last->on_closed();
}

void call::tick(steady_time now) {
  auto const quiet = now - moved_at_;
  if (ending_) {
    // Whoever lets no byte through until the end does not get one.
    if (quiet >= home_.limits().end_within) cut();
    return;
  }
  if (until_ && now >= *until_) return refuse({reason::deadline_passed, "the call's own deadline has passed"});
  if (quiet >= (asked_ ? home_.limits().idle_within : home_.limits().first_message_within))
    refuse({reason::deadline_passed, asked_ ? "nothing was asked or told for too long" : "no request came in time"});
}

steady_time call::quiet_until() const {
  auto const quiet = moved_at_ + (asked_ ? home_.limits().idle_within : home_.limits().first_message_within);
  return until_ ? std::min(*until_, quiet) : quiet;
}

call::next_part call::next(std::size_t most) {
  using kind = next_part::kind;
  if (uncounted_ > 0) return {kind::bytes, std::min(uncounted_, most), false};
  if (out_ && !only_counts_) {
    auto const left = kPrefixBytes + out_->size() - offset_;
    auto const part = std::min(left, most);
    return {kind::bytes, part, part == left && ending_};
  }
  if (ending_ && !only_counts_) return {kind::end, 0, true};
  waits_ = true;
  return {};
}

bool call::begin_count() {
  only_counts_ = uncounted_ > 0;
  if (only_counts_) waits_ = false;
  return only_counts_;
}

bool call::count(std::size_t bytes) {
  if (uncounted_ == 0) return false;
  uncounted_ -= bytes;
  return true;
}

std::size_t call::whole_message() const {
  return out_ && offset_ == 0 && waits_ && !ending_ ? kPrefixBytes + out_->size() : 0;
}

void call::append_frame_to(std::string& out) {
  auto const bytes = whole_message();
  auto const head = data_head_of(bytes, id_);
  out.append(head.data(), head.size());
  append_to(out, bytes);
  uncounted_ += bytes;
}

void call::append_to(std::string& out, std::size_t bytes) {
  if (offset_ < kPrefixBytes) {
    auto const of_prefix = std::min(bytes, kPrefixBytes - offset_);
    out.append(prefix_.data() + offset_, of_prefix);
    offset_ += of_prefix;
    bytes -= of_prefix;
  }
  out.append(*out_, offset_ - kPrefixBytes, bytes);
  offset_ += bytes;
  if (offset_ < kPrefixBytes + out_->size()) return;
  out_.reset();
  written_ = true;
  moved_at_ = home_.now();
}

void call::taken() {
  if (!std::exchange(written_, false) || !handler_) return;
  handler_->on_written(true);
}

void call::expect_write() const {
  if (on_ != nullptr) on_->fetch();
}

void call::write(std::shared_ptr<std::string const> const& message) {
  if (home_.on_own_thread()) return start_write(message);
  home_.post([self = shared_from_this(), message] { self->start_write(message); });
}

void call::finish(std::optional<failure> const& why) {
  if (home_.on_own_thread()) return start_end(end_of(why));
  home_.post([self = shared_from_this(), why] { self->start_end(end_of(why)); });
}

void call::cut() {
  if (!home_.on_own_thread()) return home_.post([self = shared_from_this()] { self->cut(); });
  if (on_ != nullptr) on_->reset(*this);
}

void call::start_write(std::shared_ptr<std::string const> message) {
  if (on_ == nullptr || ending_) return;
  answer_headers();
  prefix_ = prefix_of(message->size());
  out_ = std::move(message);
  offset_ = 0;
  home_.has_output(*on_);
}

void call::start_end(call_end how) {
  if (on_ == nullptr || ending_) return;
  ending_ = true;
  moved_at_ = home_.now();
  end_ = std::move(how);
  if (!answered_) {
    answered_ = true;
    return on_->submit_only_end(*this);
  }
  home_.has_output(*on_);
}

void call::answer_headers() {
  if (answered_) return;
  answered_ = true;
  on_->submit_headers(*this);
}

}  // namespace siren::edge
