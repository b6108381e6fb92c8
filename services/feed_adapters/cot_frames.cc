#include "feed_adapters/cot_frames.h"

#include <algorithm>

namespace siren {
namespace {

constexpr char kProtobufMark = '\xbf';
constexpr std::string_view kEventEnd = "</event>";
constexpr std::size_t kMaxLengthBytes = 3;  // 2^21 is beyond every frame that is taken

failure too_large() {
  return {reason::message_too_large, "a frame has at most " + std::to_string(kMaxCotBytes) + " bytes"};
}

}  // namespace

std::optional<cot_frame> cot_cutter::cut(cot_frame::form form, std::size_t begin, std::size_t end) {
  cot_frame frame{form, held_.substr(begin, end - begin)};
  at_ = searched_ = end;
  // Giving bytes away one frame at a time would move the rest for every frame.
  if (at_ > kMaxCotBytes || at_ == held_.size()) {
    held_.erase(0, at_);
    at_ = searched_ = 0;
  }
  return frame;
}

result<std::optional<cot_frame>> cot_cutter::next() {
  at_ = std::min(held_.find_first_not_of(" \t\r\n", at_), held_.size());
  searched_ = std::max(searched_, at_);
  if (at_ == held_.size()) {
    held_.clear();
    at_ = searched_ = 0;
    return std::optional<cot_frame>{};
  }
  if (held_[at_] == '<') return next_xml();
  if (held_[at_] == kProtobufMark) return next_protobuf();
  return failure{reason::malformed, "neither an XML event nor a TAK frame begins here"};
}

result<std::optional<cot_frame>> cot_cutter::next_xml() {
  auto const end = held_.find(kEventEnd, searched_);
  if (end != std::string::npos) {
    if (end + kEventEnd.size() - at_ > kMaxCotBytes) return too_large();
    return cut(cot_frame::form::xml, at_, end + kEventEnd.size());
  }
  if (held() > kMaxCotBytes) return too_large();
  searched_ = std::max(at_, held_.size() - std::min(held_.size(), kEventEnd.size() - 1));
  return std::optional<cot_frame>{};
}

result<std::optional<cot_frame>> cot_cutter::next_protobuf() {
  std::size_t length = 0;
  auto at = at_ + 1;
  for (std::size_t read = 0;; ++read, ++at) {
    if (read == kMaxLengthBytes) return too_large();
    if (at == held_.size()) return std::optional<cot_frame>{};
    auto const byte = static_cast<unsigned char>(held_[at]);
    length |= static_cast<std::size_t>(byte & 0x7fU) << (7U * read);
    if ((byte & 0x80U) == 0) break;
  }
  if (length > kMaxCotBytes) return too_large();
  auto const begin = at + 1;
  if (held_.size() - begin < length) return std::optional<cot_frame>{};
  return cut(cot_frame::form::protobuf, begin, begin + length);
}

}  // namespace siren
