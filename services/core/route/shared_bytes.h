#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace siren {

/// Bytes that stay where they are while anybody holds them: a mapped file or a vector. What is read from them may point
/// into them. Must start at a multiple of 8.
struct shared_bytes {
  std::shared_ptr<void const> owner;
  std::span<std::byte const> bytes;

  [[nodiscard]] static shared_bytes owned(std::vector<std::byte> from) {
    auto kept = std::make_shared<std::vector<std::byte> const>(std::move(from));
    std::span<std::byte const> const view{*kept};
    return {std::move(kept), view};
  }
};

}  // namespace siren
