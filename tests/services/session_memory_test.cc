#include "alert_gateway/edge/session_memory.h"

#include <cstring>
#include <string>

#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

namespace siren::edge {
namespace {

constexpr std::size_t kFrame = 16'394;  // as nghttp2 asks for it

/// A session over `memory`, as a connection makes it, that can write one PING.
class small_session {
 public:
  small_session(session_memory& memory, std::string& out) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_send_callback(
        callbacks, [](nghttp2_session*, std::uint8_t const* bytes, std::size_t size, int, void* to) -> ssize_t {
          static_cast<std::string*>(to)->append(reinterpret_cast<char const*>(bytes), size);
          return static_cast<ssize_t>(size);
        });
    nghttp2_mem heap{&memory, session_memory::allocate, session_memory::release, session_memory::allocate_zeros,
                     session_memory::reallocate};
    nghttp2_session_server_new3(&session_, callbacks, &out, nullptr, &heap);
    nghttp2_session_callbacks_del(callbacks);
    memory.made();
  }
  ~small_session() { nghttp2_session_del(session_); }
  small_session(small_session const&) = delete;
  small_session& operator=(small_session const&) = delete;
  void ping(char const* words) {
    nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, reinterpret_cast<std::uint8_t const*>(words));
    nghttp2_session_send(session_);
  }

 private:
  nghttp2_session* session_ = nullptr;
};

TEST(session_memory, the_first_frame_is_lent_and_no_other) {
  frame_buffer const shared;
  session_memory one{shared};
  auto* const small = session_memory::reallocate(nullptr, 100, &one);
  EXPECT_NE(small, shared.bytes());
  session_memory::release(small, &one);
  EXPECT_EQ(session_memory::reallocate(nullptr, kFrame, &one), shared.bytes());
  auto* const second = session_memory::reallocate(nullptr, kFrame, &one);
  EXPECT_NE(second, shared.bytes());
  session_memory::release(second, &one);
  session_memory::release(shared.bytes(), &one);  // stays: it is the loop's

  session_memory late{shared};
  late.made();
  auto* const own = session_memory::reallocate(nullptr, kFrame, &late);
  EXPECT_NE(own, shared.bytes());
  session_memory::release(own, &late);
}

TEST(session_memory, a_frame_that_grows_moves_out) {
  frame_buffer const shared;
  session_memory one{shared};
  auto* const lent = static_cast<char*>(session_memory::reallocate(nullptr, kFrame, &one));
  std::memcpy(lent, "words", 5);
  auto* const grown = static_cast<char*>(session_memory::reallocate(lent, 2 * kFrame, &one));
  EXPECT_NE(grown, lent);
  EXPECT_EQ(std::memcmp(grown, "words", 5), 0);
  session_memory::release(grown, &one);
}

TEST(session_memory, nghttp2_asks_as_we_think_and_sessions_keep_out_of_each_others_way) {
  frame_buffer const shared;
  std::memset(shared.bytes(), 0, kFrame);
  session_memory first{shared};
  session_memory second{shared};
  std::string out_first;
  std::string out_second;
  small_session one{first, out_first};
  small_session two{second, out_second};
  one.ping("12345678");
  EXPECT_NE(std::string_view(static_cast<char const*>(shared.bytes()), 32).find("12345678"), std::string_view::npos)
      << "the frame was written elsewhere: nothing is saved any more";
  two.ping("abcdefgh");
  one.ping("ABCDEFGH");
  EXPECT_EQ(out_first.size(), 2U * 17);
  EXPECT_EQ(out_first.substr(9, 8) + out_first.substr(26, 8), "12345678ABCDEFGH");
  EXPECT_EQ(out_second.substr(9), "abcdefgh");
}

}  // namespace
}  // namespace siren::edge
