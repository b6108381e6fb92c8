#include "street_names.h"

#include <array>

namespace siren::city {
namespace {

constexpr std::uint32_t kNamedFrom = 3;  // stretches: a named street is not a stub
constexpr double kShortNamed = 0.5;      // share of the shorter ones that have a name all the same

struct word {
  char const* uk;
  char const* en;
};
constexpr std::array<word, 48> kWords{{{"Яблунева", "Yabluneva"},    {"Вишнева", "Vyshneva"},
                                       {"Кленова", "Klenova"},       {"Липова", "Lypova"},
                                       {"Каштанова", "Kashtanova"},  {"Тополина", "Topolyna"},
                                       {"Калинова", "Kalynova"},     {"Горобинова", "Horobynova"},
                                       {"Вербова", "Verbova"},       {"Ялинкова", "Yalynkova"},
                                       {"Ясенева", "Yaseneva"},      {"Дубова", "Dubova"},
                                       {"Березова", "Berezova"},     {"Акацієва", "Akatsiieva"},
                                       {"Бузкова", "Buzkova"},       {"Трояндова", "Troiandova"},
                                       {"Волошкова", "Voloshkova"},  {"Ромашкова", "Romashkova"},
                                       {"Барвінкова", "Barvinkova"}, {"Чебрецева", "Chebretseva"},
                                       {"М’ятна", "Miatna"},         {"Лугова", "Luhova"},
                                       {"Польова", "Poliova"},       {"Степова", "Stepova"},
                                       {"Журавлина", "Zhuravlyna"},  {"Лелеча", "Lelecha"},
                                       {"Солов’їна", "Soloviina"},   {"Ластівкова", "Lastivkova"},
                                       {"Синичкова", "Synychkova"},  {"Соколина", "Sokolyna"},
                                       {"Лебедина", "Lebedyna"},     {"Жайворонкова", "Zhaivoronkova"},
                                       {"Снігирева", "Snihyreva"},   {"Світанкова", "Svitankova"},
                                       {"Вечірня", "Vechirnia"},     {"Сонячна", "Soniachna"},
                                       {"Зоряна", "Zoriana"},        {"Місячна", "Misiachna"},
                                       {"Туманна", "Tumanna"},       {"Дощова", "Doshchova"},
                                       {"Сніжна", "Snizhna"},        {"Вітряна", "Vitriana"},
                                       {"Росяна", "Rosiana"},        {"Веселкова", "Veselkova"},
                                       {"Травнева", "Travneva"},     {"Липнева", "Lypneva"},
                                       {"Серпнева", "Serpneva"},     {"Квітнева", "Kvitneva"}}};

}  // namespace

void name_streets(city_facts const& facts, random_stream& random, street_network& net) {
  std::vector<std::uint32_t> stretches(net.line_count, 0);
  std::vector<bool> for_walking(net.line_count, false);
  for (auto const& l : net.links) {
    if (!l.alive || l.line == kNone) continue;
    ++stretches[l.line];
    for_walking[l.line] =
        !is_road(l.kind) && facts.neighbourhoods[net.nodes[l.from].neighbourhood].built == pattern::park;
  }
  net.line_names.assign(net.line_count, std::nullopt);
  std::array<std::uint32_t, kWords.size()> used{};
  for (std::uint32_t line = 0; line < net.line_count; ++line) {
    bool const named = stretches[line] >= kNamedFrom || (stretches[line] > 0 && random.chance(kShortNamed));
    if (!named || for_walking[line]) continue;
    auto const pick = random.index(kWords.size());
    auto const& w = kWords[pick];
    auto const again = ++used[pick];
    street_name name{std::string{"вулиця "} + w.uk, std::string{w.en} + " Street"};
    if (again > 1) {
      name.uk += " " + std::to_string(again) + "-а";
      name.en += " " + std::to_string(again);
    }
    net.line_names[line] = std::move(name);
  }
}

}  // namespace siren::city
