#include "alert_gateway/edge/connection.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/verify.h"

namespace siren::edge {
namespace {

constexpr std::size_t kReadAtOnce = 16U << 10U;
constexpr int kReadsPerTurn = 4;                     // then others have their turn
constexpr std::size_t kGatherBytes = 16U << 10U;     // what one send takes well: a phone's send buffer
constexpr std::uint32_t kStreamWindow = 64U << 10U;  // HTTP/2's default; requests are small

nghttp2_nv pair_of(std::string_view name, std::string_view value) {
  // nghttp2 copies both and changes neither.
  auto const bytes = [](std::string_view text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<std::uint8_t const*>(text.data()));
  };
  return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

std::vector<nghttp2_nv> trailers_of(call_end const& end) {
  std::vector<nghttp2_nv> pairs{pair_of("grpc-status", end.status)};
  if (!end.message.empty()) pairs.push_back(pair_of("grpc-message", end.message));
  if (!end.details.empty()) pairs.push_back(pair_of("grpc-status-details-bin", end.details));
  return pairs;
}

}  // namespace

struct connection::callbacks {
  static connection& self(void* user) { return *static_cast<connection*>(user); }

  static ssize_t send(nghttp2_session*, std::uint8_t const* bytes, std::size_t size, int, void* user) {
    // All of it, always: a frame left unfinished would lie in a buffer that all sessions share. It is not much: a phone
    // has one message of each of its calls, and nghttp2 limits how many answers to SETTINGS and PING may wait.
    self(user).home_.scratch().append(reinterpret_cast<char const*>(bytes), size);
    return static_cast<ssize_t>(size);
  }

  static int send_data(nghttp2_session*, nghttp2_frame*, std::uint8_t const* frame_head, std::size_t size,
                       nghttp2_data_source* source, void* user) {
    auto& from = *static_cast<call*>(source->ptr);
    if (from.count(size)) return 0;
    auto& out = self(user).home_.scratch();
    out.append(reinterpret_cast<char const*>(frame_head), kFrameHeadBytes);
    if (size > 0) from.append_to(out, size);
    return 0;
  }

  static ssize_t read_source(nghttp2_session*, std::int32_t, std::uint8_t*, std::size_t most, std::uint32_t* flags,
                             nghttp2_data_source* source, void* user) {
    auto& from = *static_cast<call*>(source->ptr);
    auto const part = from.next(most);
    if (part.what == call::next_part::kind::nothing) return NGHTTP2_ERR_DEFERRED;
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (part.last) {
      *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
      self(user).send_trailers(from);
    }
    return static_cast<ssize_t>(part.bytes);
  }

  static int begin_frame(nghttp2_session*, nghttp2_frame_hd const*, void* user) {
    auto& on = self(user);
    if (!on.frames_.take(1, on.home_.now())) on.close_for(refusal::frame_rate);
    return 0;
  }

  static int begin_headers(nghttp2_session*, nghttp2_frame const* frame, void* user) {
    auto& on = self(user);
    on.request_header_bytes_ = 0;
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
      on.begin_call(frame->hd.stream_id);
    return 0;
  }

