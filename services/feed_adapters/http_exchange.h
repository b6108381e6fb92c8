#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/base/time.h"

namespace siren {

struct http_request {
  std::string path;               // below the provider's base address
  std::string if_modified_since;  // as the provider wrote it; empty: ask for the whole
  friend bool operator==(http_request const&, http_request const&) = default;
};

/// What came of a request. `failed`: there is no answer, PROVIDER_UNAVAILABLE (no connection, a timeout, TLS) or
/// MESSAGE_TOO_LARGE; the rest then means nothing.
struct http_answer {
  int status = 0;
  std::string body;
  std::string last_modified;           // of that header, or empty
  std::optional<seconds> retry_after;  // of that header, where it is a number of seconds
  std::optional<failure> failed;
};

}  // namespace siren
