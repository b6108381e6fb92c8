#pragma once

#include "common/pg_store.h"
#include "shelter_registry/ports.h"

namespace siren {

/// Shelters in PostgreSQL (migration 0004). Locks are taken in one order, imports → shelter rows or the conditions' row
/// → the head of change numbers, and only an import holds more than one row: no two mutations can wait for each other.
class pg_shelter_store final : public shelter_store {
 public:
  /// `store` must outlive this.
  explicit pg_shelter_store(pg_store& store) : store_{store} {}

  result<shelter> get(shelter_id const& id) override;
  result<shelter_page> list(std::variant<by_id, by_change> const& from, std::size_t at_most) override;
  result<mutation_outcome> mutate(shelter_mutation const& what, utc_time now) override;
  result<import_outcome> put_all(std::vector<shelter> const& records, utc_time now, bool dry_run) override;
  result<ground_conditions> conditions() override;
  result<conditions_outcome> set_conditions(conditions_mutation const& what, utc_time now) override;

  /// The newest change number: one row, constant work.
  [[nodiscard]] result<std::uint64_t> head();
  /// Drops what is remembered of requests made longer ago; at most 10,000 at a time. Returns how many.
  [[nodiscard]] result<std::size_t> forget_requests(hours older_than);

 private:
  pg_store& store_;
};

}  // namespace siren