  static int header(nghttp2_session*, nghttp2_frame const* frame, std::uint8_t const* name, std::size_t name_size,
                    std::uint8_t const* value, std::size_t value_size, std::uint8_t, void* user) {
    auto& on = self(user);
    static constexpr std::size_t kEntryOverhead = 32;  // RFC 9113, 6.5.2
    auto const size = name_size + value_size + kEntryOverhead;
    on.request_header_bytes_ += size;
    if (!on.header_bytes_.take(static_cast<double>(size), on.home_.now())) {
      on.close_for(refusal::header_bytes);
      return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    }
    auto* const which = on.find(frame->hd.stream_id);
    if (which == nullptr || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;  // trailers tell nothing here
    if (on.request_header_bytes_ > on.home_.limits().header_bytes)
      which->headers_too_large();
    else
      which->header({reinterpret_cast<char const*>(name), name_size},
                    {reinterpret_cast<char const*>(value), value_size});
    return 0;
  }

  static int frame_came(nghttp2_session*, nghttp2_frame const* frame, void* user) {
    auto& on = self(user);
    auto const& head = frame->hd;
    if (head.type == NGHTTP2_PING && (head.flags & NGHTTP2_FLAG_ACK) == 0 && !on.pings_.take(1, on.home_.now()))
      on.close_for(refusal::ping_rate);
    auto* const which = on.find(head.stream_id);
    if (which == nullptr) return 0;
    if (head.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) which->begin();
    auto const ends = (head.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (ends && (head.type == NGHTTP2_HEADERS || head.type == NGHTTP2_DATA)) which->half_closed();
    return 0;
  }

  static int data_came(nghttp2_session*, std::uint8_t, std::int32_t id, std::uint8_t const* bytes, std::size_t size,
                       void* user) {
    if (auto* const which = self(user).find(id); which != nullptr)
      which->data({reinterpret_cast<char const*>(bytes), size});
    return 0;
  }

  /// Whoever got the answer's end need not end the question: without this the stream would stay half open.
  static int frame_went(nghttp2_session* session, nghttp2_frame const* frame, void*) {
    auto const ended = frame->hd.type == NGHTTP2_HEADERS && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (ended && nghttp2_session_get_stream_remote_close(session, frame->hd.stream_id) == 0)
      (void)nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_NO_ERROR);
    return 0;
  }

  static int stream_closed(nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
    self(user).end_call(id);
    return 0;
  }

  static nghttp2_session_callbacks const* all() {
    static nghttp2_session_callbacks const* const kAll = [] {
      nghttp2_session_callbacks* made = nullptr;
      verify(nghttp2_session_callbacks_new(&made) == 0, "memory for callbacks");
      nghttp2_session_callbacks_set_send_callback(made, send);
      nghttp2_session_callbacks_set_send_data_callback(made, send_data);
      nghttp2_session_callbacks_set_on_begin_frame_callback(made, begin_frame);
      nghttp2_session_callbacks_set_on_begin_headers_callback(made, begin_headers);
      nghttp2_session_callbacks_set_on_header_callback(made, header);
      nghttp2_session_callbacks_set_on_frame_recv_callback(made, frame_came);
      nghttp2_session_callbacks_set_on_frame_send_callback(made, frame_went);
      nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, data_came);
      nghttp2_session_callbacks_set_on_stream_close_callback(made, stream_closed);
      return made;
    }();
    return kAll;
  }

  static nghttp2_option const* options() {
    static nghttp2_option const* const kAll = [] {
      nghttp2_option* made = nullptr;
      verify(nghttp2_option_new(&made) == 0, "memory for options");
      // Memory per phone: our headers are few and said once, ended calls are never looked at again.
      nghttp2_option_set_max_deflate_dynamic_table_size(made, 0);
      nghttp2_option_set_no_closed_streams(made, 1);
      return made;
    }();
    return kAll;
  }
};

connection::connection(connection_home& home, unique_fd socket, tls_identity const* identity)
    : home_{home},
      channel_{std::move(socket), identity},
      memory_{home.shared_frame()},
      header_bytes_{home.limits().header_bytes_burst, home.limits().header_bytes_per_second, home.now()},
      streams_{home.limits().streams_burst, home.limits().streams_per_second, home.now()},
      pings_{home.limits().pings_burst, home.limits().pings_per_second, home.now()},
      frames_{home.limits().frames_burst, home.limits().frames_per_second, home.now()},
      idle_since_{home.now()},
      sent_at_{home.now()} {
  nghttp2_mem memory{&memory_, session_memory::allocate, session_memory::release, session_memory::allocate_zeros,
                     session_memory::reallocate};
  verify(nghttp2_session_server_new3(&session_, callbacks::all(), this, callbacks::options(), &memory) == 0,
         "memory for a session");
  memory_.made();
  std::array<nghttp2_settings_entry, 4> const settings{
      {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, home.limits().streams},
       {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
       {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(home.limits().header_bytes)},
       {NGHTTP2_SETTINGS_HEADER_TABLE_SIZE, 0}}};
  (void)nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
}

connection::~connection() {
  nghttp2_session_del(session_);
}

void connection::bury() {
  dead_ = true;
  close_calls();
}

void connection::close_calls() {
  only_ = nullptr;
  rests_ = false;
  for (auto const& each : std::exchange(calls_, {})) each->closed();
}

bool connection::on_ready() {
  std::array<char, kReadAtOnce> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init): read() says how much counts
  auto more = true;
  auto came = false;
  for (int i = 0; i < kReadsPerTurn && more && !dead_; ++i) {
    auto const got = channel_.read(bytes);
    if (got.what == moved::how::closed) dead_ = true;
    more = got.what == moved::how::some;
    came = came || more;
    if (more && !closing_ && !sent_all_) take_in({bytes.data(), got.bytes});
  }
  // A new connection is first of all writable: its SETTINGS wait for the phone's first bytes and go out with the
  // answer.
  if (came || !pending_.empty()) flush();
  return more && !dead_;
}

