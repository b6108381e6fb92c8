#pragma once

#include <cstddef>

namespace siren::edge {

/// The buffer into which nghttp2 puts the frame that it is about to send, 16 KB a session. A loop's sessions write one
/// after the other and leave no frame unfinished (connection's send takes everything), so they share one.
class frame_buffer {
 public:
  frame_buffer();
  ~frame_buffer();
  frame_buffer(frame_buffer const&) = delete;
  frame_buffer& operator=(frame_buffer const&) = delete;
  [[nodiscard]] void* bytes() const { return bytes_; }

 private:
  void* bytes_;
};

/// One session's memory, to be given to nghttp2 when it is made; outlives it. The session's first buffer of a frame's
/// size that is asked for until made() is the shared one; everything else is the heap's.
class session_memory {
 public:
  explicit session_memory(frame_buffer const& shared) : shared_{shared.bytes()} {}
  session_memory(session_memory const&) = delete;
  session_memory& operator=(session_memory const&) = delete;

  void made() { may_lend_ = false; }

  // As nghttp2_mem wants them; `self` is the session_memory.
  static void* allocate(std::size_t size, void* self);
  static void release(void* bytes, void* self);
  static void* allocate_zeros(std::size_t count, std::size_t size, void* self);
  static void* reallocate(void* bytes, std::size_t size, void* self);

 private:
  void* shared_;
  bool may_lend_ = true;
};

}  // namespace siren::edge
