#pragma once

#include <algorithm>
#include <random>
#include <string>

namespace siren::test {

/// A text with a few things wrong: characters changed to ones that mean something, stretches repeated or lost, an end
/// cut off. The same dice give the same damage.
inline std::string damaged_text(std::string text, std::mt19937_64& dice) {
  static std::string const kTelling = "\",:;[]{}\n\r\t-0129.eE\\ \x01\xC3\xFF";
  auto const up_to = [&](std::size_t end) { return std::uniform_int_distribution<std::size_t>{0, end - 1}(dice); };
  for (auto i = up_to(4) + 1; i > 0 && !text.empty(); --i) {
    auto const at = up_to(text.size());
    auto const length = std::min(up_to(40) + 1, text.size() - at);
    switch (up_to(6)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, text.substr(at, length));
        break;
      case 2:
        if (up_to(4) == 0) text.resize(at);
        break;
      default:
        text[at] = kTelling[up_to(kTelling.size())];
    }
  }
  return text;
}

}  // namespace siren::test
