#include "simulation/bus_model.h"

namespace siren::simulation {
namespace {

constexpr milliseconds kRetry{500};

}  // namespace

std::size_t bus_model::add_ear(ear one) {
  ears_.push_back(std::move(one));
  return ears_.size() - 1;
}

std::size_t bus_model::add_mouth(bool const* cut) {
  mouths_.push_back({cut, primary_});
  return mouths_.size() - 1;
}

bool bus_model::say(std::size_t who, bus_message const& what) {
  auto& from = mouths_[who];
  if (*from.cut || down_) return false;
  if (!from.connected && !alive_[primary_]) return false;
  if (!from.connected) from = {from.cut, primary_, true};
  ++said;
  for (std::size_t e = 0; e < ears_.size(); ++e) {
    if (!ear_on(e, from.node)) continue;
    if (stage_.random.chance(lose)) {
      ++lost;
      continue;
    }
    auto const copies = stage_.random.chance(twice) ? 2 : 1;
    for (int i = 0; i < copies; ++i) deliver(e, what, net_.delay() + stage_.random.between(0, late_ms));
  }
  return true;
}

void bus_model::deliver(std::size_t e, bus_message const& what, milliseconds delay) {
  stage_.after(delay, [this, e, what, life = ears_[e].life] {
    auto& to = ears_[e];
    if (to.life == life && to.connected && !*to.cut) to.hear(what);
  });
}

/// Until it is there again, tried every half second, as the product's listener does.
void bus_model::reconnect(std::size_t e) {
  auto& one = ears_[e];
  one.connected = false;
  auto const life = ++one.life;
  stage_.after(net_.delay(), [this, e, life] {
    auto& again = ears_[e];
    if (again.life != life || again.connected) return;
    if (down_ || *again.cut || !alive_[primary_]) {
      stage_.after(kRetry, [this, e, life] {
        if (ears_[e].life == life) reconnect(e);
      });
      return;
    }
    again.connected = true;
    again.node = primary_;
    again.on_gap();
  });
}

void bus_model::break_clients_of(std::size_t node) {
  for (std::size_t e = 0; e < ears_.size(); ++e)
    if (ears_[e].connected && ears_[e].node == node) reconnect(e);
  for (auto& one : mouths_)
    if (one.node == node) one.connected = false;
}

void bus_model::set_down(bool down) {
  if (down_ == down) return;
  down_ = down;
  if (down)
    for (std::size_t e = 0; e < ears_.size(); ++e) reconnect(e);
}

void bus_model::kill_primary(milliseconds takes) {
  auto const old = primary_;
  alive_[old] = false;
  break_clients_of(old);
  stage_.after(takes, [this, old] {
    primary_ = 1 - old;
    alive_[0] = alive_[1] = true;
  });
}

void bus_model::silent_failover(milliseconds old_one_ends) {
  auto const old = primary_;
  alive_[1 - old] = true;
  primary_ = 1 - old;
  auto const moves = stage_.random.pick(1'000);
  for (std::size_t e = 0; e < ears_.size(); ++e)
    if (stage_.random.chance(moves)) reconnect(e);
  for (auto& one : mouths_)
    if (stage_.random.chance(moves)) one.node = primary_;
  stage_.after(old_one_ends, [this] { break_clients_of(1 - primary_); });
}

}  // namespace siren::simulation
