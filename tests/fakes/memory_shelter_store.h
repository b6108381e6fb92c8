#pragma once

#include <algorithm>
#include <map>
#include <mutex>

#include "shelter_registry/import_plan.h"

namespace siren {

/// The port's contract in memory, one lock around everything. `break_down` makes every call fail until `recover`.
class memory_shelter_store final : public shelter_store {
 public:
  void break_down() { set_broken(true); }
  void recover() { set_broken(false); }

  result<shelter> get(shelter_id const& id) override {
    std::lock_guard const lock{mutex_};
    if (broken_) return away();
    auto const found = rows_.find(id);
    if (found == rows_.end()) return failure{reason::unknown_shelter, "no shelter " + id.value};
    return found->second.record;
  }

  result<shelter_page> list(std::variant<by_id, by_change> const& from, std::size_t at_most) override {
    std::lock_guard const lock{mutex_};
    if (broken_) return away();
    auto const is_after = [&](shelter_id const& id, row const& r) {
      auto const* ids = std::get_if<by_id>(&from);
      return ids != nullptr ? id > ids->after : r.change > std::get<by_change>(from).after;
    };
    std::vector<row const*> wanted;
    for (auto const& [id, r] : rows_)
      if (is_after(id, r)) wanted.push_back(&r);
    if (std::holds_alternative<by_change>(from))
      std::sort(wanted.begin(), wanted.end(), [](auto const* a, auto const* b) { return a->change < b->change; });
    shelter_page page;
    page.head = head_;
    page.last = wanted.size() <= at_most;
    wanted.resize(std::min(wanted.size(), at_most));
    for (auto const* r : wanted) page.shelters.push_back(r->record);
    if (!wanted.empty()) page.last_change = wanted.back()->change;
    return page;
  }

  result<mutation_outcome> mutate(shelter_mutation const& what, utc_time now) override {
    std::lock_guard const lock{mutex_};
    if (broken_) return away();
    auto const found = rows_.find(what.which);
    if (found == rows_.end()) return failure{reason::unknown_shelter, "no shelter " + what.which.value};
    if (condition_requests_.contains(what.request_id))
      return failure{reason::request_id_reused, "the request id was used for something else"};
    if (auto const before = requests_.find(what.request_id); before != requests_.end()) {
      auto const& [asked, answer] = before->second;
      if (asked != what.asked || answer.id != what.which)
        return failure{reason::request_id_reused, "the request id was used for something else"};
      return mutation_outcome{answer, std::nullopt, std::nullopt};
    }
    auto& current = found->second.record;
    auto const next = change(current, what.edit, now);
    if (!next) return mutation_outcome{current, next.error(), std::nullopt};
    mutation_outcome outcome{*next, std::nullopt, std::nullopt};
    if (std::holds_alternative<set_occupancy>(what.edit.what)) sums_.erase(what.which);
    if (next->occupancy != current.occupancy) remember(what.which, next->occupancy, now);
    if (next->revision != current.revision) outcome.change = keep(*next);
    requests_[what.request_id] = {what.asked, *next};
    return outcome;
  }

  result<import_outcome> put_all(std::vector<shelter> const& records, utc_time now, bool dry_run) override {
    std::lock_guard const lock{mutex_};
    if (broken_) return away();
    std::map<shelter_id, shelter> current;
    for (auto const& [id, r] : rows_) current[id] = r.record;
    auto plan = plan_import(records, current, now);
    if (dry_run) return plan.outcome;
    for (auto const& record : plan.writes) plan.outcome.change = keep(record);
    return plan.outcome;
  }

  result<counts_outcome> add_counts(std::vector<count_delta> const& deltas, utc_time now) override {
    std::lock_guard const lock{mutex_};
    if (broken_) return away();
    count_book book{{}, sensors_};
    for (auto const& [id, r] : rows_)
      book.sums[id] = sums_.contains(id) ? sums_.at(id) : std::int64_t{r.record.occupancy};
    auto const before = book;
    counts_outcome outcome;
    outcome.tally = apply(book, deltas);
    sensors_ = book.sensors;
    for (auto const& [id, sum] : book.sums) {
      if (sum == before.sums.at(id)) continue;
      sums_[id] = sum;
      auto record = rows_.at(id).record;
      auto const shown = people_shown(sum, record.capacity);
      if (shown == record.occupancy) continue;
      record.occupancy = shown;
      outcome.change = keep(record);
      remember(id, shown, now);
    }
    for (auto const& delta : deltas)
      if (auto const known = sensors_.find(delta.sensor); known != sensors_.end())
        outcome.positions[delta.sensor] = known->second;
    return outcome;
  }

