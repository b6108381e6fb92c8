#include "feed_adapters/cot_stream.h"

#include "feed_adapters/cot_protobuf.h"
#include "feed_adapters/cot_xml.h"

namespace siren {

result<void> cot_memory::admit(std::string const& uid, utc_time at) {
  auto const [known, added] = newest_.try_emplace(uid, at);
  if (!added) {
    if (at == known->second) return failure{reason::duplicate, "uid " + uid + " at this time again"};
    if (at < known->second) return failure{reason::time_too_old, "uid " + uid + " was heard of later"};
    by_time_.erase({known->second, uid});
    known->second = at;
  }
  by_time_.emplace(at, uid);
  if (newest_.size() > kMaxUids) {
    newest_.erase(by_time_.begin()->second);
    by_time_.erase(by_time_.begin());
  }
  return {};
}

result<observation> cot_stream::report_of(cot_frame const& frame, utc_time now) {
  auto const event = frame.is == cot_frame::form::xml ? parse_cot_xml(frame.bytes) : parse_cot_protobuf(frame.bytes);
  if (!event) return event.error();
  auto report = observation_of(*event, source_, now);
  if (!report) return report;
  if (auto const newest = memory_.admit(event->uid, event->time); !newest) return newest.error();
  return report;
}

cot_stream::outcome cot_stream::take(std::string_view bytes, utc_time now) {
  outcome out;
  cutter_.put(bytes);
  while (true) {
    auto const frame = cutter_.next();
    if (!frame) {
      out.broken = frame.error();
      return out;
    }
    if (!*frame) return out;
    auto report = report_of(**frame, now);
    if (report)
      out.reports.push_back(std::move(*report));
    else
      out.refused.push_back(report.error());
  }
}

}  // namespace siren
