#include "core/alert/wording.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "core/base/verify.h"

namespace siren {
namespace {

struct phrase {
  std::string_view uk;
  std::string_view en;
  [[nodiscard]] std::string_view in(language l) const { return l == language::uk ? uk : en; }
};

constexpr std::array<phrase, 4> kStages{{
    {"Відбій", "All clear"},
    {"Приготуйтеся йти в укриття", "Get ready to go to a shelter"},
    {"Ідіть в укриття", "Go to a shelter"},
    {"Укрийтеся негайно", "Take cover now"},
}};

constexpr std::array<phrase, kThreatClasses> kClasses{{
    {"Повітряна ціль", "Object in the air"},
    {"Ударний дрон", "Attack drone"},
    {"Реактивний дрон", "Jet drone"},
    {"Крилата ракета", "Cruise missile"},
    {"Надзвукова ракета", "Supersonic missile"},
    {"Балістична ракета", "Ballistic missile"},
    {"Аеробалістична ракета", "Aeroballistic missile"},
    {"Гіперзвукова ракета", "Hypersonic missile"},
    {"Зенітна ракета по землі", "Anti-aircraft missile fired at the ground"},
    {"Керована бомба", "Guided bomb"},
}};

constexpr std::array<phrase, kAlarmTypes> kAlarms{{
    {"Офіційне повідомлення невідомого типу", "Official message of an unknown kind"},
    {"Повітряна тривога", "Air raid alarm"},
    {"Загроза артобстрілу", "Artillery alarm"},
    {"Загроза вуличних боїв", "Street fighting alarm"},
    {"Хімічна загроза", "Chemical alarm"},
    {"Радіаційна загроза", "Nuclear alarm"},
    {"Офіційне повідомлення", "Official message"},
    {"Зліт носія ракет «Кинджал»", "Take-off of a Kinzhal missile carrier"},
}};

constexpr std::array<phrase, 9> kWinds{{
    {"", ""},
    {" з півночі", " from the north"},
    {" з північного сходу", " from the north-east"},
    {" зі сходу", " from the east"},
    {" з південного сходу", " from the south-east"},
    {" з півдня", " from the south"},
    {" з південного заходу", " from the south-west"},
    {" із заходу", " from the west"},
    {" з північного заходу", " from the north-west"},
}};

constexpr std::array<std::pair<std::string_view, phrase>, 4> kIssuers{{
    {"siren", {"аналіз Siren", "Siren's own analysis"}},
    {"city_operator", {"міський оператор", "city operator"}},
    {"air_force", {"Повітряні сили", "Air Force"}},
    {"oblast_operator", {"обласна адміністрація", "oblast administration"}},
}};

constexpr phrase kExercise{"НАВЧАННЯ. ", "EXERCISE. "};
constexpr phrase kOrder{"Наказ", "Order"};
constexpr phrase kOver{"Усі, хто попереджав, скасували попередження (Siren). Не підходьте до уламків.",
                       "Everyone who warned has ended the warning (Siren). Keep away from debris."};
constexpr phrase kCover{
    "До укриття йдіть, лише якщо порада для вас каже, що встигнете. Інакше не виходьте: дві стіни між вами й вулицею "
    "менш небезпечні, ніж кімната з вікнами, але укриття не замінюють.",
    "Go to a shelter only if your own guidance says that you can make it. Otherwise stay inside: two walls between you "
    "and the street are less dangerous than a room with windows; they do not replace a shelter."};
constexpr phrase kAirThreat{"Загроза з повітря", "Air threat"};
constexpr std::array<phrase, 4> kInstructions{{
    {"Не підходьте до уламків.", "Keep away from debris."},
    {"Приготуйтеся йти в укриття: вдягніться, візьміть документи, воду й телефон, з'ясуйте, де найближче відкрите "
     "укриття.",
     "Get ready to go to a shelter: dress, take papers, water and a phone, find out which open shelter is nearest."},
    {"Ідіть в укриття і лишайтеся там до відбою.", "Go to a shelter and stay there until the all-clear."},
    {"Укрийтеся негайно. До укриття йдіть, лише якщо воно поруч. Інакше не виходьте: дві стіни між вами й вулицею "
     "менш небезпечні, ніж кімната з вікнами, але укриття не замінюють.",
     "Take cover now. Go to a shelter only if it is right beside you. Otherwise stay inside: two walls between you and "
     "the street are less dangerous than a room with windows; they do not replace a shelter."},
}};
constexpr phrase kHeedIssuer{"Виконуйте вказівки того, хто повідомляє.", "Do what the issuer of this message says."};
constexpr phrase kToxic{"Не підходьте до уламків: паливо ракети отруйне.",
                        "Keep away from debris: the missile's fuel is toxic."};

constexpr phrase kZonesChanged{"Зони змінилися", "Zones have changed"};
constexpr phrase kIsNow{"Тепер тут діють зони: ", "In its place there are now: "};
constexpr phrase kTheyTell{". Тривоги оголошують у них.", ". Alarms go on there."};
constexpr phrase kNoHeir{"Цієї зони більше немає, тривог у ній не оголошують. Оберіть іншу.",
                         "This zone is no more and no alarms are told for it. Choose another one."};

std::string issuer_words(std::string const& name, language l) {
  for (auto const& [known, words] : kIssuers) {
    if (known == name) return std::string{words.in(l)};
  }
  return name;
}

/// Between the class and its wind: launched, and not seen since.
constexpr phrase kLaunch{", пуск", ", launched"};
constexpr phrase kAnywhere{", де впаде, невідомо", ", where it will come down is not known"};

/// Of a class that only a hold keeps on the list.
constexpr phrase kHeld{": зараз не видно, чекайте відбою", ": not seen coming now, wait for the all-clear"};

std::string window_words(std::optional<arrival_interval> const& arrival, language l, utc_time now) {
  auto const uk = l == language::uk;
  if (!arrival) return uk ? ", час прибуття невідомий" : ", arrival time unknown";
  auto const first = std::chrono::floor<minutes>(std::max(arrival->earliest - now, microseconds{0})).count();
  auto const last = std::max<long>(1, std::chrono::ceil<minutes>(arrival->latest - now).count());
  if (first == 0) {
    auto const n = std::to_string(last);
    return uk ? ", може бути тут уже зараз або за " + n + " хв" : ", may be here now or within " + n + " min";
  }
  auto const range = last > first ? std::to_string(first) + "-" + std::to_string(last) : std::to_string(first);
  return uk ? ", за " + range + " хв" : ", in " + range + " min";
}

std::string threat_words(threat const& t, language l, utc_time now) {
  auto const who = " (" + issuer_words(t.issuer_name, l) + ")";
  auto const wind = kWinds.at(static_cast<std::size_t>(t.from)).in(l);
  if (t.by == issuer::city_operator) return std::string{kOrder.in(l)} + who;
  if (t.by == issuer::official && t.kind == threat_class::unknown) {
    auto words = std::string{kAlarms.at(static_cast<std::size_t>(t.alarm)).in(l)} + std::string{wind};
    return words + (t.arrival ? window_words(t.arrival, l, now) : "") + who;
  }
  auto const kind = kClasses.at(static_cast<std::size_t>(t.kind)).in(l);
  auto const held = t.by == issuer::analysis && !t.arrival;
  auto const window = held ? std::string{kHeld.in(l)} : window_words(t.arrival, l, now);
  if (t.why != cause::launched || held) return std::string{kind} + std::string{wind} + window + who;
  return std::string{kind} + std::string{kLaunch.in(l)} + std::string{wind} + window + std::string{kAnywhere.in(l)} +
         who;
}

bool is_message(threat const& t) {
  return t.by == issuer::official && (t.alarm == alarm_type::info || t.alarm == alarm_type::unknown);
}

bool toxic(alert const& a) {
  return std::any_of(a.threats.begin(), a.threats.end(),
                     [](threat const& t) { return t.kind == threat_class::supersonic_missile; });
}

std::string exercise_words(language l, world w) {
  return w == world::exercise ? std::string{kExercise.in(l)} : std::string{};
}

std::string headline_words(alert const& a, zone const& place, language l) {
  auto const& name = l == language::uk ? place.name_uk : place.name_en;
  auto const what = only_message(a) ? kAlarms[static_cast<std::size_t>(alarm_type::info)].in(l) : words_of(a.level, l);
  auto const where = a.partly ? name + (l == language::uk ? " (частково)" : " (in parts)") : name;
  return std::string{what} + ": " + where;
}

}  // namespace

bool only_message(alert const& a) {
  return !a.threats.empty() && std::all_of(a.threats.begin(), a.threats.end(), is_message);
}

std::string_view event_words(alert const& a, language l) {
  auto const sounds = std::find_if(a.threats.begin(), a.threats.end(),
                                   [](threat const& t) { return t.by == issuer::official && !is_message(t); });
  if (sounds != a.threats.end()) return kAlarms.at(static_cast<std::size_t>(sounds->alarm)).in(l);
  if (only_message(a)) return kAlarms.at(static_cast<std::size_t>(a.threats.front().alarm)).in(l);
  return kAirThreat.in(l);
}

std::string situation_words(alert const& a, language l, world w, utc_time now) {
  auto words = exercise_words(l, w);
  if (a.ended()) return words += kOver.in(l);
  auto const prefix = words.size();
  for (auto const& t : a.threats) words += (words.size() > prefix ? " " : "") + threat_words(t, l, now) + ".";
  return words;
}

std::string instruction_words(alert const& a, language l, world w) {
  auto words = exercise_words(l, w);
  if (only_message(a)) return words += kHeedIssuer.in(l);
  auto const at = static_cast<std::size_t>(a.level) - 1;
  verify(at < kInstructions.size(), "every stage has an instruction");
  words += kInstructions[at].in(l);
  if (toxic(a)) words += " " + std::string{kToxic.in(l)};
  return words;
}

std::string_view name_of(language l) {
  return l == language::uk ? "uk" : "en";
}

std::optional<language> language_named(std::string_view name) {
  if (name == "uk") return language::uk;
  if (name == "en") return language::en;
  return std::nullopt;
}

std::string_view words_of(stage s, language l) {
  auto const at = static_cast<std::size_t>(s) - 1;
  verify(at < kStages.size(), "every stage has words");
  return kStages[at].in(l);
}

alert_text words_of_gone(zone const& place, std::vector<zone> const& heirs, language l, world w) {
  auto const name = [l](zone const& z) { return l == language::uk ? z.name_uk : z.name_en; };
  alert_text text{exercise_words(l, w) + std::string{kZonesChanged.in(l)} + ": " + name(place), exercise_words(l, w)};
  if (heirs.empty()) {
    text.body += kNoHeir.in(l);
    return text;
  }
  text.body += kIsNow.in(l);
  for (auto const& heir : heirs) text.body += (&heir == &heirs.front() ? "" : ", ") + name(heir);
  text.body += kTheyTell.in(l);
  return text;
}

alert_text words_of(alert const& a, zone const& place, language l, world w, utc_time now) {
  alert_text text{exercise_words(l, w) + headline_words(a, place, l), situation_words(a, l, w, now)};
  if (a.level == stage::take_cover) text.body += " " + std::string{kCover.in(l)};
  if (toxic(a)) text.body += " " + std::string{kToxic.in(l)};
  return text;
}

}  // namespace siren
