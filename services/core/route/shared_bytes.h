#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace siren {

/// Bytes that stay where they are while anybody holds them: a mapped file or a vector. What is read from them may point
/// into them.
struct shared_bytes {
  std::shared_ptr<void const> owner;
  std::span<std::byte const> bytes;

  [[nodiscard]] static shared_bytes owned(std::vector<std::byte> from) {
    auto kept = std::make_shared<std::vector<std::byte> const>(std::move(from));
    std::span<std::byte const> const view{*kept};
    return {std::move(kept), view};
  }
};

/// The same bytes from a multiple of 8 on, where arrays can be read as they lie: copied only when they start elsewhere,
/// which mapped files and vectors never do.
[[nodiscard]] inline shared_bytes aligned(shared_bytes from) {
  if (reinterpret_cast<std::uintptr_t>(from.bytes.data()) % 8 == 0) return from;
  return shared_bytes::owned({from.bytes.begin(), from.bytes.end()});
}

}  // namespace siren
