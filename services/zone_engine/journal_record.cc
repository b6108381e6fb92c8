#include "zone_engine/journal_record.h"

#include <boost/crc.hpp>
#include <cstring>
#include <type_traits>

namespace siren {
namespace {

constexpr std::size_t kFrameBytes = 8;  // size and checksum

enum class kind : std::uint8_t { alert = 1, order = 2, answer = 3 };

template <typename T>
void put(std::string& to, T value) {
  static_assert(std::is_trivially_copyable_v<T>);
  to.append(reinterpret_cast<char const*>(&value), sizeof value);
}
void put_text(std::string& to, std::string_view text) {
  put(to, static_cast<std::uint32_t>(text.size()));
  to.append(text);
}

/// Past the end everything reads as zero and `ok` turns false.
struct taker {
  std::string_view left;
  bool ok = true;

  template <typename T>
  T value() {
    T v{};
    if (left.size() < sizeof v) return ok = false, v;
    std::memcpy(&v, left.data(), sizeof v);
    left.remove_prefix(sizeof v);
    return v;
  }
  std::string text() {
    auto const size = value<std::uint32_t>();
    if (left.size() < size) return ok = false, std::string{};
    std::string const found{left.substr(0, size)};
    left.remove_prefix(size);
    return found;
  }
};

std::string body_of(decided_alert const& alert) {
  std::string body;
  put(body, kind::alert);
  auto const& record = alert.record;
  put(body, alert.level);
  put(body, record.rev);
  put(body, static_cast<std::uint8_t>(record.ended));
  for (auto const* text : {&record.zone.value, &record.alert.value, &record.bytes, &record.source, &record.message_id,
                           &record.actor, &record.act, &record.because, &record.trace.value})
    put_text(body, *text);
  return body;
}

std::string body_of(operator_order const& order) {
  std::string body;
  put(body, kind::order);
  put(body, order.level);
  put(body, order.at.time_since_epoch().count());
  for (auto const* text : {&order.request_id, &order.operator_name, &order.zone.value, &order.text, &order.trace.value})
    put_text(body, *text);
  return body;
}

std::string body_of(given_answer const& given) {
  std::string body;
  put(body, kind::answer);
  put(body, given.answer.at.epoch);
  put(body, given.answer.at.seq);
  for (auto const* text : {&given.request_id, &given.answer.alert, &given.answer.asked}) put_text(body, *text);
  return body;
}

decided_alert take_alert(taker& from) {
  decided_alert alert;
  alert.level = from.value<stage>();
  alert.record.rev = from.value<std::uint32_t>();
  alert.record.ended = from.value<std::uint8_t>() != 0;
  for (auto* text : {&alert.record.zone.value, &alert.record.alert.value, &alert.record.bytes, &alert.record.source,
                     &alert.record.message_id, &alert.record.actor, &alert.record.act, &alert.record.because,
                     &alert.record.trace.value})
    *text = from.text();
  return alert;
}

operator_order take_order(taker& from) {
  operator_order order;
  order.level = from.value<stage>();
  order.at = utc_time{microseconds{from.value<microseconds::rep>()}};
  for (auto* text : {&order.request_id, &order.operator_name, &order.zone.value, &order.text, &order.trace.value})
    *text = from.text();
  return order;
}

given_answer take_answer(taker& from) {
  given_answer given;
  given.answer.at.epoch = from.value<std::uint64_t>();
  given.answer.at.seq = from.value<std::uint64_t>();
  for (auto* text : {&given.request_id, &given.answer.alert, &given.answer.asked}) *text = from.text();
  return given;
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  boost::crc_32_type sum;
  sum.process_bytes(bytes.data(), bytes.size());
  return sum.checksum();
}

std::string written(outgoing const& what) {
  auto const body = std::visit([](auto const& each) { return body_of(each); }, what);
  std::string record;
  put(record, static_cast<std::uint32_t>(body.size()));
  put(record, crc32(body));
  return record + body;
}

result<read_record> read_first(std::string_view from) {
  failure const cut{reason::malformed, "a record is cut short"};
  if (from.size() < kFrameBytes) return cut;
  taker frame{from.substr(0, kFrameBytes)};
  auto const size = frame.value<std::uint32_t>();
  auto const sum = frame.value<std::uint32_t>();
  if (from.size() - kFrameBytes < size) return cut;
  auto const body = from.substr(kFrameBytes, size);
  if (crc32(body) != sum) return failure{reason::malformed, "a record's checksum is wrong"};
  taker in{body};
  read_record found{{}, kFrameBytes + size};
  switch (in.value<kind>()) {
    case kind::alert:
      found.what = take_alert(in);
      break;
    case kind::order:
      found.what = take_order(in);
      break;
    case kind::answer:
      found.what = take_answer(in);
      break;
    default:
      return failure{reason::malformed, "a record of an unknown kind"};
  }
  if (!in.ok || !in.left.empty()) return failure{reason::malformed, "a record does not hold what its kind says"};
  return found;
}

}  // namespace siren
