#include "feed_adapters/replay.h"

#include <poll.h>

#include "common/convert/base_convert.h"

namespace siren {
namespace {

constexpr int kPaceMs = 5;
constexpr milliseconds kLookAround{200};

}  // namespace

void shift(recorded& one, microseconds by) {
  one.at += by;
  if (one.record.has_observation()) to_proto(one.at, one.record.mutable_observation()->mutable_observed_time());
  if (one.record.has_region_alarm()) to_proto(one.at, one.record.mutable_region_alarm()->mutable_changed_time());
  if (one.record.has_launch()) to_proto(one.at, one.record.mutable_launch()->mutable_launched_time());
}

bool play(recording const& what, replay_plan const& plan, world_clock const& clock, feed_line& line,
          std::atomic<bool> const& stopping) {
  auto const by = plan.from_now && !what.records.empty() ? clock.now() - what.records.front().at : microseconds{0};
  for (auto const& original : what.records) {
    auto one = original;
    if (by != microseconds{0}) shift(one, by);
    while (!plan.at_once && !stopping && clock.now() < one.at) ::poll(nullptr, 0, kPaceMs);
    if (stopping || !line.put(std::move(one.record))) return false;
  }
  while (!stopping)
    if (line.settle(steady_now() + kLookAround)) return true;
  return false;
}

std::vector<threats::v1::FeedBeat> beats_of(recording const& what) {
  std::map<std::string, bool> official;
  for (auto const& one : what.records) {
    if (one.record.has_region_alarm()) official[one.record.region_alarm().source()] = true;
    if (one.record.has_observation()) official.emplace(one.record.observation().source(), false);
    if (one.record.has_launch()) official.emplace(one.record.launch().source(), false);
  }
  std::vector<threats::v1::FeedBeat> beats;
  for (auto const& [source, declares] : official) {
    beats.emplace_back().set_source(source);
    beats.back().set_official(declares);
  }
  return beats;
}

}  // namespace siren