void connection::take_in(std::span<char const> bytes) {
  rouse_session();
  auto const used =
      nghttp2_session_mem_recv(session_, reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size());
  if (used < 0) {
    home_.count(refusal::protocol_error);
    if (nghttp2_is_fatal(static_cast<int>(used)) != 0) dead_ = true;
    closing_ = true;
  }
}

bool connection::send_pending() {
  while (pending_from_ < pending_.size()) {
    auto const put = channel_.write({pending_.data() + pending_from_, pending_.size() - pending_from_});
    if (put.what == moved::how::closed) dead_ = true;
    if (put.what != moved::how::some) return false;
    pending_from_ += put.bytes;
    sent_at_ = home_.now();
  }
  pending_from_ = 0;
  if (!pending_.empty()) std::string{}.swap(pending_);
  return true;
}

void connection::tell_taken() {
  if (only_ != nullptr) return only_->taken();
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    auto const each = calls_[i];  // taken() may end it
    each->taken();
  }
}

/// What follows a message goes out with it: a phone's first word and its first heartbeat are one send, and so are the
/// alerts that it catches up with. True: that is all there is.
bool connection::gather(std::string& out) {
  std::size_t before = 0;
  do {
    tell_taken();
    before = out.size();
    if (!append_past_session(out)) send_session();
  } while (!dead_ && out.size() > before && out.size() < kGatherBytes);
  return out.size() == before;
}

/// An alert to everybody is one frame to each phone, and passing it through each phone's session costs as much as all
/// else that we do for it. So while a session rests its phone's messages go past it, and it counts them against the
/// windows before it is told or asked anything. False: the session must be asked.
bool connection::append_past_session(std::string& out) {
  if (!rests_ || only_ == nullptr) return false;
  if (!only_->wants_to_say()) return true;
  auto const bytes = only_->whole_message();
  if (bytes == 0 || bytes > room_) return false;
  room_ -= bytes;
  only_->append_frame_to(out);
  return true;
}

void connection::send_session() {
  rests_ = false;
  for (auto const& each : calls_)
    if (each->take_resumable()) (void)nghttp2_session_resume_data(session_, each->id());
  if (auto const failed = nghttp2_session_send(session_); failed != 0) dead_ = true;
  rest_session();
}

void connection::rest_session() {
  if (dead_ || closing_ || only_ == nullptr || only_->wants_to_say()) return;
  if (nghttp2_session_want_write(session_) != 0 || nghttp2_session_want_read(session_) == 0) return;
  auto const room = std::min(nghttp2_session_get_remote_window_size(session_),
                             nghttp2_session_get_stream_remote_window_size(session_, only_->id()));
  rests_ = room > 0;
  quiet_until_ = {};
  room_ = std::min(static_cast<std::size_t>(std::max(room, 0)), kMostFramePayload);
}

/// Before the session hears or is told anything: what went past it is counted.
void connection::rouse_session() {
  if (!std::exchange(rests_, false) || only_ == nullptr || !only_->begin_count()) return;
  (void)nghttp2_session_resume_data(session_, only_->id());
  if (auto const failed = nghttp2_session_send(session_); failed != 0) dead_ = true;
  only_->end_count();
}

void connection::flush() {
  for (;;) {
    if (dead_ || sent_all_) return;
    if (!send_pending()) {
      if (nghttp2_session_get_outbound_queue_size(session_) <= home_.limits().answers_unread) return;
      home_.count(refusal::answers_unread);
      dead_ = true;
      return;
    }
    auto& out = home_.scratch();
    auto const all = gather(out);
    if (dead_ || out.empty()) {
      out.clear();
      break;
    }
    std::size_t from = 0;
    while (from < out.size()) {
      auto const put = channel_.write({out.data() + from, out.size() - from});
      if (put.what == moved::how::closed) dead_ = true;
      if (put.what != moved::how::some) break;
      from += put.bytes;
    }
    if (from < out.size()) {
      pending_.assign(out, from);
      sent_at_ = home_.now();
    }
    out.clear();
    if (all && pending_.empty()) break;
  }
  if (rests_ && !dead_ && !closing_) return;
  auto const over = nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0;
  if (!dead_ && (closing_ || over)) end_sending();
}

