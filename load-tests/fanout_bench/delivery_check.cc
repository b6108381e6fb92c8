#include "fanout_bench/delivery_check.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace siren::fanout {

void stretches::add(stretches const& more) {
  for (auto const& [one, times] : more.counts_) add(one, times);
}

stretches::verdict stretches::judge(std::vector<std::vector<std::uint32_t>> const& places) const {
  verdict all;
  for (auto const& [one, times] : counts_) {
    std::uint64_t due = 0;
    if (one.zone < places.size()) {
      auto const& of = places[one.zone];
      due = static_cast<std::uint64_t>(std::upper_bound(of.begin(), of.end(), one.to) -
                                       std::upper_bound(of.begin(), of.end(), one.from));
    }
    if (one.heard < due) all.missing += (due - one.heard) * times;
    if (one.heard > due) all.surplus += (one.heard - due) * times;
  }
  return all;
}

nlohmann::json stretches::as_json() const {
  auto all = nlohmann::json::array();
  for (auto const& [one, times] : counts_) all.push_back({one.zone, one.from, one.to, one.heard, times});
  return all;
}

stretches stretches::of_json(nlohmann::json const& from) {
  stretches made;
  for (auto const& one : from)
    made.add({one.at(0).get<zone_number>(), one.at(1).get<std::uint32_t>(), one.at(2).get<std::uint32_t>(),
              one.at(3).get<std::uint32_t>()},
             one.at(4).get<std::uint64_t>());
  return made;
}

void delivery_check::begin_at(std::uint64_t epoch, std::uint32_t seq) {
  greeted_ = true;
  epoch_ = epoch;
  from_ = last_ = covered_ = seq;
}

delivery_check::finding delivery_check::hear(phone_news const& news, stretches& closed) {
  auto const seq = static_cast<std::uint32_t>(news.seq);
  switch (news.kind) {
    case news_kind::snapshot: {
      auto const back = greeted_ && news.epoch == epoch_ && seq < last_;
      auto const other = greeted_ && news.epoch != epoch_;
      if (greeted_) closed.add({zone_, from_, last_, heard_});
      greeted_ = true;
      epoch_ = news.epoch;
      from_ = last_ = covered_ = seq;
      heard_ = 0;
      return other ? finding::other_epoch : back ? finding::out_of_order : finding::fine;
    }
    case news_kind::continuation:
      if (news.epoch != epoch_) return finding::other_epoch;
      return seq == covered_ ? finding::fine : seq < covered_ ? finding::out_of_order : finding::hole;
    case news_kind::alert: {
      if (news.epoch != epoch_) return finding::other_epoch;
      if (seq <= covered_) return finding::out_of_order;
      auto const hole = news.previous_in_zone > last_;
      ++heard_;
      last_ = covered_ = seq;
      return hole ? finding::hole : finding::fine;
    }
    case news_kind::heartbeat:
      covered_ = std::max(covered_, seq);
      return finding::fine;
    default:
      return finding::fine;
  }
}

}  // namespace siren::fanout
