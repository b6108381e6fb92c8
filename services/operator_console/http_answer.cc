#include "operator_console/http_answer.h"

namespace siren {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr auto kRetryAfterSeconds = "5";
// The map's library makes images of its symbols and styles its controls.
constexpr auto kMayLoad =
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'";

http_response begun(http_request const& asked) {
  http_response answer{http::status::ok, asked.version()};
  answer.keep_alive(asked.keep_alive());
  answer.set(http::field::content_type, "text/plain; charset=utf-8");
  answer.set("Content-Security-Policy", kMayLoad);
  answer.set("X-Content-Type-Options", "nosniff");
  answer.set(http::field::cache_control, "no-store");
  return answer;
}

http_response ended(http_request const& asked, http_response answer) {
  auto const size = answer.body().size();
  if (asked.method() == http::verb::head) answer.body().clear();
  answer.content_length(size);
  return answer;
}

int hex_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

bool asks_this_machine(http_request const& asked) {
  auto const host = asked[http::field::host];
  auto const name = host.substr(0, host.find(':'));
  return name == "127.0.0.1" || name == "localhost";
}

std::optional<http_response> refusal_of(http_request const& asked) {
  if (!asks_this_machine(asked)) return refused(asked, http::status::misdirected_request, "only for this machine");
  if (asked.method() != http::verb::get && asked.method() != http::verb::head)
    return refused(asked, http::status::method_not_allowed, "only GET");
  return std::nullopt;
}

http_response refused(http_request const& asked, http::status status, std::string why) {
  auto answer = begun(asked);
  answer.result(status);
  if (status == http::status::service_unavailable) answer.set(http::field::retry_after, kRetryAfterSeconds);
  answer.body() = std::move(why) + "\n";
  return ended(asked, std::move(answer));
}

http_response answer_with(http_request const& asked, http_content const& content) {
  if (content.body == nullptr) {
    auto const gone = content.missing == http_content::lack::not_found;
    return refused(asked, gone ? http::status::not_found : http::status::service_unavailable, content.trouble);
  }
  auto answer = begun(asked);
  answer.set(http::field::content_type, content.type);
  if (!content.etag.empty()) {
    answer.set(http::field::etag, content.etag);
    answer.set(http::field::cache_control, "no-cache");
    auto const field = asked[http::field::if_none_match];
    if (names_tag({field.data(), field.size()}, content.etag)) {
      answer.result(http::status::not_modified);
      answer.erase(http::field::content_type);
      return answer;
    }
  }
  answer.body() = *content.body;
  return ended(asked, std::move(answer));
}

std::optional<std::string> path_of(std::string_view target) {
  target = target.substr(0, target.find('?'));
  std::string path;
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (target[i] != '%') {
      path += target[i];
      continue;
    }
    if (i + 2 >= target.size()) return std::nullopt;
    auto const high = hex_of(target[i + 1]);
    auto const low = hex_of(target[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    path += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return path;
}

bool names_tag(std::string_view field, std::string_view tag) {
  while (!field.empty()) {
    auto const comma = field.find(',');
    auto one = trimmed(field.substr(0, comma));
    if (one == "*") return true;
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (!one.empty() && one == tag) return true;
    if (comma == std::string_view::npos) break;
    field.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace siren
