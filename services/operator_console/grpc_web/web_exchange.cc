#include "operator_console/grpc_web/web_exchange.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <sstream>

#include "common/rpc_server.h"
#include "operator_console/grpc_web/frames.h"

namespace siren {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::chrono::seconds kBodyWithin{15};
constexpr std::chrono::seconds kWrittenWithin{15};
constexpr std::chrono::seconds kDrainWithin{2};
constexpr std::size_t kMostDrained = 1U << 20U;
constexpr unsigned kHttp11 = 11;  // chunks
constexpr auto kContentType = "application/grpc-web+proto";
constexpr auto kMayBeAsked = "authorization,content-type,grpc-timeout,x-grpc-web,x-user-agent";
constexpr auto kMayBeRead = "grpc-status,grpc-message,grpc-status-details-bin";
constexpr auto kPreflightHolds = "600";  // seconds

bool is_grpc_web(std::string const& type) {
  return type == "application/grpc-web" || type == kContentType;
}

std::string chunk(std::string_view payload) {
  std::ostringstream size;
  size << std::hex << payload.size();
  return size.str() + "\r\n" + std::string{payload} + "\r\n";
}

}  // namespace

web_exchange::web_exchange(parts with, std::string path, web_gate& gate, everyone& others)
    : with_{std::move(with)}, path_{std::move(path)}, gate_{gate}, everyone_{others} {
  everyone_.insert(this);
}

std::string web_exchange::field(char const* name) const {
  auto const value = with_.header->get()[name];
  return {value.data(), value.size()};
}

void web_exchange::begin() {
  origin_ = field("origin");
  if (!gate_.may_ask(origin_, field("host"))) {
    auto const stranger = std::exchange(origin_, {});
    return answer(http::status::forbidden, "pages of " + stranger + " may not ask", "origin");
  }
  auto const& asked = with_.header->get();
  if (asked.method() == http::verb::options) return answer(http::status::no_content, "", "");
  if (asked.method() != http::verb::post) return answer(http::status::method_not_allowed, "only POST", "http");
  if (asked.version() != kHttp11) return answer(http::status::http_version_not_supported, "only HTTP/1.1", "http");
  if (!is_grpc_web(field("content-type")))
    return answer(http::status::unsupported_media_type, std::string{"only "} + kContentType, "content_type");
  auto seat = gate_.enter(path_);
  if (!seat) return refuse(to_status(seat.error()));
  seat_ = std::move(*seat);
  within_ = seat_->method().streams ? gate_.options().stream_within : gate_.options().unary_within;
  if (auto const wish = field("grpc-timeout"); !wish.empty()) {
    auto const timeout = timeout_of(wish);
    if (!timeout) return refuse(to_status(timeout.error()));
    within_ = std::min(within_, *timeout);
    if (within_ <= milliseconds{0}) return refuse(to_status({reason::deadline_passed, "no time is left"}));
  }
  if (with_.header->content_length().value_or(0) > gate_.options().most_body_bytes) return refuse_size();
  authorization_ = field("authorization");
  read_body();
}

void web_exchange::read_body() {
  body_.emplace(std::move(*with_.header));
  body_->body_limit(gate_.options().most_body_bytes);  // of one in chunks
  with_.stream.expires_after(kBodyWithin);
  http::async_read(with_.stream, with_.buffer, *body_, [self = shared_from_this()](beast::error_code bad, std::size_t) {
    if (bad == http::error::body_limit) return self->refuse_size();
    if (!bad) self->call(self->body_->get().body());
  });
}

void web_exchange::refuse_size() {
  refuse(to_status(
      {reason::message_too_large, "a call has at most " + std::to_string(gate_.options().most_body_bytes) + " bytes"}));
}

void web_exchange::call(std::string_view body) {
  auto const message = message_in(body);
  if (!message) return refuse(to_status(message.error()));
  with_.stream.expires_never();
  watch_for_leaving();
  auto const io = with_.stream.get_executor();
  // The last to let go of this is always a handler on the server's thread: `end` gives its share away, and what
  // `message` takes comes before the end.
  call_ = web_call::begin(
      {seat_->method().service, path_, std::string{*message}, authorization_,
       std::chrono::system_clock::now() + within_},
      {[this, io](std::string got) {
         asio::post(io, [self = shared_from_this(), got = std::move(got)]() mutable { self->take(std::move(got)); });
       },
       [self = shared_from_this(), io](grpc::Status const& status) mutable {
         asio::post(io, [self = std::move(self), status] { self->end(status); });
       }});
}

