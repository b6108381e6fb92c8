#pragma once

#include <memory>
#include <optional>
#include <string>

#include <grpcpp/grpcpp.h>

#include "common/access/local_issuer.h"
#include "common/city_bundle/city_bundle.h"
#include "common/pg_store.h"
#include "core/zone/zone_map.h"
#include "operators_bench/options.h"
#include "rig/instance.h"

namespace siren::operators {

/// A whole Siren of the exercise world on this machine, durable, whose alarm orders need a token of the local issuer.
class duty_room {
 public:
  [[nodiscard]] static result<std::unique_ptr<duty_room>> start(bench_options const& options);
  ~duty_room();

  [[nodiscard]] instance& siren() { return *siren_; }
  [[nodiscard]] city_bundle const& city() const { return *city_; }
  [[nodiscard]] zone_map const& zones() const { return *zones_; }
  /// Leaf zones of the city.
  [[nodiscard]] std::vector<zone_id> leaves() const;
  /// A person's token for the city; `ago`: given so long ago, for an hour.
  [[nodiscard]] std::string token(std::string const& person, std::string const& role, seconds ago = seconds{0}) const;
  /// One number of the database. Failure: it does not answer.
  [[nodiscard]] result<std::int64_t> number(std::string const& sql);

 private:
  std::string folder_;
  std::unique_ptr<city_bundle> city_;
  std::unique_ptr<zone_map> zones_;
  std::optional<local_issuer> issuer_;
  std::unique_ptr<instance> siren_;
  std::unique_ptr<pg_store> store_;
};

}  // namespace siren::operators
