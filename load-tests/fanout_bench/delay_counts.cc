#include "fanout_bench/delay_counts.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include <nlohmann/json.hpp>

namespace siren::fanout {
namespace {

constexpr unsigned kStepBits = 6;  // 64 steps within each doubling
constexpr std::uint64_t kSteps = 1U << kStepBits;
constexpr std::uint64_t kMostUs = 7'200'000'000;

std::size_t slot_of(std::uint64_t us) {
  if (us < kSteps) return us;
  auto const shift = static_cast<unsigned>(std::bit_width(us)) - 1 - kStepBits;
  return (static_cast<std::uint64_t>(shift) << kStepBits) + (us >> shift);
}

std::uint64_t upper_edge(std::size_t slot) {
  if (slot < 2 * kSteps) return slot;
  auto const shift = (slot >> kStepBits) - 1;
  return (((slot & (kSteps - 1)) + kSteps + 1) << shift) - 1;
}

}  // namespace

void delay_counts::add(microseconds delay) {
  auto const us = std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(delay.count(), 0)), kMostUs);
  auto const slot = slot_of(us);
  if (slot >= counts_.size()) counts_.resize(slot + 1);
  ++counts_[slot];
  ++count_;
  max_ = std::max(max_, microseconds{static_cast<std::int64_t>(us)});
}

void delay_counts::add(delay_counts const& more) {
  if (counts_.size() < more.counts_.size()) counts_.resize(more.counts_.size());
  for (std::size_t i = 0; i < more.counts_.size(); ++i) counts_[i] += more.counts_[i];
  count_ += more.count_;
  max_ = std::max(max_, more.max_);
}

microseconds delay_counts::at(double share) const {
  auto const rank =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
  std::uint64_t passed = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    passed += counts_[i];
    if (passed >= rank) return std::min(max_, microseconds{static_cast<std::int64_t>(upper_edge(i))});
  }
  return microseconds{0};
}

nlohmann::json delay_counts::as_json() const {
  auto slots = nlohmann::json::array();
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (counts_[i] > 0) slots.push_back({i, counts_[i]});
  return {{"max_us", max_.count()}, {"slots", std::move(slots)}};
}

delay_counts delay_counts::of_json(nlohmann::json const& from) {
  delay_counts made;
  made.max_ = microseconds{from.at("max_us").get<std::int64_t>()};
  for (auto const& one : from.at("slots")) {
    auto const slot = one.at(0).get<std::size_t>();
    auto const count = one.at(1).get<std::uint64_t>();
    if (slot >= made.counts_.size()) made.counts_.resize(slot + 1);
    made.counts_[slot] += count;
    made.count_ += count;
  }
  return made;
}

}  // namespace siren::fanout
