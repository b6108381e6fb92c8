#include "alert_gateway/edge/call.h"

#include <algorithm>

#include "alert_gateway/edge/connection.h"

namespace siren::edge {

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
  if (!is_post_ || !content_type_.starts_with("application/grpc")) {
    home_.count(refusal::not_grpc);
    return refuse({reason::malformed, "only gRPC is spoken here: POST with content-type application/grpc"});
  }
  if (bad_request_) return refuse({reason::malformed, "grpc-timeout is malformed"});
  if (timeout_) until_ = home_.now() + *timeout_;
  handler_ = home_.open(path_, *this);
  if (handler_) return;
  home_.count(refusal::unknown_method);
  refuse({reason::unknown_method, "there is no method " + path_.substr(0, 100)});
}

void call::refuse(failure const& why) {
  bad_request_ = true;
  start_end(why);
}

void call::data(std::string_view bytes) {
  if (bad_request_ || !handler_) return;
  auto const cut = cutter_.feed(bytes, [this](std::string_view message) {
    if (!ending_) handler_->on_request(message);
  });
  if (!cut) refuse(cut.error());
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
  if (!until_ || now < *until_ || ending_) return;
  until_.reset();
  refuse({reason::deadline_passed, "the call's own deadline has passed"});
}

call::next_part call::next(std::size_t most) {
  using kind = next_part::kind;
  if (out_) {
    auto const left = kPrefixBytes + out_->size() - offset_;
    auto const part = std::min(left, most);
    return {kind::bytes, part, part == left && ending_};
  }
  if (ending_) return {kind::end, 0, true};
  waits_ = true;
  return {};
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
}

void call::taken() {
  if (!std::exchange(written_, false) || !handler_) return;
  handler_->on_written(true);
}

void call::write(std::shared_ptr<std::string const> const& message) {
  if (home_.on_own_thread()) return start_write(message);
  home_.post([self = shared_from_this(), message] { self->start_write(message); });
}

void call::finish(std::optional<failure> const& why) {
  if (home_.on_own_thread()) return start_end(why);
  home_.post([self = shared_from_this(), why] { self->start_end(why); });
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
  go_on();
}

void call::start_end(std::optional<failure> const& why) {
  if (on_ == nullptr || ending_) return;
  ending_ = true;
  end_ = end_of(why);
  if (!answered_) {
    answered_ = true;
    return on_->submit_only_end(*this);
  }
  go_on();
}

void call::answer_headers() {
  if (answered_) return;
  answered_ = true;
  on_->submit_headers(*this);
}

void call::go_on() {
  if (std::exchange(waits_, false)) on_->resume(*this);
  home_.has_output(*on_);
}

}  // namespace siren::edge
