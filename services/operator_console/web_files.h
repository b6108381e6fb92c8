#pragma once

#include <span>
#include <string_view>

namespace siren {

/// The page's files, put into the program so that it has nothing to find at run time: web/dist as it was when the
/// program was built.
struct web_file {
  std::string_view path;  // "/app.js"
  std::string_view type;
  std::string_view body;
};
[[nodiscard]] std::span<web_file const> web_files();

}  // namespace siren
