#include "alert_gateway/edge/edge_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "common/clock.h"
#include "core/base/verify.h"

namespace siren::edge {
namespace {

constexpr int kEventsAtOnce = 256;
constexpr int kAcceptsPerTurn = 64;  // then the others have their turn
constexpr milliseconds kLookEvery{1'000};
constexpr std::size_t kFetchedAhead = 2;

}  // namespace

edge_loop::edge_loop(edge_ground& ground, std::size_t index, loop_work work)
    : ground_{ground},
      index_{index},
      work_{std::move(work)},
      poll_{::epoll_create1(EPOLL_CLOEXEC)},
      wakes_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)},
      now_{steady_now()} {
  verify(poll_.open() && wakes_.open(), "descriptors for a loop");
  epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
  verify(::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, wakes_.get(), &event) == 0, "a loop can be woken");
}

edge_loop::~edge_loop() {
  begin_stop(steady_now());
  join();
}

void edge_loop::start() {
  thread_ = std::thread{[this] {
    thread_id_ = std::this_thread::get_id();
    run();
  }};
}

void edge_loop::post(std::function<void()> job) {
  {
    std::lock_guard const lock{mutex_};
    jobs_.push_back(std::move(job));
  }
  wake();
}

void edge_loop::wake() {
  if (awake_.exchange(true)) return;
  std::uint64_t const one = 1;
  (void)!::write(wakes_.get(), &one, sizeof one);
}

void edge_loop::begin_stop(steady_time at_latest) {
  stop_at_ = at_latest.time_since_epoch().count();
  stopping_ = true;
  wake();
}

void edge_loop::join() {
  if (thread_.joinable()) thread_.join();
}

void edge_loop::has_output(connection& which) {
  if (which.queued) return;
  which.queued = true;
  with_output_.push_back(&which);
}

void edge_loop::listen(bool on) {
  if (listens_ == on) return;
  epoll_event event{.events = EPOLLIN | EPOLLEXCLUSIVE, .data = {.ptr = this}};
  (void)::epoll_ctl(poll_.get(), on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, ground_.listener, &event);
  listens_ = on;
}

void edge_loop::run() {
  listen(true);
  bool more = false;
  for (;;) {
    auto const rests = !more && unread_.empty();
    wait(rests ? work_.tick_every : milliseconds{0});
    take_jobs();
    more = work_.piece();
    if (now_ - ticked_ >= work_.tick_every) {
      ticked_ = now_;
      work_.tick();
    }
    if (now_ - looked_ >= kLookEvery) tick_connections();
    flush_all();
    bury_dead();
    if (!stopping_) continue;
    if (!leaving_) {
      leaving_ = true;
      listen(false);
      for (auto const& [key, each] : connections_) each->go_away();
      flush_all();
      bury_dead();
    }
    steady_time const at_latest{steady_time::duration{stop_at_.load()}};
    if (!connections_.empty() && now_ < at_latest) continue;
    for (auto& [key, each] : connections_) dead_.push_back(std::move(each));
    connections_.clear();
    bury_dead();
    return;
  }
}

void edge_loop::wait(milliseconds at_most) {
  std::array<epoll_event, kEventsAtOnce> events;  // NOLINT(cppcoreguidelines-pro-type-member-init): epoll says how many
  auto const came = ::epoll_wait(poll_.get(), events.data(), kEventsAtOnce, static_cast<int>(at_most.count()));
  now_ = steady_now();
  auto const again = std::exchange(unread_, {});
  auto const serve = [this](connection& which) {
    if (which.dead()) return;
    if (which.on_ready()) unread_.push_back(&which);
    if (which.dead()) has_died(which);
  };
  for (auto* const each : again) serve(*each);
  for (int i = 0; i < came; ++i) {
    auto* const whose = events[static_cast<std::size_t>(i)].data.ptr;
    if (whose == nullptr) {
      std::uint64_t count = 0;
      (void)!::read(wakes_.get(), &count, sizeof count);
      awake_ = false;
    } else if (whose == this) {
      accept_some();
    } else {
      serve(*static_cast<connection*>(whose));
    }
  }
}

void edge_loop::accept_some() {
  auto const& limits = ground_.limits;
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    auto next = accept_from(ground_.listener, limits.send_buffer_bytes, static_cast<int>(limits.dead_after.count()));
    if (!next.socket.open()) {
      // Out of descriptors the listener would be ready for ever: try again at the next look.
      if (next.error == EMFILE || next.error == ENFILE) {
        count(refusal::too_many_connections);
        listen(false);
      }
      return;
    }
    if (ground_.connections.fetch_add(1) >= limits.connections) {
      --ground_.connections;
      count(refusal::too_many_connections);
      continue;
    }
    add(std::move(next.socket));
  }
}

void edge_loop::add(unique_fd socket) {
  auto made = std::make_unique<connection>(*this, std::move(socket), ground_.identity.get());
  auto* const key = made.get();
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.ptr = key}};
  connections_.emplace(key, std::move(made));
  // Our SETTINGS go out with the answer to the first bytes: a client speaks first in HTTP/2, and one send is saved.
  if (::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, key->descriptor(), &event) != 0) has_died(*key);
}

void edge_loop::take_jobs() {
  std::vector<std::function<void()>> jobs;
  {
    std::lock_guard const lock{mutex_};
    std::swap(jobs, jobs_);
  }
  for (auto const& job : jobs) job();
}

void edge_loop::flush_all() {
  while (!with_output_.empty()) {
    auto const ready = std::exchange(with_output_, {});
    for (std::size_t i = 0; i < ready.size(); ++i) {
      // Tens of thousands of connections lie far apart: the processor is told early which comes next.
      if (i + kFetchedAhead < ready.size()) ready[i + kFetchedAhead]->fetch();
      auto* const each = ready[i];
      each->queued = false;
      each->flush();
      if (each->dead()) has_died(*each);
    }
  }
}

void edge_loop::has_died(connection& which) {
  auto const found = connections_.find(&which);
  if (found == connections_.end()) return;
  dead_.push_back(std::move(found->second));
  connections_.erase(found);
}

void edge_loop::bury_dead() {
  while (!dead_.empty()) {
    auto const gone = std::exchange(dead_, {});
    for (auto const& each : gone) {
      each->bury();
      std::erase(unread_, each.get());
      std::erase(with_output_, each.get());
      --ground_.connections;
    }
    flush_all();
  }
}

void edge_loop::tick_connections() {
  looked_ = now_;
  if (!leaving_) listen(true);
  for (auto const& [key, each] : connections_) each->tick(now_);
}

}  // namespace siren::edge
