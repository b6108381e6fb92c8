#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace siren {

/// An id that can't be mistaken for another kind of id. `Rep` is std::string for names given by the outside world and
/// an integer for numbers that we give.
template <typename Tag, typename Rep = std::string>
struct strong_id {
  Rep value{};

  strong_id() = default;
  explicit strong_id(Rep v) : value{std::move(v)} {}
  friend auto operator<=>(strong_id const&, strong_id const&) = default;
};

}  // namespace siren

template <typename Tag, typename Rep>
struct std::hash<siren::strong_id<Tag, Rep>> {
  std::size_t operator()(siren::strong_id<Tag, Rep> const& id) const { return std::hash<Rep>{}(id.value); }
};
