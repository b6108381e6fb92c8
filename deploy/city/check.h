#pragma once

#include <filesystem>
#include <iosfwd>

namespace siren::city {

/// Loads a bundle and prints what is in it and every kind of reject. False when the services could not use it.
[[nodiscard]] bool check_bundle(std::filesystem::path const& folder, std::ostream& out);

}  // namespace siren::city