void web_exchange::watch_for_leaving() {
  // A browser sends nothing more; whatever can be read is its end.
  with_.stream.socket().async_wait(boost::asio::ip::tcp::socket::wait_read,
                                   [weak = weak_from_this()](beast::error_code bad) {
                                     if (auto const self = weak.lock(); self && !bad && self->call_) self->drop();
                                   });
}

void web_exchange::take(std::string message) {
  if (dropped_) return ask_next();
  write(opening() + chunk(message_frame(message)), &web_exchange::ask_next);
}

void web_exchange::ask_next() {
  with_.stream.expires_never();
  call_->next();
}

void web_exchange::end(grpc::Status const& status) {
  call_.reset();
  gate_.count_end(path_, status.error_code());
  seat_.reset();
  if (dropped_) return;
  if (!opened_)
    return send_and_close([&] {
      auto told = begun(http::status::ok);
      for (auto const& [name, value] : trailers_of(status)) told.set(name, value);
      return told;
    }());
  write(chunk(trailer_frame(status)) + "0\r\n\r\n", &web_exchange::close);
}

void web_exchange::drop() {
  dropped_ = true;
  with_.stream.close();
  if (call_) call_->cancel();
}

web_exchange::header web_exchange::begun(http::status status) const {
  header told;
  told.version(kHttp11);
  told.result(status);
  told.set(http::field::content_type, kContentType);
  told.set(http::field::cache_control, "no-store");
  told.set(http::field::connection, "close");
  told.set("X-Content-Type-Options", "nosniff");
  if (origin_.empty()) return told;
  told.set(http::field::access_control_allow_origin, origin_);
  told.set(http::field::access_control_expose_headers, kMayBeRead);
  told.set(http::field::vary, "Origin");
  return told;
}

std::string web_exchange::opening() {
  if (std::exchange(opened_, true)) return {};
  auto told = begun(http::status::ok);
  told.set(http::field::transfer_encoding, "chunked");
  std::ostringstream text;
  text << told;
  return text.str();
}

void web_exchange::refuse(grpc::Status const& status) {
  gate_.count_refusal(reason_of(status));
  seat_.reset();
  auto told = begun(http::status::ok);
  for (auto const& [name, value] : trailers_of(status)) told.set(name, value);
  send_and_close(std::move(told));
}

void web_exchange::answer(http::status status, std::string const& why, std::string const& counted) {
  if (!counted.empty()) gate_.count_refusal(counted);
  auto told = begun(status);
  if (status == http::status::no_content) {
    told.erase(http::field::content_type);
    told.set(http::field::access_control_allow_methods, "POST");
    told.set(http::field::access_control_allow_headers, kMayBeAsked);
    told.set(http::field::access_control_max_age, kPreflightHolds);
  } else {
    told.set(http::field::content_type, "text/plain; charset=utf-8");
    told.reason(why);
  }
  send_and_close(std::move(told));
}

void web_exchange::send_and_close(header told) {
  if (told.result() != http::status::no_content) told.set(http::field::content_length, "0");
  std::ostringstream text;
  text << told;
  write(text.str(), &web_exchange::drain);
}

void web_exchange::write(std::string bytes, void (web_exchange::*then)()) {
  writing_ = std::move(bytes);
  with_.stream.expires_after(kWrittenWithin);
  asio::async_write(with_.stream, asio::buffer(writing_),
                    [self = shared_from_this(), then](beast::error_code bad, std::size_t) {
                      if (bad) self->drop();
                      if (!bad || self->call_) ((*self).*then)();
                    });
}

void web_exchange::close() {
  beast::error_code gone;
  with_.stream.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, gone);
}

/// An answer to a request that is still being sent is lost when we close before all of it came.
void web_exchange::drain() {
  if (drained_ == 0) {
    close();
    with_.stream.expires_after(kDrainWithin);
  }
  with_.buffer.clear();
  with_.stream.async_read_some(with_.buffer.prepare(with_.buffer.max_size()),
                               [self = shared_from_this()](beast::error_code bad, std::size_t count) {
                                 self->drained_ += count;
                                 if (!bad && self->drained_ < kMostDrained) self->drain();
                               });
}

}  // namespace siren
