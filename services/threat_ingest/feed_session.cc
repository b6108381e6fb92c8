#include "threat_ingest/feed_session.h"

namespace siren {

bool feed_session::begin_record() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return broken_ || open_ < max_unanswered_; });
  if (broken_) return false;
  ++open_;
  return true;
}

void feed_session::cancel_record() {
  {
    std::lock_guard const lock{mutex_};
    --open_;
  }
  changed_.notify_all();
}

void feed_session::finish_reading() {
  {
    std::lock_guard const lock{mutex_};
    reading_ = false;
  }
  changed_.notify_all();
}

std::optional<threats::v1::StreamThreatsResponse> feed_session::next_answer() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return broken_ || !answers_.empty() || (!reading_ && open_ == 0); });
  if (broken_ || answers_.empty()) return std::nullopt;
  auto next = std::move(answers_.front());
  answers_.pop_front();
  return next;
}

void feed_session::sent(bool ok) {
  {
    std::lock_guard const lock{mutex_};
    --open_;
    if (!ok) broken_ = true;
  }
  changed_.notify_all();
}

void feed_session::answer(threats::v1::StreamThreatsResponse response) {
  {
    std::lock_guard const lock{mutex_};
    if (!broken_) answers_.push_back(std::move(response));
  }
  changed_.notify_all();
}

trace_source::trace_source() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
  random_.seed(seed);
}

trace_id trace_source::next() {
  constexpr auto kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(32);
  for (auto const bits : {random_() | 1U, random_()})
    for (auto shift = 60; shift >= 0; shift -= 4) text += kDigits[(bits >> static_cast<unsigned>(shift)) & 15U];
  return trace_id{std::move(text)};
}

}  // namespace siren