  result<occupancy_history> history(shelter_id const& which, utc_time since, std::size_t at_most) override {
    std::lock_guard const lock{mutex_};
    if (broken_) return away();
    auto const found = rows_.find(which);
    if (found == rows_.end()) return failure{reason::unknown_shelter, "no shelter " + which.value};
    occupancy_history told{found->second.record, {}};
    for (auto const& [at, people] : points_[which])
      if (at >= since) told.points.push_back({at, people});
    if (told.points.size() > at_most)
      told.points.erase(told.points.begin(), told.points.end() - static_cast<std::ptrdiff_t>(at_most));
    return told;
  }

  result<mutation_outcome> add_sign(shelter_id const& which, open_sign const& sign, utc_time now) override {
    std::lock_guard const lock{mutex_};
    if (broken_) return away();
    auto const found = rows_.find(which);
    if (found == rows_.end()) return failure{reason::unknown_shelter, "no shelter " + which.value};
    auto& kept = signs_[which][{sign.kind, sign.source}];
    if (kept.at <= sign.at) kept = sign;
    auto const change = judge(which, now);
    return mutation_outcome{found->second.record, std::nullopt, change};
  }

  result<std::optional<std::uint64_t>> judge_again(utc_time now) override {
    std::lock_guard const lock{mutex_};
    if (broken_) return away();
    std::optional<std::uint64_t> newest;
    for (auto const& [id, signs] : signs_)
      if (auto const change = judge(id, now)) newest = change;
    return newest;
  }

  result<ground_conditions> conditions() override {
    std::lock_guard const lock{mutex_};
    if (broken_) return away();
    return conditions_;
  }

  result<conditions_outcome> set_conditions(conditions_mutation const& what, utc_time now) override {
    std::lock_guard const lock{mutex_};
    if (broken_) return away();
    failure const reused{reason::request_id_reused, "the request id was used for something else"};
    if (requests_.contains(what.request_id)) return reused;
    if (auto const before = condition_requests_.find(what.request_id); before != condition_requests_.end()) {
      if (before->second.first != what.asked) return reused;
      return conditions_outcome{before->second.second, std::nullopt, std::nullopt};
    }
    auto const next = change(conditions_, what.edit, now);
    if (!next) return conditions_outcome{conditions_, next.error(), std::nullopt};
    conditions_outcome outcome{*next, std::nullopt, std::nullopt};
    if (next->revision != conditions_.revision) outcome.change = ++head_;
    conditions_ = *next;
    condition_requests_[what.request_id] = {what.asked, *next};
    return outcome;
  }

 private:
  struct row {
    shelter record;
    std::uint64_t change = 0;
  };
  struct request {
    std::string asked;
    shelter answer;
  };

  std::uint64_t keep(shelter const& record) {
    rows_[record.id] = {record, ++head_};
    return head_;
  }
  void remember(shelter_id const& id, std::uint32_t people, utc_time now) {
    auto const since_epoch = now.time_since_epoch();
    points_[id][utc_time{since_epoch - since_epoch % seconds{10}}] = people;
  }
  std::optional<std::uint64_t> judge(shelter_id const& id, utc_time now) {
    auto record = rows_.at(id).record;
    std::vector<open_sign> all;
    for (auto const& [source, sign] : signs_[id]) all.push_back(sign);
    auto const sure = confidence_of(record.verified_at, all, now);
    if (sure == record.confidence) return std::nullopt;
    record.confidence = sure;
    return keep(record);
  }
  void set_broken(bool broken) {
    std::lock_guard const lock{mutex_};
    broken_ = broken;
  }
  static failure away() { return {reason::store_unavailable, "the store does not answer"}; }

  std::mutex mutex_;
  bool broken_ = false;
  std::uint64_t head_ = 0;
  std::map<shelter_id, row> rows_;
  std::map<std::string, request> requests_;
  std::map<shelter_id, std::int64_t> sums_;
  std::map<std::string, sensor_place> sensors_;
  std::map<shelter_id, std::map<utc_time, std::uint32_t>> points_;
  std::map<shelter_id, std::map<std::pair<sign_kind, std::string>, open_sign>> signs_;
  ground_conditions conditions_;
  std::map<std::string, std::pair<std::string, ground_conditions>> condition_requests_;
};

}  // namespace siren
