#include "core/zone/sighting.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace siren {
namespace {

TEST(sighting_book, keeps_what_a_map_would) {
  std::mt19937_64 dice{1};
  sighting_book book;
  std::map<track_id, threat_class> plain;
  for (int i = 0; i < 5'000; ++i) {
    track_id const id{dice() % 200};
    if (dice() % 3 == 0) {
      book.erase(id);
      plain.erase(id);
    } else {
      auto const kind = static_cast<threat_class>(dice() % kThreatClasses);
      auto const [seen, made] = book.take(id);
      EXPECT_EQ(made, !plain.contains(id));
      seen.kind = plain[id] = kind;
    }
    ASSERT_EQ(book.size(), plain.size());
    ASSERT_EQ(book.empty(), plain.empty());
  }
  std::size_t at = 0;
  for (auto const& [id, kind] : plain) {
    EXPECT_EQ(book.ids()[at], id);
    EXPECT_EQ(book.all()[at].kind, kind);
    EXPECT_EQ(book.find(id), &book.all()[at]);
    ++at;
  }
  EXPECT_EQ(book.find(track_id{1'000}), nullptr);
}

}  // namespace
}  // namespace siren
