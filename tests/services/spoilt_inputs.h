#pragma once

#include <limits>
#include <random>
#include <string>
#include <vector>

#include "common/convert/base_convert.h"
#include "core/base/reason.h"
#include "services/cot_bytes.h"
#include "services/threat_records.h"

namespace siren::test {

/// Something malformed, and the reason that it must be refused with.
struct spoilt_input {
  std::string bytes;
  reason why;
};

/// Makes inputs that are wrong in one way each, out of good ones with random content: the same dice, the same inputs.
class spoiler {
 public:
  explicit spoiler(std::uint64_t seed) : dice_{seed} {}

  std::size_t up_to(std::size_t end) { return std::uniform_int_distribution<std::size_t>{0, end - 1}(dice_); }
  double between(double low, double high) { return std::uniform_real_distribution<double>{low, high}(dice_); }
  std::string letters(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('a' + up_to(26));
    return text;
  }
  template <typename T>
  T one_of(std::vector<T> const& these) {
    return these[up_to(these.size())];
  }

  /// An entry of alerts.in.ua that is wrong.
  spoilt_input alert_entry() {
    std::string const uid = "\"location_uid\":\"" + std::to_string(1 + up_to(2'000)) + "\"";
    std::string const type = "\"alert_type\":\"air_raid\"";
    std::string const start = "\"started_at\":\"2026-01-23T10:00:00Z\"";
    auto const object = [](std::initializer_list<std::string> parts) {
      std::string text;
      for (auto const& part : parts) text += (text.empty() ? "{" : ",") + part;
      return text + "}";
    };
    switch (up_to(9)) {
      case 0:
        return {object({type, start}), reason::missing_field};
      case 1:
        return {object({uid, start}), reason::missing_field};
      case 2:
        return {object({uid, type}), reason::time_missing};
      case 3:
        return {object({"\"location_uid\":" + other_type(), type, start}), reason::malformed};
      case 4:
        return {object({"\"location_uid\":\"" + letters(129 + up_to(500)) + "\"", type, start}),
                reason::field_too_long};
      case 5:
        return {object({uid, type, "\"started_at\":\"" + bad_time() + "\""}), reason::malformed};
      case 6:
        return {object({uid, type, start, "\"finished_at\":\"2026-01-23T09:59:" + two_digits() + "Z\""}),
                reason::malformed};
      case 7:
        return {one_of<std::string>({"7", "null", "[]", "\"" + letters(up_to(40)) + "\"", "true", "1e9"}),
                reason::malformed};
      default:
        return {object({uid, "\"alert_type\":" + other_type(), start}), reason::malformed};
    }
  }

  /// An alert of ukrainealarm that is wrong.
  spoilt_input active_alert() {
    auto entry = alert_entry();
    while (entry.bytes.find("finished_at") != std::string::npos) entry = alert_entry();
    for (auto const& [from, to] :
         {std::pair{"location_uid", "regionId"}, {"alert_type", "type"}, {"started_at", "lastUpdate"}}) {
      for (auto at = entry.bytes.find(from); at != std::string::npos; at = entry.bytes.find(from))
        entry.bytes.replace(at, std::string{from}.size(), to);
    }
    return entry;
  }

  /// A text that is no JSON: a good one that was cut, or has a character too many.
  spoilt_input no_json(std::string good) {
    if (up_to(2) == 0) return {good.substr(0, 1 + up_to(good.size() - 1)), reason::malformed};
    good.insert(1 + up_to(good.size() - 1), 1, one_of<char>({'\x01', '\xff', '\x00'}));
    return {good, reason::malformed};
  }

  /// A Cursor on Target event that is wrong, as XML.
  spoilt_input cot_event_xml() {
    auto with = cot_fields{};
    with.uid = letters(1 + up_to(60));
    switch (up_to(8)) {
      case 0:
        return {"<!DOCTYPE " + letters(3) + ">" + cot_text(with), reason::malformed};
      case 1:
        return {cot_text(with).substr(0, up_to(200)), reason::malformed};
      case 2:
        (up_to(2) == 0 ? with.lat : with.ce) = one_of<std::string>({"x" + letters(5), "1,5", "--4", "0x1F", "1e999"});
        return {cot_text(with), reason::malformed};
      case 3:
        with.time = bad_time();
        return {cot_text(with), reason::malformed};
      case 4: {
        auto text = cot_text(with);
        return {text.insert(7 + up_to(5), 1, '\0'), reason::malformed};
      }
      case 5:
        return {"<" + letters(6) + "/>", reason::malformed};
      case 6:
        return {"<event>" + std::string(65'536 + up_to(500), ' ') + "</event>", reason::message_too_large};
      default: {
        auto const why = spoil_fields(with);
        return {cot_text(with), why};
      }
    }
  }

  /// As a TAK message.
  spoilt_input cot_event_protobuf() {
    auto with = cot_fields{};
    with.uid = letters(1 + up_to(60));
    auto const good = cot_message(with);
    switch (up_to(4)) {
      case 0:
        return {good.substr(0, 3 + up_to(good.size() - 4)), reason::malformed};
      case 1:
        return {cot_message(with, "<" + letters(5)), reason::malformed};
      case 2:
        return {std::string(65'537 + up_to(500), '\x0a'), reason::message_too_large};
      default: {
        auto const why = spoil_fields(with);
        return {cot_message(with), why};
      }
    }
  }

  /// Bytes on a connection that no event begins with.
  spoilt_input cot_bytes() {
    switch (up_to(3)) {
      case 0:
        return {one_of<std::string>({"GET /", "\x16\x03", "{", "event", "\x01"}) + letters(up_to(100)),
                reason::malformed};
      case 1:
        return {std::string{"\xbf"} + static_cast<char>(0x80 + up_to(128)) + static_cast<char>(0x80 + up_to(128)) +
                    static_cast<char>(5 + up_to(100)),
                reason::message_too_large};
      default:
        return {"<" + std::string(65'537 + up_to(500), 'x'), reason::message_too_large};
    }
  }

  /// A line of recorded position reports.
  spoilt_input report_line() {
    std::string const time = "2026-01-23T12:00:" + two_digits() + "Z";
    switch (up_to(8)) {
      case 0:
        return {bad_time() + ",50,31,x,drone,1,c", reason::malformed};
      case 1:
        return {",50,31,x,drone,1,c", reason::time_missing};
      case 2:
        return {time + "," + std::to_string(between(90.001, 1e6)) + ",31,x,drone,1,c", reason::latitude_out_of_range};
      case 3:
        return {time + ",50," + std::to_string(between(-1e6, -180.001)) + ",x,drone,1,c",
                reason::longitude_out_of_range};
      case 4:
        return {time + ",50,31,x," + letters(12) + ",1,c", reason::malformed};
      case 5:
        return {time + ",50,31,x,drone," + std::to_string(1'001 + up_to(100'000)) + ",c", reason::count_out_of_range};
      case 6:
        return {time + ",50,31,x,drone,1" + (up_to(2) == 0 ? "" : ",c,more"), reason::malformed};
      default:
        return {time + ",,31,x,drone,1,c", reason::missing_field};
    }
  }

  /// A line of JSON that is no record.
  spoilt_input json_line() {
    std::string const good = R"({"observation":{"source":"radar","observed_time":"2026-01-23T12:00:00Z","count":1}})";
    switch (up_to(4)) {
      case 0:
        return no_json(good);
      case 1:
        return {"{\"" + letters(3 + up_to(20)) + "\":1}", reason::malformed};
      case 2:
        return {R"({"observation":{"source":")" + letters(5) + "\"}}", reason::time_missing};
      default:
        return {"{\"record_number\":" + std::to_string(up_to(1'000)) + "}", reason::missing_field};
    }
  }

  /// A record that ingest must refuse; `native_id` makes it one of its own.
  std::pair<threats::v1::StreamThreatsRequest, reason> record(std::string const& native_id);

 private:
  std::string two_digits() { return std::to_string(10 + up_to(50)); }
  std::string other_type() { return one_of<std::string>({"1.5", "[]", "{}", "true", "[\"31\"]", "-2.25e3"}); }
  std::string bad_time() {
    return one_of<std::string>({"2026-02-3" + std::to_string(up_to(10)) + "T10:00:00Z", "2026-01-23", letters(8),
                                "2026-01-23T24:00:00Z", "2026-01-23T10:60:00Z", "2026-01-23T10:00:00",
                                "2026-01-23T10:00:00+25:00", "26-01-23T10:00:00Z", "2026-01-23T10:00:00.Z",
                                "2026-01-23T10:00:00.0123456789Z"});
  }
  reason spoil_fields(cot_fields& with) {
    switch (up_to(10)) {
      case 0:
        return with.uid.clear(), reason::missing_field;
      case 1:
        return with.type.clear(), reason::missing_field;
      case 2:
        return with.uid = letters(129 + up_to(300)), reason::field_too_long;
      case 3:
        return with.uid += one_of<std::string>({"\t", "\x01", "\xff", "\xC3("}), reason::malformed;
      case 4:
        return with.type = "a-" + one_of<std::string>({"f", "n", "a"}) + "-A-M-F-Q", reason::not_a_threat;
      case 5:
        return with.type = letters(10), reason::not_a_threat;
      case 6:
        return (up_to(2) == 0 ? with.lat : with.lon).clear(), reason::missing_field;
      case 7:
        return (up_to(2) == 0 ? with.time : with.stale).clear(), reason::time_missing;
      case 8:
        return with.course = std::to_string(between(360.1, 9'000)), reason::malformed;
      default:
        return with.speed = std::to_string(between(-900, -0.1)), reason::speed_out_of_range;
    }
  }

  std::mt19937_64 dice_;
};

inline std::pair<threats::v1::StreamThreatsRequest, reason> spoiler::record(std::string const& native_id) {
  auto made = observed("radar", native_id);
  auto& report = *made.mutable_observation();
  auto& place = *report.mutable_position();
  auto const sign = up_to(2) == 0 ? 1.0 : -1.0;
  auto const odd = one_of<double>({std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                                   -std::numeric_limits<double>::infinity()});
  switch (up_to(22)) {
    case 0:
      return place.set_latitude_deg(sign * between(90.001, 1e9)), std::pair{made, reason::latitude_out_of_range};
    case 1:
      return place.set_longitude_deg(sign * between(180.001, 1e9)), std::pair{made, reason::longitude_out_of_range};
    case 2:
      return place.set_latitude_deg(odd), std::pair{made, reason::not_finite};
    case 3:
      return report.mutable_velocity()->set_east_mps(odd), std::pair{made, reason::not_finite};
    case 4:
      return report.set_altitude_m(odd), std::pair{made, reason::not_finite};
    case 5:
      return report.set_position_sigma_m(up_to(2) == 0 ? -between(0, 1e6) : between(50'001, 1e9)),
             std::pair{made, reason::sigma_out_of_range};
    case 6:
      return report.mutable_velocity()->set_north_mps(sign * between(4'100, 1e6)),
             std::pair{made, reason::speed_out_of_range};
    case 7:
      return report.set_count(1'001 + static_cast<std::uint32_t>(up_to(4'000'000'000))),
             std::pair{made, reason::count_out_of_range};
    case 8:
      return report.clear_observed_time(), std::pair{made, reason::time_missing};
    case 9:
      return to_proto(noon() + seconds{6 + up_to(1'000'000'000)}, report.mutable_observed_time()),
             std::pair{made, reason::time_in_future};
    case 10:
      return to_proto(noon() - seconds{600 + up_to(1'000'000'000)}, report.mutable_observed_time()),
             std::pair{made, reason::time_too_old};
    case 11:
      return place.set_latitude_deg(-between(0, 80)), std::pair{made, reason::outside_theatre};
    case 12:
      return report.set_world(geo::v1::WORLD_LIVE), std::pair{made, reason::live_in_drill};
    case 13:
      return report.set_world(static_cast<geo::v1::World>(3 + up_to(1'000))), std::pair{made, reason::malformed};
    case 14:
      return report.set_source(letters(1 + up_to(60))), std::pair{made, reason::unknown_source};
    case 15:
      return report.set_native_id(letters(129 + up_to(400))), std::pair{made, reason::field_too_long};
    case 16:
      return report.set_native_id(letters(5) + static_cast<char>(1 + up_to(31))), std::pair{made, reason::malformed};
    case 17:
      return report.set_threat_class(static_cast<threats::v1::ThreatClass>(10 + up_to(1'000))),
             std::pair{made, reason::malformed};
    case 18:
      return report.clear_position(), std::pair{made, reason::missing_field};
    case 19:
      return report.set_threat_class_confidence(sign > 0 ? between(1.001, 1e6) : -between(0.001, 1e6)),
             std::pair{made, reason::malformed};
    case 20:
      return {declared("air_force", letters(3 + up_to(50))), reason::unknown_region};
    default:
      return {declared("radar", "31"), reason::source_not_official};
  }
}

}  // namespace siren::test
