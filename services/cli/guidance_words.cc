#include "cli/guidance_words.h"

#include <cmath>

namespace siren {
namespace {

std::string verdict_word(routing::v1::Verdict verdict, bool uk) {
  switch (verdict) {
    case routing::v1::VERDICT_GO_SHELTER:
      return uk ? "ІДІТЬ ДО УКРИТТЯ" : "GO TO A SHELTER";
    case routing::v1::VERDICT_GO_METRO:
      return uk ? "ІДІТЬ ДО МЕТРО" : "GO TO THE METRO";
    case routing::v1::VERDICT_TAKE_COVER:
      return uk ? "УКРИЙТЕСЯ НА МІСЦІ" : "TAKE COVER WHERE YOU ARE";
    default:
      return uk ? "ПОРАДИ НЕМАЄ" : "NO GUIDANCE";
  }
}

std::string minutes_of(google::protobuf::Duration const& time, bool uk) {
  auto const minutes = static_cast<double>(time.seconds()) / 60.0;
  return std::to_string(static_cast<long>(std::ceil(minutes))) + (uk ? " хв" : " min");
}

}  // namespace

std::string words_of(routing::v1::Guidance const& told, std::string const& language) {
  auto const uk = language == "uk";
  auto text = verdict_word(told.verdict(), uk);
  if (told.has_destination()) {
    auto const& to = told.destination();
    text += ": " + (uk ? to.name_uk() : to.name_en());
    if (to.generated()) text += uk ? " [згенеровано]" : " [generated]";
  }
  if (told.has_route()) {
    auto const& route = told.route();
    text += ", " + std::to_string(std::lround(route.length_m())) + (uk ? " м, до " : " m, at most ") +
            minutes_of(route.slow_case_duration(), uk);
  }
  auto const& sentences = uk ? told.text_uk() : told.text_en();
  return sentences.empty() ? text + '\n' : text + '\n' + sentences + '\n';
}

}  // namespace siren
