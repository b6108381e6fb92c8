#include "fanout_bench/swarm_loop.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "common/clock.h"
#include "fanout_bench/grid_city.h"

namespace siren::fanout {
namespace {

constexpr int kEventsAtOnce = 256;
constexpr std::size_t kBufferBytes = 64U << 10U;
constexpr std::size_t kMostConnecting = 256;      // a listener's queue holds more
constexpr std::size_t kPhonesAnAddress = 10'000;  // of 28,000 ports to one destination
constexpr milliseconds kAfterRefusal{300};
constexpr std::uint64_t kControl = ~0ULL;

std::unique_ptr<wire> wire_named(std::string const& name) {
  if (name == "websocket") return make_websocket_wire();
  if (name == "plain") return make_plain_wire();
  return make_siren_wire();
}

std::int64_t us_now() {
  return wall_now().time_since_epoch().count();
}

}  // namespace

swarm_loop::swarm_loop(swarm_plan plan)
    : plan_{std::move(plan)},
      wire_{wire_named(plan_.wire)},
      random_{static_cast<unsigned>(plan_.first + 1)},
      buffer_(kBufferBytes),
      poll_{::epoll_create1(EPOLL_CLOEXEC)} {
  verify(poll_ >= 0, "epoll");
  if (plan_.tls) tls_ = std::make_unique<tls_side>(plan_.wire == "siren" ? "h2" : "http/1.1");
  phones_.reserve(plan_.phones);
  for (std::size_t i = 0; i < plan_.phones; ++i) {
    auto const number = plan_.first + i;
    phones_.emplace_back(static_cast<zone_number>(number % plan_.zones));
    // Not in step with the zones: each server has phones of each zone.
    phones_.back().server = static_cast<std::uint8_t>(number / plan_.zones % plan_.ports.size());
  }
}

swarm_loop::~swarm_loop() {
  ::close(poll_);
}

void swarm_loop::listen_to(int control) {
  epoll_event event{.events = EPOLLIN, .data = {.u64 = kControl}};
  verify(::epoll_ctl(poll_, EPOLL_CTL_ADD, control, &event) == 0, "the control can be waited for");
}

bool swarm_loop::run(milliseconds at_most) {
  auto const until = us_now() + microseconds{at_most}.count();
  std::array<epoll_event, kEventsAtOnce> events{};
  for (;;) {
    now_us_ = us_now();
    if (now_us_ >= until) return false;
    auto const next = due_.empty() ? until : std::min(until, due_.top().at_us);
    auto const wait_ms =
        connecting_ >= kMostConnecting ? 5 : std::clamp<std::int64_t>((next - now_us_) / 1'000, 0, 100);
    auto const came = ::epoll_wait(poll_, events.data(), kEventsAtOnce, static_cast<int>(wait_ms));
    now_us_ = us_now();
    auto told = false;
    for (int i = 0; i < came; ++i) {
      auto const& event = events[static_cast<std::size_t>(i)];
      if (event.data.u64 == kControl)
        told = true;
      else
        on_event(phones_[event.data.u64], event.events);
    }
    start_due();
    if (told) return true;
  }
}

void swarm_loop::start_due() {
  while (!due_.empty() && due_.top().at_us <= now_us_ && connecting_ < kMostConnecting) {
    auto& one = phones_[due_.top().which];
    due_.pop();
    if (one.at == phone::step::away) start(one);
  }
}

void swarm_loop::connect(double per_second) {
  now_us_ = us_now();
  std::int64_t nth = 0;
  for (std::uint32_t i = 0; i < phones_.size(); ++i) {
    if (phones_[i].at != phone::step::away) continue;
    due_.push({now_us_ + static_cast<std::int64_t>(static_cast<double>(nth++) * 1e6 / per_second), i});
  }
}

void swarm_loop::start(phone& one) {
  auto const number = static_cast<std::size_t>(&one - phones_.data());
  auto const turn = 1U + one.turn++ % 200U;
  auto const from = 127U << 24U | turn << 16U | static_cast<unsigned>(plan_.source) << 8U |
                    static_cast<unsigned>(1 + number / kPhonesAnAddress);
  one.asked_us = us_now();
  if (!one.socket.connect(from, plan_.ports[one.server], plan_.receive_buffer, tls_.get())) {
    ++told_.failed_connects;
    return come_back(one, kAfterRefusal);
  }
  one.at = phone::step::connecting;
  one.ended = one.stalled = one.was_stalled = false;
  ++connecting_;
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.u64 = number}};
  verify(::epoll_ctl(poll_, EPOLL_CTL_ADD, one.socket.descriptor(), &event) == 0, "a phone can be waited for");
  greet(one);
}

