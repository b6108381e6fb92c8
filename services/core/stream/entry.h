#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/ids.h"
#include "core/stream/cursor.h"
#include "core/zone/danger.h"

namespace siren {

/// One alert at its place in the log, as the stream rules see it. Beside its stage, what the alert says is opaque here.
struct stream_entry {
  cursor at;
  zone_id zone;
  alert_id alert;
  std::uint32_t rev = 0;
  stage level = stage::go;
  /// Of the entry before this one that concerned the same zone; 0: there is none, or it lies before what the gateway
  /// still holds (then a phone that could miss it gets a snapshot anyway).
  std::uint64_t previous_seq_in_zone = 0;
  origin because;
  /// Ready to send, encoded once and shared by every stream; null where nobody sends.
  std::shared_ptr<std::string const> bytes;

  [[nodiscard]] bool ended() const { return level == stage::all_clear; }
};
using entry_ptr = std::shared_ptr<stream_entry const>;

}  // namespace siren
