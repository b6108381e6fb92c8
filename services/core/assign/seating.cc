#include "core/assign/seating.h"

#include "core/base/verify.h"

namespace siren {

seating::seating(assignment_problem const& problem)
    : lots_(problem.lots.size()),
      bounds_(problem.lots.size()),
      seats_(problem.targets.size()),
      load_(problem.targets.size()),
      pinned_(problem.lots.size()),
      remembered_(problem.lots.size()) {
  for (auto const& t : problem.targets) room_.push_back(t.room);
  for (std::size_t l = 0; l < lots_.size(); ++l) {
    auto const& from = problem.lots[l];
    auto& lot = lots_[l];
    lot.begin = problem.first_choice[from.list];
    lot.count = static_cast<std::uint16_t>(problem.first_choice[from.list + 1] - lot.begin);
    lot.pace = from.pace;
    lot.budget = from.budget_ds;
    lot.people = from.people;
    lot.home = stay();
  }
}

std::span<lot_part const> seating::parts(std::uint32_t l, lot_part& scratch) const {
  auto const& lot = lots_[l];
  if (lot.split) return parts_[lot.home];
  if (lot.people == 0) return {};
  scratch = {lot.home, lot.walk, lot.people};
  return {&scratch, 1};
}

std::uint32_t seating::staying(std::uint32_t l) const {
  lot_part scratch;
  for (auto const& part : parts(l, scratch))
    if (part.target == stay()) return part.people;
  return 0;
}

seat& seating::seat_of(std::uint32_t target, std::uint32_t l) {
  auto& seats = seats_[target];
  auto const at = std::find_if(seats.begin(), seats.end(), [&](seat const& s) { return s.lot == l; });
  verify(at != seats.end(), "a part has its seat");
  return *at;
}

seat* seating::find_seat(std::uint32_t target, std::uint32_t l) {
  for (auto& s : seats_[target])
    if (s.lot == l) return &s;
  return nullptr;
}

seat const* seating::find_seat(std::uint32_t target, std::uint32_t l) const {
  for (auto const& s : seats_[target])
    if (s.lot == l) return &s;
  return nullptr;
}

void seating::split(std::uint32_t l) {
  auto& lot = lots_[l];
  if (lot.split) return;
  lot_part const whole{lot.home, lot.walk, lot.people};
  if (free_parts_.empty()) {
    free_parts_.push_back(static_cast<std::uint32_t>(parts_.size()));
    parts_.emplace_back();
  }
  lot.home = free_parts_.back();
  free_parts_.pop_back();
  lot.walk = 0;
  lot.split = true;
  bounds_[l].other = 0;
  auto& parts = parts_[lot.home];
  parts.clear();
  if (whole.people != 0) parts.push_back(whole);
}

void seating::unsplit_if_whole(std::uint32_t l) {
  auto& lot = lots_[l];
  auto& parts = parts_[lot.home];
  if (parts.size() > 1) return;
  lot_part const whole = parts.empty() ? lot_part{stay(), 0, 0} : parts.front();
  free_parts_.push_back(lot.home);
  lot.split = false;
  lot.home = whole.target;
  lot.walk = whole.walk;
}

void seating::take_part(lot_state& lot, std::uint32_t from, std::uint32_t people) {
  auto& parts = parts_[lot.home];
  auto const at = std::find_if(parts.begin(), parts.end(), [&](lot_part const& p) { return p.target == from; });
  verify(at != parts.end() && at->people >= people, "people leave from where they are");
  at->people -= people;
  if (at->people == 0) parts.erase(at);
}

void seating::give_part(lot_state& lot, std::uint32_t to, std::uint32_t walk, std::uint32_t people) {
  auto& parts = parts_[lot.home];
  auto const at = std::find_if(parts.begin(), parts.end(), [&](lot_part const& p) { return p.target == to; });
  if (at == parts.end())
    parts.push_back({to, walk, people});
  else
    at->people += people;
}

void seating::give_seat(std::uint32_t l, std::uint32_t to, std::uint32_t walk, std::uint32_t people, bool known) {
  if (to == stay()) return;
  load_[to] += people;
  if (auto* const s = known ? find_seat(to, l) : nullptr)
    s->people += people;
  else
    seats_[to].push_back({l, walk, people, 0});
}

void seating::move_taken(std::uint32_t l, std::uint32_t from, std::uint32_t to, std::uint32_t walk,
                         std::uint32_t people) {
  auto& lot = lots_[l];
  if (recording_ && remembered_[l] == 0) remember(l);
  if (from != stay()) load_[from] -= people;
  bool const whole = !lot.split && people == lot.people;
  give_seat(l, to, walk, people, lot.split);
  if (whole) {
    lot.home = to;
    lot.walk = walk;
    return;
  }
  split(l);
  take_part(lot, from, people);
  give_part(lot, to, walk, people);
  unsplit_if_whole(l);
}

void seating::move(std::uint32_t l, std::uint32_t from, std::uint32_t to, std::uint32_t walk, std::uint32_t people) {
  if (people == 0) return;
  if (from != stay()) {
    if (recording_ && remembered_[l] == 0) remember(l);
    auto& s = seat_of(from, l);
    verify(s.people >= people, "people leave the seat where they are");
    s.people -= people;
    s.pinned = std::min(s.pinned, s.people);
    if (s.people == 0) {
      s = seats_[from].back();
      seats_[from].pop_back();
    }
  }
  move_taken(l, from, to, walk, people);
}

void seating::set_pinned(std::uint32_t l, bool pinned) {
  pinned_[l] = pinned ? 1 : 0;
  lot_part scratch;
  for (auto const& part : parts(l, scratch)) {
    if (part.target == stay()) continue;
    auto& s = seat_of(part.target, l);
    s.pinned = pinned ? s.people : 0;
  }
}

void seating::drop_empty_seats(std::uint32_t target) {
  std::erase_if(seats_[target], [](seat const& s) { return s.people == 0; });
}

void seating::add_staying(std::uint32_t l, std::uint32_t people) {
  if (people == 0) return;
  if (recording_) remember(l);
  auto& lot = lots_[l];
  if (lot.split || lot.home != stay()) {
    split(l);
    give_part(lot, stay(), 0, people);
    lot.people += people;
    unsplit_if_whole(l);
  } else {
    lot.people += people;
  }
}

void seating::remove(std::uint32_t l, std::uint32_t from, std::uint32_t people) {
  if (people == 0) return;
  if (recording_) remember(l);
  move(l, from, stay(), 0, from == stay() ? 0 : people);
  auto& lot = lots_[l];
  if (lot.split) {
    take_part(lot, stay(), people);
    unsplit_if_whole(l);
  }
  lot.people -= people;
}

void seating::clear_free() {
  for (std::uint32_t t = 0; t < stay(); ++t) {
    load_[t] = 0;
    for (auto& s : seats_[t]) {
      s.people = s.pinned;
      load_[t] += s.pinned;
    }
    drop_empty_seats(t);
  }
  for (auto& lot : lots_) {
    if (lot.split) free_parts_.push_back(lot.home);
    lot.split = false;
    lot.home = stay();
    lot.walk = 0;
  }
  bounds_.assign(bounds_.size(), {});
  for (std::uint32_t t = 0; t < stay(); ++t) {
    for (auto const& s : seats_[t]) {
      auto& lot = lots_[s.lot];
      split(s.lot);
      take_part(lot, stay(), s.people);
      give_part(lot, t, s.walk, s.people);
    }
  }
  for (std::uint32_t l = 0; l < lots(); ++l)
    if (pinned_[l] != 0 && lots_[l].split) unsplit_if_whole(l);
}

void seating::set_size(std::uint32_t l, std::uint32_t people) {
  auto& lot = lots_[l];
  verify(!lot.split && lot.home == stay(), "a lot of which everyone stays");
  lot.people = people;
}

void seating::record_changes(bool on) {
  recording_ = on;
  for (auto const& c : changes_) remembered_[c.lot] = 0;
  changes_.clear();
  before_.clear();
}

void seating::remember(std::uint32_t l) {
  if (!recording_ || remembered_[l] != 0) return;
  remembered_[l] = 1;
  lot_part scratch;
  auto const now = parts(l, scratch);
  changes_.push_back({l, static_cast<std::uint32_t>(before_.size()), static_cast<std::uint32_t>(now.size())});
  before_.insert(before_.end(), now.begin(), now.end());
}

}  // namespace siren