void swarm_loop::greet(phone& one) {
  hello says{grid_zone_id(one.check.zone()), plan_.stand_there, 0, 0, one.check.epoch(), one.check.covered()};
  auto const centre = grid_zone_centre(one.check.zone());
  says.lat = centre.lat.value;
  says.lon = centre.lon.value;
  switch (one.socket.send(wire_->greeting(says))) {
    case phone_socket::outcome::done:
      one.at = phone::step::greeted;
      return;
    case phone_socket::outcome::later:
      return;
    case phone_socket::outcome::closed:
      ++told_.failed_connects;
      lose(one, std::nullopt, true);
  }
}

void swarm_loop::on_event(phone& one, std::uint32_t events) {
  if (one.at == phone::step::away) return;
  auto const broken = (events & (EPOLLERR | EPOLLHUP)) != 0;
  if (one.at == phone::step::connecting) {
    if (broken) {
      ++told_.failed_connects;
      return lose(one, kAfterRefusal, true);
    }
    greet(one);
    if (one.at != phone::step::greeted) return;
  }
  if (one.stalled && !broken) return;
  read_from(one);
}

void swarm_loop::read_from(phone& one) {
  for (;;) {
    auto const got = one.socket.read(buffer_);
    if (got.what == phone_socket::outcome::later) return;
    if (got.what == phone_socket::outcome::closed) {
      ++told_.ended;
      return lose(one, std::nullopt, true);
    }
    reading_ = &one;
    auto const understood = wire_->take({buffer_.data(), got.bytes}, one.rest, *this);
    if (!understood) ++told_.not_understood;
    if (one.ended) ++told_.ended;
    if (!understood || one.ended) return lose(one, std::nullopt, false);
    if (tls_ == nullptr && got.bytes < buffer_.size()) return;
  }
}

void swarm_loop::lose(phone& one, std::optional<milliseconds> back, bool abruptly) {
  if (one.at == phone::step::connecting || one.at == phone::step::greeted) --connecting_;
  if (one.at == phone::step::live) {
    --live_;
    one.lost_us = us_now();
  }
  one.socket.close(abruptly);
  one.rest.reset();
  one.at = phone::step::away;
  one.server = another(one.server);
  come_back(one, back ? *back : milliseconds{one.back_within_ms});
}

std::uint8_t swarm_loop::another(std::uint8_t server) {
  auto const servers = plan_.ports.size();
  if (servers < 2) return server;
  std::uniform_int_distribution<std::size_t> any{1, servers - 1};
  return static_cast<std::uint8_t>((server + any(random_)) % servers);
}

void swarm_loop::come_back(phone& one, milliseconds within) {
  std::uniform_int_distribution<std::int64_t> any{0, microseconds{within}.count()};
  due_.push({us_now() + any(random_), static_cast<std::uint32_t>(&one - phones_.data())});
}

