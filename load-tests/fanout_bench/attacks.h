#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"

namespace siren::fanout {

/// Hostile clients of a gateway, each doing one thing as hard as it is let until it is done or the time is over. They
/// come back as often as they are cut.
struct attack_told {
  std::uint64_t done = 0;   // resets, bytes, pings or connections that went out
  std::uint64_t times = 0;  // connections it took
};
/// Streams opened and reset at once.
[[nodiscard]] attack_told reset_streams(std::uint16_t port, std::uint64_t count, milliseconds at_most);
/// Bytes of header fields in CONTINUATION frames that never end.
[[nodiscard]] attack_told pad_headers(std::uint16_t port, std::uint64_t bytes, milliseconds at_most);
[[nodiscard]] attack_told flood_pings(std::uint16_t port, std::uint64_t count, milliseconds at_most);

/// Connections that say nothing, held until destroyed.
class silent_crowd {
 public:
  silent_crowd(std::uint16_t port, std::size_t count);
  ~silent_crowd();
  silent_crowd(silent_crowd const&) = delete;
  silent_crowd& operator=(silent_crowd const&) = delete;
  [[nodiscard]] std::size_t size() const { return sockets_.size(); }

 private:
  std::vector<int> sockets_;
};

/// How long until a new phone of `zone` gets its first word, trying again and again. Absent: not within `at_most`.
[[nodiscard]] std::optional<milliseconds> first_word_after(std::uint16_t port, std::string const& zone,
                                                           milliseconds at_most);

}  // namespace siren::fanout
