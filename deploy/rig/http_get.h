#pragma once

#include <string>

namespace siren {

/// Body of http://address/path on this machine; empty when it can't be had within 2 s.
[[nodiscard]] std::string http_get(std::string const& address, std::string const& path);

}  // namespace siren
