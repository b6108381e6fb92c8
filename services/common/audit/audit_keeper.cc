#include "common/audit/audit_keeper.h"

#include "common/clock.h"
#include "common/log.h"

namespace siren {
namespace {

constexpr std::size_t kMostFieldBytes = 2'000;

/// One line of at most so many bytes that the store takes; no character is cut in two.
void tidy(std::string& text) {
  if (text.size() > kMostFieldBytes) {
    auto end = kMostFieldBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text.resize(end);
  }
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
}

}  // namespace

audit_keeper::audit_keeper(audit_writer& to, limits bounds) : to_{to}, limits_{bounds}, thread_{[this] { run(); }} {}

audit_keeper::~audit_keeper() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
    give_up_at_ = steady_now() + limits_.last_try;
  }
  changed_.notify_all();
  thread_.join();
}

bool audit_keeper::note(audit_entry entry) {
  for (auto* field : {&entry.actor, &entry.act, &entry.subject, &entry.detail}) tidy(*field);
  if (entry.actor.empty()) entry.actor = "nobody signed in";
  log(log_level::info, "recorded",
      {{"actor", entry.actor}, {"act", entry.act}, {"subject", entry.subject}, {"detail", entry.detail}}, entry.trace);
  std::unique_lock lock{mutex_};
  if (waiting_.size() >= limits_.most_waiting) {
    waiting_.pop_front();
    ++settled_;
    ++lost_;
    log(log_level::error, "record_lost", {{"lost", lost_}});
  }
  waiting_.push_back(std::move(entry));
  auto const mine = ++came_;
  changed_.notify_all();
  return changed_.wait_for(lock, limits_.patience, [&] { return settled_ >= mine; });
}

std::uint64_t audit_keeper::lost() {
  std::lock_guard const lock{mutex_};
  return lost_;
}

void audit_keeper::run() {
  std::unique_lock lock{mutex_};
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty() || (stopping_ && steady_now() >= give_up_at_)) return;
    auto const entry = waiting_.front();
    auto const settled_before = settled_;
    lock.unlock();
    auto const done = to_.add(entry);
    lock.lock();
    if (!done) {
      changed_.wait_for(lock, limits_.retry, [this] { return stopping_; });
      continue;
    }
    // Meanwhile it may have been thrown out for newer ones; then it counts already.
    if (settled_ != settled_before) continue;
    waiting_.pop_front();
    ++settled_;
    changed_.notify_all();
  }
}

}  // namespace siren
