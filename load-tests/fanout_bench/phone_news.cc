#include "fanout_bench/phone_news.h"

namespace siren::fanout {
namespace {

constexpr unsigned kMostVarintBits = 63;

/// Field by field over one message; a field it does not know is stepped over.
class fields {
 public:
  explicit fields(std::string_view bytes) : left_{bytes} {}

  /// False: the end, or bad().
  bool next() {
    if (left_.empty() || bad_) return false;
    auto const key = varint();
    number_ = static_cast<std::uint32_t>(key >> 3U);
    text_ = {};
    value_ = 0;
    switch (key & 7U) {
      case 0:
        value_ = varint();
        break;
      case 1:
        step(8);
        break;
      case 2:
        text_ = step(varint());
        break;
      case 5:
        step(4);
        break;
      default:
        bad_ = true;
    }
    return !bad_;
  }
  [[nodiscard]] std::uint32_t number() const { return number_; }
  [[nodiscard]] std::uint64_t value() const { return value_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] bool bad() const { return bad_; }

 private:
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift <= kMostVarintBits; shift += 7) {
      if (left_.empty()) break;
      auto const byte = static_cast<unsigned char>(left_.front());
      left_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) return value;
    }
    bad_ = true;
    return 0;
  }
  std::string_view step(std::uint64_t size) {
    if (size > left_.size()) {
      bad_ = true;
      return {};
    }
    auto const taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }

  std::string_view left_;
  std::string_view text_;
  std::uint64_t value_ = 0;
  std::uint32_t number_ = 0;
  bool bad_ = false;
};

bool read_cursor(std::string_view bytes, phone_news& into) {
  fields in{bytes};
  while (in.next()) {
    if (in.number() == 1) into.epoch = in.value();
    if (in.number() == 2) into.seq = in.value();
  }
  return !in.bad();
}

/// google.protobuf.Timestamp and Duration alike.
std::optional<microseconds> read_time(std::string_view bytes) {
  fields in{bytes};
  std::int64_t whole = 0;
  std::int64_t nanos = 0;
  while (in.next()) {
    if (in.number() == 1) whole = static_cast<std::int64_t>(in.value());
    if (in.number() == 2) nanos = static_cast<std::int64_t>(in.value());
  }
  if (in.bad()) return std::nullopt;
  return seconds{whole} + microseconds{nanos / 1'000};
}

bool read_alert(std::string_view bytes, phone_news& into) {
  static constexpr std::uint32_t kReceived = 11;  // observation_received_time
  fields in{bytes};
  while (in.next())
    if (in.number() == kReceived)
      if (auto const at = read_time(in.text())) into.published = wall_time{*at};
  return !in.bad();
}

bool read_event(std::string_view bytes, phone_news& into) {
  fields in{bytes};
  auto good = true;
  while (in.next() && good) {
    auto const n = in.number();
    switch (into.kind) {
      case news_kind::snapshot:
      case news_kind::continuation:
        if (n == 1) good = read_cursor(in.text(), into);
        break;
      case news_kind::alert:
        if (n == 1) good = read_cursor(in.text(), into);
        if (n == 2) into.previous_in_zone = in.value();
        if (n == 3) good = read_alert(in.text(), into);
        break;
      case news_kind::heartbeat:
        if (n == 2) into.seq = in.value();
        if (n == 6)
          if (auto const within = read_time(in.text()))
            into.back_within = std::chrono::duration_cast<milliseconds>(*within);
        break;
      case news_kind::go_away:
        if (n == 2)
          if (auto const within = read_time(in.text()))
            into.back_within = std::chrono::duration_cast<milliseconds>(*within);
        break;
      default:
        return true;
    }
  }
  return good && !in.bad();
}

}  // namespace

std::optional<phone_news> read_news(std::string_view bytes) {
  fields in{bytes};
  phone_news news;
  while (in.next()) {
    if (in.number() < 1 || in.number() > 7) continue;
    news.kind = static_cast<news_kind>(in.number());
    if (!read_event(in.text(), news)) return std::nullopt;
  }
  if (in.bad() || news.kind == news_kind::none) return std::nullopt;
  return news;
}

}  // namespace siren::fanout
