#include "alert_gateway/edge/session_memory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "core/base/verify.h"

namespace siren::edge {
namespace {

/// A frame's largest payload as we announce it (the protocol's default), its head, and one byte for the length of a
/// padding.
constexpr std::size_t kFrameBytes = 16'384 + 9 + 1;

}  // namespace

frame_buffer::frame_buffer() : bytes_{std::malloc(kFrameBytes)} {
  verify(bytes_ != nullptr, "memory for a frame");
}

frame_buffer::~frame_buffer() {
  std::free(bytes_);
}

void* session_memory::allocate(std::size_t size, void*) {
  return std::malloc(size);
}

void session_memory::release(void* bytes, void* self) {
  if (bytes != static_cast<session_memory*>(self)->shared_) std::free(bytes);
}

void* session_memory::allocate_zeros(std::size_t count, std::size_t size, void*) {
  return std::calloc(count, size);
}

void* session_memory::reallocate(void* bytes, std::size_t size, void* self) {
  auto& of = *static_cast<session_memory*>(self);
  if (bytes == nullptr && size == kFrameBytes && of.may_lend_) {
    of.may_lend_ = false;
    return of.shared_;
  }
  if (bytes != of.shared_) return std::realloc(bytes, size);
  auto* const own = std::malloc(size);
  if (own != nullptr) std::memcpy(own, bytes, std::min(size, kFrameBytes));
  return own;
}

}  // namespace siren::edge
