#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "zone_engine/outgoing.h"

namespace siren {

/// One record of the journal: u32 size of the body, u32 CRC-32 of the body, body. Little-endian; texts as u32 size and
/// bytes.
[[nodiscard]] std::string written(outgoing const& what);

struct read_record {
  outgoing what;
  std::size_t bytes = 0;  // of `from`
};
/// The first record of `from`. Failure: MALFORMED when it is cut short, damaged, or no record.
[[nodiscard]] result<read_record> read_first(std::string_view from);

/// CRC-32 as in ISO 3309 and zlib.
[[nodiscard]] std::uint32_t crc32(std::string_view bytes);

}  // namespace siren
