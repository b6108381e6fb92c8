#include "core/alert/wording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace siren {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr utc_time kNow{seconds{1'769'200'000}};

zone podil() {
  zone z;
  z.id = zone_id{"podil"};
  z.name_uk = "Подільський район";
  z.name_en = "Podilskyi district";
  return z;
}

alert with(stage level, std::vector<threat> threats) {
  alert a;
  a.zone = zone_id{"podil"};
  a.level = level;
  a.threats = std::move(threats);
  return a;
}

threat drone(seconds earliest, seconds latest) {
  threat t;
  t.kind = threat_class::drone;
  t.issuer_name = "siren";
  t.from = octant::north_east;
  t.arrival = arrival_interval{kNow + earliest, kNow + (earliest + latest) / 2, kNow + latest};
  return t;
}
threat official(alarm_type type) {
  threat t;
  t.by = issuer::official;
  t.issuer_name = "air_force";
  t.alarm = type;
  return t;
}

alert_text said(alert const& a, language l, world w = world::live) {
  return words_of(a, podil(), l, w, kNow);
}

TEST(wording, what_where_when_and_who) {
  auto const a = with(stage::go, {drone(seconds{12 * 60 + 50}, seconds{19 * 60 + 10}), official(alarm_type::air)});
  auto const en = said(a, language::en);
  EXPECT_EQ(en.headline, "Go to a shelter: Podilskyi district");
  EXPECT_EQ(en.body,
            "Attack drone from the north-east, in 12-20 min (Siren's own analysis). Air raid alarm (Air Force).");
  auto const uk = said(a, language::uk);
  EXPECT_EQ(uk.headline, "Ідіть в укриття: Подільський район");
  EXPECT_EQ(uk.body,
            "Ударний дрон з північного сходу, за 12-20 хв (аналіз Siren). Повітряна тривога (Повітряні сили).");
}

TEST(wording, each_stage_has_its_imperative) {
  EXPECT_EQ(words_of(stage::prepare, language::en), "Get ready to go to a shelter");
  EXPECT_EQ(words_of(stage::go, language::en), "Go to a shelter");
  EXPECT_EQ(words_of(stage::take_cover, language::en), "Take cover now");
  EXPECT_EQ(words_of(stage::all_clear, language::en), "All clear");
  EXPECT_EQ(words_of(stage::prepare, language::uk), "Приготуйтеся йти в укриття");
  EXPECT_EQ(words_of(stage::go, language::uk), "Ідіть в укриття");
  EXPECT_EQ(words_of(stage::take_cover, language::uk), "Укрийтеся негайно");
  EXPECT_EQ(words_of(stage::all_clear, language::uk), "Відбій");
}

TEST(wording, a_window_that_has_begun_is_now) {
  EXPECT_THAT(said(with(stage::take_cover, {drone(seconds{-60}, seconds{200})}), language::en).body,
              HasSubstr("may be here now or within 4 min"));
  EXPECT_THAT(said(with(stage::take_cover, {drone(seconds{-600}, seconds{-60})}), language::uk).body,
              HasSubstr("може бути тут уже зараз або за 1 хв"));
}

// Promise "drill is another world", in words: nobody may read a drill's alert as a real one.
TEST(wording, an_exercise_says_so_first_everywhere) {
  for (auto const level : {stage::all_clear, stage::prepare, stage::go, stage::take_cover}) {
    auto const a =
        with(level, level == stage::all_clear ? std::vector<threat>{} : std::vector{official(alarm_type::air)});
    EXPECT_THAT(said(a, language::en, world::exercise).headline, StartsWith("EXERCISE. "));
    EXPECT_THAT(said(a, language::en, world::exercise).body, StartsWith("EXERCISE. "));
    EXPECT_THAT(said(a, language::uk, world::exercise).headline, StartsWith("НАВЧАННЯ. "));
    EXPECT_THAT(said(a, language::uk, world::exercise).body, StartsWith("НАВЧАННЯ. "));
    EXPECT_THAT(said(a, language::en).headline, Not(HasSubstr("EXERCISE")));
    EXPECT_THAT(said(a, language::uk).body, Not(HasSubstr("НАВЧАННЯ")));
  }
}

TEST(wording, two_walls_are_less_dangerous_never_safe) {
  auto const a = with(stage::take_cover, {drone(seconds{0}, seconds{200})});
  EXPECT_THAT(said(a, language::en).body, HasSubstr("less dangerous"));
  EXPECT_THAT(said(a, language::en).body, Not(HasSubstr("safe")));
  EXPECT_THAT(said(a, language::uk).body, HasSubstr("менш небезпечні"));
  EXPECT_THAT(said(a, language::uk).body, Not(HasSubstr("безпечно")));
  EXPECT_THAT(said(with(stage::go, {drone(seconds{900}, seconds{1200})}), language::en).body, Not(HasSubstr("walls")));
}

TEST(wording, every_alert_names_an_issuer) {
  threat ordered;
  ordered.by = issuer::city_operator;
  ordered.issuer_name = "city_operator";
  EXPECT_THAT(said(with(stage::go, {ordered}), language::en).body, HasSubstr("(city operator)"));
  auto unheard_of = official(alarm_type::air);
  unheard_of.issuer_name = "rescue_service";
  EXPECT_THAT(said(with(stage::go, {unheard_of}), language::uk).body, HasSubstr("(rescue_service)"));
  EXPECT_THAT(said(with(stage::all_clear, {}), language::en).body, HasSubstr("(Siren)"));
}