/// Closing at once, while something unread still comes in, makes the kernel throw away what the other side has not
/// read.
void connection::end_sending() {
  sent_all_ = closing_ = true;
  close_by_ = home_.now() + home_.limits().linger_within;
  channel_.end_writing();
  close_calls();
}

void connection::tick(steady_time now) {
  if (rests_ && pending_.empty() && now < quiet_until_) return;
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    auto const each = calls_[i];
    each->tick(now);
  }
  if (rests_) quiet_until_ = only_->quiet_until();
  auto const& limits = home_.limits();
  auto const patience = closing_ ? milliseconds{limits.linger_within} : limits.dead_after;
  auto const stuck = !pending_.empty() && now - sent_at_ >= patience;  // nobody reads, or a handshake does not end
  if (stuck || (sent_all_ && now >= close_by_)) {
    dead_ = true;
    return home_.has_output(*this);
  }
  auto const most = called_once_ ? limits.idle_within : limits.first_call_within;
  if (!calls_.empty() || closing_ || now - idle_since_ < most) return;
  if (!called_once_) home_.count(refusal::no_call_in_time);
  closing_ = true;
  go_away();
}

void connection::go_away() {
  rouse_session();
  (void)nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(session_),
                              NGHTTP2_NO_ERROR, nullptr, 0);
  home_.has_output(*this);
}

void connection::close_for(refusal why) {
  if (std::exchange(closing_, true)) return;
  home_.count(why);
  rouse_session();
  (void)nghttp2_session_terminate_session(session_, NGHTTP2_ENHANCE_YOUR_CALM);
  home_.has_output(*this);
}

call* connection::find(std::int32_t id) {
  for (auto const& each : calls_)
    if (each->id() == id) return each.get();
  return nullptr;
}

void connection::begin_call(std::int32_t id) {
  called_once_ = true;
  if (!streams_.take(1, home_.now())) return close_for(refusal::streams_rate);
  calls_.push_back(std::make_shared<call>(home_, *this, id, home_.limits().message_bytes));
  calls_changed();
}

void connection::end_call(std::int32_t id) {
  auto const found = std::find_if(calls_.begin(), calls_.end(), [id](auto const& each) { return each->id() == id; });
  if (found == calls_.end()) return;
  auto const gone = *found;
  calls_.erase(found);
  calls_changed();
  if (calls_.empty()) idle_since_ = home_.now();
  gone->closed();
}

void connection::submit_headers(call& of) {
  std::array<nghttp2_nv, 2> const pairs{pair_of(":status", "200"), pair_of("content-type", "application/grpc")};
  rouse_session();
  nghttp2_data_provider source{{.ptr = &of}, callbacks::read_source};
  (void)nghttp2_submit_response(session_, of.id(), pairs.data(), pairs.size(), &source);
  home_.has_output(*this);
}

void connection::submit_only_end(call& of) {
  std::vector<nghttp2_nv> pairs{pair_of(":status", of.end().http), pair_of("content-type", "application/grpc"),
                                pair_of("grpc-accept-encoding", "identity")};
  for (auto const& each : trailers_of(of.end())) pairs.push_back(each);
  rouse_session();
  (void)nghttp2_submit_response(session_, of.id(), pairs.data(), pairs.size(), nullptr);
  home_.has_output(*this);
}

void connection::send_trailers(call& of) {
  auto const pairs = trailers_of(of.end());
  (void)nghttp2_submit_trailer(session_, of.id(), pairs.data(), pairs.size());
}

void connection::reset(call& of) {
  rouse_session();
  (void)nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, of.id(), NGHTTP2_CANCEL);
  // Whoever does not take what lies ready would not take this either.
  if (!pending_.empty()) dead_ = true;
  home_.has_output(*this);
}

}  // namespace siren::edge
