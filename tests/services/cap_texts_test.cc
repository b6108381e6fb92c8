// Whatever texts and numbers an alert bears, its document is valid by the schema of OASIS.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "common/cap/xml_text.h"
#include "services/cap_world.h"

namespace siren {
namespace {

class dice {
 public:
  explicit dice(std::uint64_t seed) : bits_{seed} {}
  std::uint64_t below(std::uint64_t n) { return bits_() % n; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

  /// Letters, markup, control characters, broken UTF-8, surrogates and non-characters.
  std::string text(std::size_t most) {
    static std::vector<std::string> const pieces{"a",
                                                 "Я",
                                                 " ",
                                                 "<",
                                                 ">",
                                                 "&",
                                                 "&amp;",
                                                 "]]>",
                                                 "<!--",
                                                 "-->",
                                                 "\"",
                                                 "'",
                                                 ",",
                                                 "\t",
                                                 "\n",
                                                 "\r\n",
                                                 "\xE2\x80\xA8",
                                                 "\xEF\xBF\xBE",
                                                 "\xEF\xBF\xBF",
                                                 "\x7F",
                                                 "\x01",
                                                 "\x1B",
                                                 "\xC2\x85",
                                                 "\xED\xA0\x80",
                                                 "\xC0\x80",
                                                 "\xF4\x90\x80\x80",
                                                 "\xFF",
                                                 "\xD0",
                                                 "\xEF\xB7\x90",
                                                 "🚨",
                                                 "%s",
                                                 "${x}",
                                                 "<?xml?>",
                                                 "<![CDATA[",
                                                 "&#0;",
                                                 "&#x1F;",
                                                 "їґє’ʼ",
                                                 "\xF0\x9F"};
    std::string made;
    for (auto left = below(most); left > 0; --left) {
      made += one_in(9) ? std::string(1, static_cast<char>(below(256))) : pieces[below(pieces.size())];
    }
    return made;
  }

 private:
  std::mt19937_64 bits_;
};

threat any_threat(dice& random, utc_time around) {
  threat t;
  t.by = static_cast<issuer>(1 + random.below(3));
  t.issuer_name = random.one_in(3) ? "air_force" : random.text(20);
  t.kind = static_cast<threat_class>(random.below(kThreatClasses));
  t.alarm = static_cast<alarm_type>(random.below(7));
  t.asks = static_cast<stage>(2 + random.below(3));
  t.from = static_cast<octant>(random.below(9));
  t.entering = probability{static_cast<double>(random.below(1'001)) / 1'000};
  if (random.one_in(2)) {
    auto const first = around + seconds{random.below(20'000)} - hours{2};
    t.arrival = arrival_interval{first, first + seconds{random.below(900)}, first + seconds{900 + random.below(9'000)}};
  }
  return t;
}

alert any_alert(dice& random, std::string const& id, std::uint32_t rev, utc_time changed) {
  alert a;
  a.id = alert_id{id};
  a.rev = rev;
  a.zone = zone_id{random.one_in(4) ? random.text(10) : "31"};
  a.level = static_cast<stage>(1 + random.below(4));
  a.partly = random.one_in(5);
  a.raised_at = changed - seconds{random.below(1'000'000)};
  a.changed_at = changed + microseconds{random.below(1'000'000)};
  if (!a.ended())
    for (auto left = random.below(9); left > 0; --left) a.threats.push_back(any_threat(random, changed));
  return a;
}

zone any_zone(dice& random) {
  zone place;
  place.id = zone_id{random.one_in(3) ? random.text(12) : "31"};
  place.name_uk = random.text(30);
  place.name_en = random.text(30);
  auto const south = static_cast<double>(random.below(80'000)) / 1'000 - 40;
  auto const west = static_cast<double>(random.below(340'000)) / 1'000 - 170;
  for (auto parts = random.below(3); parts > 0; --parts) {
    polygon part;
    auto const shift = static_cast<double>(parts);
    part.outer = {{degrees{south + shift}, degrees{west}},
                  {degrees{south + shift}, degrees{west + 0.7}},
                  {degrees{south + shift + 0.7}, degrees{west + 0.3}}};
    place.shape.push_back(part);
  }
  return place;
}

TEST(cap_texts, five_thousand_random_alerts_are_all_valid) {
  test::cap_schema const schema;
  dice random{20'260'124};
  std::set<std::string> kinds;
  for (int i = 0; i < 5'000; ++i) {
    auto const id = random.one_in(3) ? random.text(15) + "@1" : "31@1769212800000";
    auto const serves = random.one_in(2) ? world::live : world::exercise;
    cap_subject subject{{}, serves, {}};
    utc_time when{seconds{1'500'000'000 + random.below(600'000'000)}};
    std::uint32_t rev = 0;
    for (auto left = random.below(6); left > 0; --left) {
      subject.earlier.push_back(any_alert(random, id, ++rev, when));
      when += seconds{1 + random.below(200'000)};
    }
    subject.now = any_alert(random, id, ++rev, when);
    auto by = test::sender(serves);
    by.name_uk = "Я" + random.text(20);
    auto const place = any_zone(random);
    auto const renewal = static_cast<std::uint32_t>(random.below(3));
    auto const made = cap_document(subject, renewal, place, cap_area_of(place, {random.text(5), random.text(5)}), by);
    ASSERT_TRUE(made) << made.error().message;
    ASSERT_EQ(schema.fault_of(*made), "") << "alert " << i << "\n" << *made;
    auto const type = made->find("<msgType>") + 9;
    kinds.insert(made->substr(type, made->find('<', type) - type));
    ASSERT_EQ(made->find(serves == world::live ? "<status>Exercise" : "<status>Actual"), std::string::npos);
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"Alert", "Cancel", "Update"}));
}

TEST(cap_texts, the_schema_in_the_test_refuses_what_is_wrong) {
  test::cap_schema const schema;
  auto const place = test::kyiv();
  auto const good =
      cap_document({test::revision(1, stage::go, "2026-01-24T00:00:00Z", {test::air_alarm()}), world::live, {}}, 0,
                   place, cap_area_of(place, {}), test::sender(world::live));
  ASSERT_TRUE(good);
  EXPECT_EQ(schema.fault_of(*good), "");
  auto const with = [&](std::string const& was, std::string const& is) {
    auto text = *good;
    return text.replace(text.find(was), was.size(), is);
  };
  EXPECT_NE(schema.fault_of(with("<status>Actual", "<status>Real")), "");
  EXPECT_NE(schema.fault_of(with("-00:00</sent>", "Z</sent>")), "");
  EXPECT_NE(schema.fault_of(with("<urgency>Immediate</urgency>", "")), "");
  EXPECT_NE(schema.fault_of(with("Київ", "\x01")), "");
  EXPECT_NE(schema.fault_of(with("</alert>", "")), "");
}

TEST(xml_text, keeps_text_and_replaces_what_xml_can_not_hold) {
  EXPECT_EQ(xml_text("Київ, 5 < 6 & \"7\" 🚨"), "Київ, 5 < 6 & \"7\" 🚨") << "escaping is the writer's";
  EXPECT_EQ(xml_text("a\tb\r\nc"), "a b  c");
  EXPECT_EQ(xml_text(std::string_view{"a\0b", 3}),
            "a\xEF\xBF\xBD"
            "b");
  for (std::string const bad :
       {"\x01", "\x1F", "\x7F", "\xC2\x80", "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xEF\xB7\x90", "\xF0\x9F\xBF\xBE"})
    EXPECT_EQ(xml_text(bad), "\xEF\xBF\xBD") << bad.size();
  EXPECT_EQ(xml_text("\xC0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD") << "overlong";
  EXPECT_EQ(xml_text("\xED\xA0\x80"), "\xEF\xBF\xBD") << "a surrogate";
  EXPECT_EQ(xml_text("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD") << "cut off";
  EXPECT_EQ(xml_text(""), "");
}

}  // namespace
}  // namespace siren
