#pragma once

#include <string>
#include <string_view>

namespace siren {

/// Text that XML 1.0 can hold: bytes that are no UTF-8, control characters, surrogates and non-characters become
/// U+FFFD; line ends and tabs become blanks. What XML must escape stays for the writer to escape.
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace siren
