#include "core/zone/source_trust.h"

#include <gtest/gtest.h>

namespace siren {
namespace {

std::vector<source_id> named(std::vector<std::string> const& names) {
  std::vector<source_id> ids;
  for (auto const& name : names) ids.emplace_back(name);
  return ids;
}

trust_book const kKnown{{source_id{"radar"}, source_trust::trusted},
                        {source_id{"mic_1"}, source_trust::counts},
                        {source_id{"mic_2"}, source_trust::counts},
                        {source_id{"olena"}, source_trust::informs},
                        {source_id{"petro"}, source_trust::informs}};

TEST(source_trust, who_is_enough) {
  struct row {
    std::vector<std::string> sources;
    bool enough;
  };
  for (auto const& [sources, enough] :
       {row{{}, false}, row{{"radar"}, true}, row{{"mic_1"}, false}, row{{"mic_1", "mic_1"}, false},
        row{{"mic_1", "mic_2"}, true}, row{{"olena", "petro"}, false}, row{{"olena", "mic_1"}, false},
        row{{"unheard_of"}, false}, row{{"unheard_of", "mic_1"}, true}}) {
    EXPECT_EQ(backing_of(named(sources), kKnown, {}).enough, enough)
        << sources.size() << (sources.empty() ? "" : sources[0]);
  }
}

TEST(source_trust, two_objects_of_two_sources_back_each_other) {
  trust_policy const policy;
  auto both = backing_of(named({"mic_1"}), kKnown, policy);
  both.add(backing_of(named({"mic_1"}), kKnown, policy), policy);
  EXPECT_FALSE(both.enough) << "the same source twice";
  both.add(backing_of(named({"olena"}), kKnown, policy), policy);
  EXPECT_FALSE(both.enough) << "a volunteer adds nothing";
  both.add(backing_of(named({"mic_2"}), kKnown, policy), policy);
  EXPECT_TRUE(both.enough);
}

TEST(source_trust, the_number_needed_is_the_policys) {
  trust_policy const three{.unlisted = source_trust::counts, .independent = 3};
  EXPECT_FALSE(backing_of(named({"mic_1", "mic_2"}), kKnown, three).enough);
  EXPECT_TRUE(backing_of(named({"mic_1", "mic_2", "mic_3"}), kKnown, three).enough);
}

}  // namespace
}  // namespace siren
