#include "feed_adapters/told_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "common/city_bundle/bundle_files.h"
#include "feed_adapters/feed_json.h"

namespace siren {
namespace {

constexpr char kFormat[] = "siren-told/1";
constexpr feed_json_limits kLimits{16U << 20U, 8};  // 11,403 words of 200 bytes are 2 MB

result<told_alarm> word_of(nlohmann::json const& item) {
  failure const bad{reason::malformed, "a word is not as this program writes it"};
  if (!item.is_object()) return bad;
  auto const region = name_member(item, "region");
  auto const* const type = member(item, "type");
  auto const* const active = member(item, "active");
  auto const* const at = member(item, "changed_us");
  if (!region || type == nullptr || !type->is_number_unsigned() || active == nullptr || !active->is_boolean() ||
      at == nullptr || !at->is_number_integer())
    return bad;
  auto const number = type->get<std::uint64_t>();
  if (number > static_cast<std::uint64_t>(alarm_type::info)) return bad;
  told_alarm word{zone_id{*region},
                  static_cast<alarm_type>(number),
                  {},
                  active->get<bool>(),
                  utc_time{microseconds{at->get<std::int64_t>()}}};
  if (member(item, "id") != nullptr) {
    auto const id = name_member(item, "id");
    if (!id) return bad;
    word.native_id = *id;
  }
  return word;
}

result<void> unwritable(std::filesystem::path const& file) {
  return failure{reason::file_unreadable, file.string() + " can't be written: " + std::strerror(errno)};
}

/// A descriptor that is closed at the end of its scope.
class open_file {
 public:
  open_file(char const* path, int flags) : fd_{::open(path, flags | O_CLOEXEC, 0600)} {}
  ~open_file() {
    if (fd_ >= 0) ::close(fd_);
  }
  open_file(open_file const&) = delete;
  open_file& operator=(open_file const&) = delete;
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

bool write_whole(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return ::fsync(fd) == 0;
}

}  // namespace

result<std::vector<told_alarm>> parse_told(std::string_view text, source_id const& source) {
  auto const root = parse_feed_json(text, kLimits);
  if (!root) return root.error();
  if (!root->is_object()) return failure{reason::malformed, "no object"};
  auto const format = text_member(*root, "format");
  auto const of = text_member(*root, "source");
  if (!format || *format != kFormat || !of || *of != source.value)
    return failure{reason::schema_mismatch, "not what source " + source.value + " told"};
  auto const* const items = member(*root, "words");
  if (items == nullptr || !items->is_array()) return failure{reason::malformed, "no words"};
  std::vector<told_alarm> words;
  for (auto const& item : *items) {
    auto word = word_of(item);
    if (!word) return word.error();
    words.push_back(std::move(*word));
  }
  return words;
}

std::string write_told(std::vector<told_alarm> const& words, source_id const& source) {
  auto items = nlohmann::ordered_json::array();
  for (auto const& word : words) {
    nlohmann::ordered_json item{{"region", word.region.value},
                                {"type", static_cast<unsigned>(word.type)},
                                {"active", word.active},
                                {"changed_us", word.changed_at.time_since_epoch().count()}};
    if (!word.native_id.empty()) item["id"] = word.native_id;
    items.push_back(std::move(item));
  }
  return nlohmann::ordered_json{{"format", kFormat}, {"source", source.value}, {"words", std::move(items)}}.dump(1) +
         '\n';
}

result<std::vector<told_alarm>> read_told_file(std::filesystem::path const& file, source_id const& source) {
  if (!std::filesystem::exists(file)) return std::vector<told_alarm>{};
  auto const text = read_whole_file(file, kLimits.max_bytes);
  if (!text) return text.error();
  return parse_told(*text, source);
}

result<void> write_told_file(std::filesystem::path const& file, std::vector<told_alarm> const& words,
                             source_id const& source) {
  auto const beside = file.string() + ".new";
  {
    open_file const out{beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC};
    if (out.fd() < 0 || !write_whole(out.fd(), write_told(words, source))) return unwritable(beside);
  }
  if (std::rename(beside.c_str(), file.c_str()) != 0) return unwritable(file);
  auto const folder = file.parent_path().empty() ? std::filesystem::path{"."} : file.parent_path();
  open_file const around{folder.c_str(), O_RDONLY | O_DIRECTORY};
  if (around.fd() < 0 || ::fsync(around.fd()) != 0) return unwritable(folder);
  return {};
}

}  // namespace siren