TEST(wording, part_of_a_zone_is_said) {
  auto a = with(stage::go, {official(alarm_type::air)});
  a.partly = true;
  EXPECT_EQ(said(a, language::en).headline, "Go to a shelter: Podilskyi district (in parts)");
  EXPECT_EQ(said(a, language::uk).headline, "Ідіть в укриття: Подільський район (частково)");
}

TEST(wording, a_message_sends_nobody_anywhere) {
  auto const a = with(stage::prepare, {official(alarm_type::info)});
  EXPECT_EQ(said(a, language::en).headline, "Official message: Podilskyi district");
  EXPECT_EQ(said(a, language::uk).headline, "Офіційне повідомлення: Подільський район");
}

TEST(wording, what_a_hold_keeps_is_told_as_such) {
  threat held;
  held.kind = threat_class::drone;
  held.issuer_name = "siren";
  EXPECT_EQ(said(with(stage::prepare, {held}), language::en).body,
            "Attack drone: not seen coming now, wait for the all-clear (Siren's own analysis).");
}

TEST(wording, debris_of_a_kh22_is_toxic) {
  auto t = drone(seconds{60}, seconds{120});
  t.kind = threat_class::supersonic_missile;
  EXPECT_THAT(said(with(stage::take_cover, {t}), language::en).body, HasSubstr("toxic"));
}

TEST(wording, an_instruction_holds_for_everybody_and_a_drill_says_so_first) {
  auto const cover = with(stage::take_cover, {official(alarm_type::air)});
  EXPECT_THAT(instruction_words(cover, language::en, world::live), StartsWith("Take cover now. "));
  EXPECT_THAT(instruction_words(cover, language::en, world::live), HasSubstr("less dangerous"));
  EXPECT_THAT(instruction_words(cover, language::en, world::live), Not(HasSubstr("guidance")));
  EXPECT_THAT(instruction_words(cover, language::en, world::exercise), StartsWith("EXERCISE. Take cover now. "));
  EXPECT_THAT(instruction_words(cover, language::uk, world::exercise), StartsWith("НАВЧАННЯ. Укрийтеся негайно. "));
  EXPECT_EQ(instruction_words(with(stage::all_clear, {}), language::en, world::live), "Keep away from debris.");
  EXPECT_EQ(instruction_words(with(stage::prepare, {official(alarm_type::info)}), language::en, world::live),
            "Do what the issuer of this message says.");
}

TEST(wording, the_event_is_the_official_alarm_that_sounds_else_an_air_threat) {
  auto const own = drone(seconds{60}, seconds{120});
  auto const said_of = [](std::vector<threat> threats) {
    return std::string{event_words(with(stage::go, std::move(threats)), language::en)};
  };
  EXPECT_EQ(said_of({own, official(alarm_type::info), official(alarm_type::chemical)}), "Chemical alarm");
  EXPECT_EQ(said_of({own, official(alarm_type::info)}), "Air threat");
  EXPECT_EQ(said_of({official(alarm_type::info)}), "Official message");
  EXPECT_EQ(said_of({}), "Air threat");
}

TEST(wording, a_situation_is_the_body_without_what_to_do) {
  auto const a = with(stage::take_cover, {official(alarm_type::air)});
  EXPECT_EQ(situation_words(a, language::en, world::exercise, kNow), "EXERCISE. Air raid alarm (Air Force).");
  EXPECT_THAT(said(a, language::en, world::exercise).body,
              StartsWith("EXERCISE. Air raid alarm (Air Force). Go to a shelter only if"));
}

TEST(wording, a_launch_says_that_nobody_knows_where_it_comes_down) {
  auto launch = drone(seconds{130}, seconds{600});
  launch.kind = threat_class::ballistic_missile;
  launch.why = cause::launched;
  auto const a = with(stage::take_cover, {launch});
  EXPECT_THAT(said(a, language::en).body,
              StartsWith("Ballistic missile, launched from the north-east, in 2-10 min, where it will come down is not "
                         "known (Siren's own analysis)."));
  EXPECT_THAT(said(a, language::uk).body,
              StartsWith("Балістична ракета, пуск з північного сходу, за 2-10 хв, де впаде, невідомо (аналіз Siren)."));
}

TEST(wording, a_carriers_take_off_is_named) {
  auto const a = with(stage::prepare, {official(alarm_type::carrier)});
  EXPECT_EQ(said(a, language::en).body, "Take-off of a Kinzhal missile carrier (Air Force).");
  EXPECT_EQ(said(a, language::uk).headline, "Приготуйтеся йти в укриття: Подільський район");
  EXPECT_FALSE(only_message(a)) << "it sounds";
}

// An "all clear" for a zone that was only renamed would send people out of their shelters.
TEST(wording, a_zone_that_is_no_more_is_not_called_clear) {
  zone heir = podil();
  heir.name_uk = "Верхнє місто";
  heir.name_en = "Upper town";
  auto const moved = words_of_gone(podil(), {heir, heir}, language::en, world::live);
  EXPECT_EQ(moved.headline, "Zones have changed: Podilskyi district");
  EXPECT_EQ(moved.body, "In its place there are now: Upper town, Upper town. Alarms go on there.");
  for (auto const l : {language::en, language::uk}) {
    auto const gone = words_of_gone(podil(), {}, l, world::exercise);
    EXPECT_THAT(gone.headline, StartsWith(l == language::en ? "EXERCISE. " : "НАВЧАННЯ. "));
    EXPECT_THAT(gone.headline, Not(HasSubstr(std::string{words_of(stage::all_clear, l)})));
    EXPECT_THAT(gone.body, HasSubstr(l == language::en ? "is no more" : "більше немає"));
  }
}

}  // namespace
}  // namespace siren