void swarm_loop::is_live(phone& one) {
  if (one.at != phone::step::greeted) return;
  one.at = phone::step::live;
  --connecting_;
  ++live_;
  one.live_us = us_now();
  one.stalled = one.was_stalled = stalls_always_;
  ++told_.connects;
  told_.greetings.add(microseconds{one.live_us - one.asked_us});
  if (one.lost_us != 0) told_.backs.add(microseconds{one.live_us - one.lost_us});
  if (one.socket.resumed()) ++told_.resumed_tls;
  auto const second = one.live_us / 1'000'000;
  if (told_.connects_by_second.empty()) told_.first_second = second;
  auto const nth = static_cast<std::size_t>(std::max<std::int64_t>(second - told_.first_second, 0));
  if (nth >= told_.connects_by_second.size()) told_.connects_by_second.resize(nth + 1);
  ++told_.connects_by_second[nth];
}

void swarm_loop::on_message(std::string_view bytes) {
  auto& one = *reading_;
  auto const news = read_news(bytes);
  if (!news) {
    ++told_.not_understood;
    return;
  }
  if (news->back_within)
    one.back_within_ms = static_cast<std::uint32_t>(std::max<std::int64_t>(news->back_within->count(), 1));
  switch (news->kind) {
    case news_kind::snapshot:
      ++told_.snapshots;
      is_live(one);
      break;
    case news_kind::continuation:
      ++told_.continuations;
      is_live(one);
      break;
    case news_kind::alert: {
      ++told_.alerts;
      if (!news->published) break;
      auto const at = news->published->time_since_epoch().count();
      (at >= one.live_us && !one.was_stalled ? told_.delays : told_.late_delays).add(microseconds{us_now() - at});
      break;
    }
    case news_kind::heartbeat:
      ++told_.heartbeats;
      break;
    case news_kind::guidance:
      ++told_.guidance;
      break;
    case news_kind::go_away:
      ++told_.go_aways;
      break;
    default:
      break;
  }
  switch (one.check.hear(*news, closed_)) {
    case delivery_check::finding::fine:
      break;
    case delivery_check::finding::out_of_order:
      ++told_.out_of_order;
      break;
    case delivery_check::finding::hole:
      ++told_.holes;
      break;
    case delivery_check::finding::other_epoch:
      ++told_.other_epochs;
  }
}

void swarm_loop::on_ready() {
  reading_->check.begin_at(1, 0);
  is_live(*reading_);
}

void swarm_loop::on_end() {
  reading_->ended = true;
}

void swarm_loop::reply(std::string_view bytes) {
  (void)reading_->socket.send(bytes);
}

void swarm_loop::cut(double share, std::optional<milliseconds> back) {
  std::bernoulli_distribution chosen{share};
  for (auto& one : phones_)
    if (one.at == phone::step::live && chosen(random_)) lose(one, back, true);
}

void swarm_loop::stall(double share, bool always) {
  stalls_always_ = always;
  std::bernoulli_distribution chosen{share};
  for (auto& one : phones_)
    if (one.at == phone::step::live && chosen(random_)) one.stalled = one.was_stalled = true;
}

void swarm_loop::read_again() {
  stalls_always_ = false;
  now_us_ = us_now();
  for (auto& one : phones_) {
    if (!std::exchange(one.stalled, false) || one.at == phone::step::away) continue;
    read_from(one);
  }
}

swarm_report swarm_loop::report(std::vector<std::uint32_t> const& last_by_zone, bool reset) {
  auto told = told_;
  told.phones = phones_.size();
  told.live = live_;
  for (auto const& one : phones_)
    if (one.at != phone::step::live || one.check.covered() < last_by_zone.at(one.check.zone())) ++told.behind;
  if (!reset) return told;
  auto fresh = swarm_report{};
  fresh.out_of_order = told.out_of_order;
  fresh.holes = told.holes;
  fresh.other_epochs = told.other_epochs;
  fresh.connects_by_second = told.connects_by_second;
  fresh.first_second = told.first_second;
  told_ = std::move(fresh);
  return told;
}

stretches swarm_loop::ledger() const {
  auto all = closed_;
  for (auto const& one : phones_) all.add(one.check.open());
  return all;
}

}  // namespace siren::fanout
