#pragma once

#include "common/pg_store.h"
#include "shelter_registry/ports.h"

namespace siren {

/// Shelters in PostgreSQL (migration 0004 and those that follow it). Locks are taken in one order, imports → shelter
/// rows or the conditions' row → the head of change numbers, and only an import holds more than one row: no two
/// mutations can wait for each other.
class pg_shelter_store final : public shelter_store {
 public:
  /// `store` must outlive this.
  explicit pg_shelter_store(pg_store& store) : store_{store} {}

  result<shelter> get(shelter_id const& id) override;
  result<shelter_page> list(std::variant<by_id, by_change> const& from, std::size_t at_most) override;
  result<mutation_outcome> mutate(shelter_mutation const& what, utc_time now) override;
  result<import_outcome> put_all(std::vector<shelter> const& records, utc_time now, bool dry_run) override;
  result<counts_outcome> add_counts(std::vector<count_delta> const& deltas, utc_time now) override;
  result<occupancy_history> history(shelter_id const& which, utc_time since, std::size_t at_most) override;
  result<mutation_outcome> add_sign(shelter_id const& which, open_sign const& sign, utc_time now) override;
  result<std::optional<std::uint64_t>> judge_again(utc_time now) override;
  result<ground_conditions> conditions() override;
  result<conditions_outcome> set_conditions(conditions_mutation const& what, utc_time now) override;

  /// The newest change number: one row, constant work.
  [[nodiscard]] result<std::uint64_t> head();
  /// Drops what is remembered of requests made longer ago; at most 10,000 at a time. Returns how many.
  [[nodiscard]] result<std::size_t> forget_requests(hours older_than);
  /// Makes the history's partitions for today and tomorrow and drops those older than `days`.
  [[nodiscard]] result<void> keep_history(utc_time now, int days);

 private:
  pg_store& store_;
};

}  // namespace siren
