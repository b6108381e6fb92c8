#include "feed_adapters/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace siren {
namespace {

constexpr std::size_t kMaxHeaderValue = 128;  // of those that are kept; a date has 29 bytes
constexpr char kAgent[] = "siren-feed/1";

struct url_parts {
  bool secure = false;
  std::string host;
};

result<url_parts> parts_of(std::string const& base) {
  failure const bad{reason::malformed, "\"" + base + "\" is no address like https://HOST[:PORT]"};
  auto const release = [](CURLU* of) { curl_url_cleanup(of); };
  std::unique_ptr<CURLU, decltype(release)> const url{curl_url(), release};
  if (!url || curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK) return bad;
  auto const part = [&](CURLUPart which) {
    char* text = nullptr;
    std::string value;
    if (curl_url_get(url.get(), which, &text, 0) == CURLUE_OK && text != nullptr) value = text;
    curl_free(text);
    return value;
  };
  auto const scheme = part(CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return bad;
  for (auto const which : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT})
    if (!part(which).empty()) return bad;
  if (auto const path = part(CURLUPART_PATH); !path.empty() && path != "/") return bad;
  return url_parts{scheme == "https", part(CURLUPART_HOST)};
}

bool is_loopback(std::string const& host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

/// What one request collects while libcurl calls back.
struct transfer {
  http_answer answer;
  std::size_t max_bytes = 0;
  bool too_large = false;
  std::atomic<bool> const* stopping = nullptr;
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& into = *static_cast<transfer*>(to);
  auto const length = size * count;
  if (into.answer.body.size() + length > into.max_bytes) {
    into.too_large = true;
    return 0;
  }
  into.answer.body.append(bytes, length);
  return length;
}

/// The value when `line` is the header `name` (in lower case).
std::optional<std::string> value_of(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return std::nullopt;
  for (std::size_t i = 0; i < name.size(); ++i)
    if (std::tolower(static_cast<unsigned char>(line[i])) != name[i]) return std::nullopt;
  line.remove_prefix(name.size() + 1);
  auto const begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return std::string{};
  auto const end = line.find_last_not_of(" \t\r\n");
  auto const value = line.substr(begin, end < begin ? 0 : end - begin + 1);
  bool const plain = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return value.size() <= kMaxHeaderValue && plain ? std::string{value} : std::string{};
}

std::optional<seconds> seconds_in(std::string const& text) {
  std::uint32_t value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return seconds{value};
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& into = *static_cast<transfer*>(to);
  std::string_view const line{bytes, size * count};
  if (auto const value = value_of(line, "last-modified")) into.answer.last_modified = *value;
  if (auto const value = value_of(line, "retry-after")) into.answer.retry_after = seconds_in(*value);
  return size * count;
}

int look_around(void* to, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<transfer*>(to)->stopping->load() ? 1 : 0;
}

class curl_client final : public http_getter {
 public:
  curl_client(http_provider provider, std::atomic<bool> const& stopping)
      : provider_{std::move(provider)}, stopping_{stopping}, handle_{curl_easy_init()} {
    verify(handle_ != nullptr, "libcurl starts");
    if (provider_.base.ends_with('/')) provider_.base.pop_back();
  }
  ~curl_client() override { curl_easy_cleanup(handle_); }
  curl_client(curl_client const&) = delete;
  curl_client& operator=(curl_client const&) = delete;

  http_answer get(http_request const& request) override {
    transfer now;
    now.max_bytes = provider_.max_body_bytes;
    now.stopping = &stopping_;
    prepare(request, now);
    auto* headers = curl_slist_append(nullptr, ("Authorization: " + provider_.authorization).c_str());
    headers = curl_slist_append(headers, "Accept: application/json");
    if (!request.if_modified_since.empty())
      headers = curl_slist_append(headers, ("If-Modified-Since: " + request.if_modified_since).c_str());
    set(CURLOPT_HTTPHEADER, headers);
    auto const came = curl_easy_perform(handle_);
    curl_slist_free_all(headers);
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    now.answer.status = static_cast<int>(status);
    if (now.too_large) {
      now.answer.failed = failure{reason::message_too_large,
                                  "an answer of more than " + std::to_string(provider_.max_body_bytes) + " bytes"};
    } else if (came != CURLE_OK) {
      now.answer.failed = failure{reason::provider_unavailable, curl_easy_strerror(came)};
    }
    return std::move(now.answer);
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    verify(curl_easy_setopt(handle_, option, value) == CURLE_OK, "libcurl knows the option");
  }

  void prepare(http_request const& request, transfer& now) {
    curl_easy_reset(handle_);  // connections stay
    set(CURLOPT_URL, (provider_.base + request.path).c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(provider_.connect_limit.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(provider_.answer_limit.count()));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!provider_.ca_file.empty()) set(CURLOPT_CAINFO, provider_.ca_file.c_str());
    set(CURLOPT_ACCEPT_ENCODING, "gzip");
    set(CURLOPT_USERAGENT, kAgent);
    set(CURLOPT_WRITEFUNCTION, &take_body);
    set(CURLOPT_WRITEDATA, &now);
    set(CURLOPT_HEADERFUNCTION, &take_header);
    set(CURLOPT_HEADERDATA, &now);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &look_around);
    set(CURLOPT_XFERINFODATA, &now);
  }

  http_provider provider_;
  std::atomic<bool> const& stopping_;
  CURL* handle_;
};

}  // namespace

result<void> check_provider(http_provider const& provider) {
  auto const parts = parts_of(provider.base);
  if (!parts) return parts.error();
  if (!parts->secure && !is_loopback(parts->host))
    return failure{reason::wrong_mode, "http to " + parts->host + " would give the key away; use https"};
  if (provider.authorization.empty()) return failure{reason::missing_field, "no key"};
  for (unsigned char const c : provider.authorization)
    if (c < 0x20 || c > 0x7e) return failure{reason::malformed, "the key has a character that no header may have"};
  return {};
}

std::unique_ptr<http_getter> make_http_client(http_provider provider, std::atomic<bool> const& stopping) {
  return std::make_unique<curl_client>(std::move(provider), stopping);
}

}  // namespace siren
