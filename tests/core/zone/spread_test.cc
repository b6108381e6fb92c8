#include "core/zone/spread.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace siren {
namespace {

using ring = std::vector<plane_point>;

std::vector<outline::edge> border_of(ring const& r) {
  std::vector<outline::edge> edges;
  for (std::size_t i = 0; i < r.size(); ++i) edges.push_back({r[i], r[(i + 1) % r.size()]});
  return edges;
}

ring disc(double east, double north, double radius) {
  ring r;
  for (int i = 0; i < 720; ++i) {
    auto const a = i * std::numbers::pi / 360;
    r.push_back({meters{east + radius * std::cos(a)}, meters{north + radius * std::sin(a)}});
  }
  return r;
}

ring box(double west, double south, double east, double north) {
  return {{meters{west}, meters{south}},
          {meters{east}, meters{south}},
          {meters{east}, meters{north}},
          {meters{west}, meters{north}}};
}

position_spread spread(double e, double n, double ee, double en, double nn) {
  return {{meters{e}, meters{n}}, square_meters{ee}, square_meters{en}, square_meters{nn}};
}

// Closed forms: 1 - exp(-r²/2σ²) for a centred disc; products of normal integrals for boxes.
TEST(chance_inside, closed_forms) {
  EXPECT_NEAR(chance_inside(spread(0, 0, 1e6, 0, 1e6), border_of(disc(0, 0, 1000))).value, 0.3934693, 1e-3);
  EXPECT_NEAR(chance_inside(spread(0, 0, 1e6, 0, 1e6), border_of(box(-1000, -1000, 1000, 1000))).value, 0.4660649,
              1e-3);
  EXPECT_NEAR(chance_inside(spread(0, 0, 0, 0, 0), border_of(box(-1000, -1000, 1000, 1000))).value, 1.0, 1e-6);
  EXPECT_EQ(chance_inside(spread(99'000, 0, 1e6, 0, 1e6), border_of(disc(0, 0, 1000))).value, 0.0);
}

TEST(chance_inside, a_hole_takes_its_share_off) {
  auto whole = border_of(box(-2000, -2000, 2000, 2000));
  auto const hole = border_of(box(-1000, -1000, 1000, 1000));
  whole.insert(whole.end(), hole.begin(), hole.end());
  EXPECT_NEAR(chance_inside(spread(0, 0, 1e6, 0, 1e6), whole).value, 0.9110697 - 0.4660649, 1e-3);
}

/// All numbers of one named list of the reference file, record after record. Its layout is plain: names and numbers
/// only.
std::vector<double> numbers_of(std::string const& text, std::string const& list) {
  auto const from = text.find("\"" + list + "\"");
  if (from == std::string::npos) return {};
  auto const to = text.find("],\n \"", from);
  std::vector<double> found;
  std::istringstream in{text.substr(text.find('[', from), to - from)};
  for (char c; in.get(c);) {
    if (c == '-' || (c >= '0' && c <= '9')) {
      in.unget();
      double number = 0;
      in >> number;
      found.push_back(number);
    } else if (c == '"') {
      while (in.get(c) && c != '"') {
      }
    }
  }
  return found;
}

TEST(chance_inside, agrees_with_the_reference_numbers) {
  auto const path = std::filesystem::path{SIREN_SOURCE_DIR} / "tests/references/zone_probability.json";
  std::ifstream in{path};
  ASSERT_TRUE(in) << path;
  std::stringstream all;
  all << in.rdbuf();
  auto const text = all.str();

  auto const round = numbers_of(text, "isotropic_disc");  // mean 2, sigma, centre 2, radius, p
  ASSERT_EQ(round.size() % 7, 0U);
  ASSERT_FALSE(round.empty());
  for (auto n = round.begin(); n != round.end(); n += 7) {
    auto const p = chance_inside(spread(n[0], n[1], n[2] * n[2], 0, n[2] * n[2]), border_of(disc(n[3], n[4], n[5])));
    EXPECT_NEAR(p.value, n[6], 1e-3);
  }
  auto const skewed = numbers_of(text, "anisotropic_disc");  // mean 2, cov 4, centre 2, radius, p
  ASSERT_EQ(skewed.size() % 10, 0U);
  ASSERT_FALSE(skewed.empty());
  for (auto n = skewed.begin(); n != skewed.end(); n += 10) {
    auto const p = chance_inside(spread(n[0], n[1], n[2], n[3], n[5]), border_of(disc(n[6], n[7], n[8])));
    EXPECT_NEAR(p.value, n[9], 1e-3);
  }
  auto const boxes =
      numbers_of(text.substr(0, text.find("\"generator\"")), "axis_aligned_box");  // mean 2, sd 2, box 4, p
  ASSERT_EQ(boxes.size() % 9, 0U);
  ASSERT_FALSE(boxes.empty());
  for (auto n = boxes.begin(); n != boxes.end(); n += 9) {
    auto const p =
        chance_inside(spread(n[0], n[1], n[2] * n[2], 0, n[3] * n[3]), border_of(box(n[4], n[5], n[6], n[7])));
    EXPECT_NEAR(p.value, n[8], 1e-3);
  }
}

}  // namespace
}  // namespace siren
