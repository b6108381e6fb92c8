#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/beast/http.hpp>

#include "operator_console/http_server.h"

namespace siren {

using http_request = boost::beast::http::request<boost::beast::http::empty_body>;
using http_response = boost::beast::http::response<boost::beast::http::string_body>;

/// A page elsewhere can give its own name our address and have the browser read from us; the name then gives it away.
[[nodiscard]] bool asks_this_machine(http_request const& asked);
/// What refuses a request whatever it asks for (421, 405); absent: it may be looked up.
[[nodiscard]] std::optional<http_response> refusal_of(http_request const& asked);
[[nodiscard]] http_response refused(http_request const& asked, boost::beast::http::status status, std::string why);
/// 200, 304 to one who has it, 404 or 503.
[[nodiscard]] http_response answer_with(http_request const& asked, http_content const& content);

/// The path without query, percent-decoded; absent when it is no path.
[[nodiscard]] std::optional<std::string> path_of(std::string_view target);

/// Whether a field If-None-Match names the tag (RFC 9110, 13.1.2: weak comparison, "*" is any).
[[nodiscard]] bool names_tag(std::string_view field, std::string_view tag);

}  // namespace siren
