#include "core/route/guidance_text.h"

#include <algorithm>
#include <cmath>

namespace siren {
namespace {

bool in_uk(guidance_language language) {
  return language == guidance_language::uk;
}

std::string pick(guidance_language language, char const* uk, char const* en) {
  return in_uk(language) ? uk : en;
}

/// Rounded to what people can pace out: 10 m below a kilometre, then 0.1 km.
std::string in_words(meters length, guidance_language language) {
  auto const tens = std::max(10L, std::lround(length.value / 10.0) * 10);
  if (tens < 1000) return std::to_string(tens) + pick(language, " м", " m");
  auto const tenths = std::lround(length.value / 100.0);
  return std::to_string(tenths / 10) + pick(language, ",", ".") + std::to_string(tenths % 10) +
         pick(language, " км", " km");
}

std::string minutes_up(seconds t, guidance_language language) {
  auto const whole = std::max<std::int64_t>(1, (t.count() + 59) / 60);
  return std::to_string(whole) + pick(language, " хв", " min");
}

std::string minutes_down(seconds t, guidance_language language) {
  if (t < seconds{60}) return pick(language, "менше хвилини", "less than a minute");
  return std::to_string(t.count() / 60) + pick(language, " хв", " min");
}

std::string const& street_of(route_step const& step, guidance_language language) {
  bool const latin = !in_uk(language) && !step.street_latin.empty();
  return latin || step.street.empty() ? step.street_latin : step.street;
}

std::string door_name(shelter_goal const& to, guidance_language language) {
  bool const first_uk = in_uk(language) ? !to.name_uk.empty() : to.name_en.empty();
  std::string const& name = first_uk ? to.name_uk : to.name_en;
  return to.door.name.empty() ? name : name + " (" + to.door.name + ")";
}

/// The name stands in the nominative after a colon: street names can't be declined by rule.
std::string along(std::string const& lead, route_step const& step, guidance_language language) {
  auto const& street = street_of(step, language);
  std::string text = lead + in_words(step.length, language);
  if (!street.empty()) text += (in_uk(language) ? ": " : " along ") + street;
  return text + ".";
}

std::string ride_text(route_step const& step, guidance_language language) {
  verify(step.ride.has_value(), "a ride says from where to where");
  bool const uk = in_uk(language);
  auto const& ride = *step.ride;
  auto const& board = uk || ride.board_en.empty() ? ride.board_uk : ride.board_en;
  auto const& alight = uk || ride.alight_en.empty() ? ride.alight_uk : ride.alight_en;
  return pick(language, "Їдьте метро: ", "Take the metro: ") + board + " → " + alight + " (" + ride.line + ")" +
         pick(language, ", з очікуванням близько ", ", with the wait about ") + minutes_up(step.duration, language) +
         pick(language, ". Лишайтеся на станції.", ". Stay at the station.");
}

std::string step_text(route_step const& step, shelter_goal const& to, guidance_language language) {
  auto const say = [&](char const* uk, char const* en) { return along(pick(language, uk, en), step, language); };
  switch (step.turn) {
    case maneuver::depart:
      return say("Ідіть ", "Walk ");
    case maneuver::straight:
      return say("Ідіть прямо ", "Walk straight on ");
    case maneuver::left:
      return say("Поверніть ліворуч і йдіть ", "Turn left and walk ");
    case maneuver::right:
      return say("Поверніть праворуч і йдіть ", "Turn right and walk ");
    case maneuver::u_turn:
      return say("Розверніться і йдіть ", "Turn around and walk ");
    case maneuver::steps:
      return say("Сходами ", "Take the steps ");
    case maneuver::arrive:
      return pick(language, "Вхід: ", "Entrance: ") + door_name(to, language) + ".";
    case maneuver::ride:
      return ride_text(step, language);
  }
  verify(false, "every maneuver has words");
  return {};
}

std::string headline(guidance const& told, shelter_goal const* to, guidance_language language) {
  if (told.verdict == verdict_kind::take_cover || to == nullptr)
    return pick(language, "Укрийтеся там, де ви є", "Take cover where you are");
  if (told.verdict == verdict_kind::go_metro)
    return pick(language, "Ідіть до станції метро: ", "Go to the metro station: ") + door_name(*to, language);
  return pick(language, "Ідіть до укриття: ", "Go to the shelter: ") + door_name(*to, language);
}

std::string cover_advice(guidance_language language) {
  return pick(language, " Станьте за двома стінами, подалі від вікон: це менш небезпечно, ніж бути надворі.",
              " Stay behind two walls, away from windows: it is less dangerous than being outside.");
}

std::string walk_time(guidance const& told, guidance_language language) {
  return pick(language, "Пішки близько ", "About ") + minutes_up(told.way->expected, language) +
         pick(language, ", повільно до ", " on foot, up to ") + minutes_up(told.way->slow_case, language) +
         pick(language, "", " if slow");
}

std::string why(guidance const& told, guidance_language language) {
  switch (told.because) {
    case verdict_reason::in_time:
      return walk_time(told, language) + pick(language, ". Запас: ", ". To spare: ") +
             minutes_down(told.margin.value_or(seconds{0}), language) + ".";
    case verdict_reason::no_deadline:
      return walk_time(told, language) + pick(language, ". Коли буде загроза, невідомо: виходьте зараз.",
                                              ". When the threat comes is unknown: leave now.");
    case verdict_reason::too_late:
      return pick(language, "До відкритого укриття можна не встигнути.",
                  "An open shelter may be too far to reach in time.") +
             cover_advice(language);
    case verdict_reason::none_reachable:
      return pick(language, "Відкритого укриття, до якого ви можете дійти, не знайдено.",
                  "No open shelter was found that you can walk to.") +
             cover_advice(language);
    case verdict_reason::too_far_from_street:
      return pick(language, "Поблизу немає відомої вулиці, тож маршруту немає.",
                  "No known street is near you, so there is no route.") +
             cover_advice(language);
    case verdict_reason::plan_missing:
      return pick(language, "Стан укриттів зараз невідомий.", "The state of the shelters is unknown now.") +
             cover_advice(language);
    case verdict_reason::no_room:
      return pick(language, "Усі укриття, до яких ви встигаєте, заповнені.",
                  "Every shelter that you can reach in time is full.") +
             cover_advice(language);
  }
  verify(false, "every verdict's reason has words");
  return {};
}

}  // namespace

guidance_language guidance_language_named(std::string_view name) {
  return name == "uk" ? guidance_language::uk : guidance_language::en;
}

namespace {

std::string second_text(alternative const& other, guidance_language language) {
  return pick(language, "Якщо там зачинено: ", "If it is shut: ") + door_name(other.to, language) + ", " +
         in_words(other.way.length, language) + ".";
}

}  // namespace

guidance_words describe(guidance const& told, guidance_language language) {
  bool const goes = told.verdict != verdict_kind::take_cover;
  verify(goes == told.way.has_value() && goes == told.goal.has_value(), "who is sent is told where");
  auto const* const to = told.goal ? &*told.goal : nullptr;
  guidance_words words{headline(told, to, language), why(told, language), {}, {}, {}};
  if (goes)
    for (auto const& step : told.way->steps)
      if (step.turn != maneuver::depart || step.length >= meters{5.0})
        words.steps.push_back(step_text(step, *to, language));
  if (goes && told.second_choice) words.second_choice = second_text(*told.second_choice, language);
  if (told.generated)
    words.generated_note = pick(language, "Згенеровані дані: укриття або вулиці вигадані.",
                                "Generated data: the shelter or the streets are made up.");
  return words;
}

}  // namespace siren
