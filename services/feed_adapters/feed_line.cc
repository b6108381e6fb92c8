#include "feed_adapters/feed_line.h"

#include <algorithm>

#include "common/log.h"
#include "common/rpc_server.h"
#include "siren/threats/v1/threat_feed_service.grpc.pb.h"

namespace siren {
namespace {

/// Refused for now, not for good.
bool passes(std::string const& why) {
  return why == name_of(reason::store_unavailable) || why == name_of(reason::draining);
}

}  // namespace

class feed_line::open_stream {
 public:
  explicit open_stream(std::string const& address)
      : stub_{threats::v1::ThreatFeedService::NewStub(internal_channel(address))},
        stream_{stub_->StreamThreats(&context_)} {}
  bool write(record const& one) { return stream_->Write(one); }
  bool read(response& one) { return stream_->Read(&one); }
  void cancel() { context_.TryCancel(); }
  grpc::Status finish() { return stream_->Finish(); }

 private:
  std::unique_ptr<threats::v1::ThreatFeedService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<record, response>> stream_;
};

feed_line::feed_line(parts with, feed_line_policy policy)
    : with_{std::move(with)}, policy_{policy}, thread_{[this] { run(); }} {}

feed_line::~feed_line() {
  stop();
}

void feed_line::stop() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
    if (stream_ != nullptr) stream_->cancel();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool feed_line::put(record one) {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return stopping_ || waiting_records() < policy_.max_waiting; });
  if (stopping_) return false;
  waiting_.push_back({std::move(one), sort::record});
  with_.counts.unanswered.Set(static_cast<double>(waiting_records()));
  lock.unlock();
  changed_.notify_all();
  return true;
}

bool feed_line::settle(steady_time until) {
  std::unique_lock lock{mutex_};
  changed_.wait_until(lock, until, [this] { return stopping_ || waiting_records() == 0; });
  return waiting_records() == 0;
}

void feed_line::run() {
  auto wait = policy_.first_retry;
  while (true) {
    bool const heard = stream_once();
    wait = heard ? policy_.first_retry : std::min(wait * 2, policy_.longest_retry);
    std::unique_lock lock{mutex_};
    if (changed_.wait_for(lock, wait, [this] { return stopping_; })) return;
  }
}

void feed_line::begin_stream() {
  for (auto at = sent_.rbegin(); at != sent_.rend(); ++at)
    if (at->is == sort::record) waiting_.push_front(std::move(*at));
  sent_.clear();
  sent_records_ = 0;
  broken_ = heard_ = false;
  beat_at_ = steady_now();
}

bool feed_line::stream_once() {
  auto standing = with_.standing ? with_.standing() : std::vector<record>{};
  open_stream stream{with_.ingest};
  {
    std::lock_guard const lock{mutex_};
    if (stopping_) return false;
    begin_stream();
    standing_.clear();
    for (auto& one : standing) standing_.push_back({std::move(one), sort::standing});
    stream_ = &stream;
  }
  std::thread reader{[&] { read_all(stream); }};
  write_all(stream);
  stream.cancel();
  reader.join();
  auto const status = stream.finish();
  std::lock_guard const lock{mutex_};
  stream_ = nullptr;
  with_.counts.connected.Set(0);
  if (!stopping_)
    log(log_level::warn, "feed_stream_ended",
        {{"ingest", with_.ingest}, {"reason", reason_of(status)}, {"message", status.error_message()}});
  return heard_;
}

void feed_line::write_all(open_stream& stream) {
  while (auto const next = next_to_write())
    if (!stream.write(next->what)) return;
}

std::optional<feed_line::entry> feed_line::next_to_write() {
  std::unique_lock lock{mutex_};
  while (true) {
    if (stopping_ || broken_) return std::nullopt;
    auto const now = steady_now();
    for (; !deferred_.empty() && deferred_.front().first <= now; deferred_.pop_front())
      waiting_.push_back(std::move(deferred_.front().second));
    bool const lives = !with_.lives || with_.lives();
    with_.counts.lives.Set(lives ? 1 : 0);
    if (now >= beat_at_) {
      beat_at_ = now + policy_.beat_interval;
      for (auto beat = with_.beats.rbegin(); lives && beat != with_.beats.rend(); ++beat) {
        standing_.push_front({{}, sort::beat});
        *standing_.front().what.mutable_beat() = *beat;
      }
    }
    auto& from = standing_.empty() ? waiting_ : standing_;
    if (!from.empty() && sent_.size() < policy_.max_unanswered) {
      sent_.push_back(std::move(from.front()));
      from.pop_front();
      if (sent_.back().is == sort::record) ++sent_records_;
      return sent_.back();
    }
    auto const wake = deferred_.empty() ? beat_at_ : std::min(beat_at_, deferred_.front().first);
    changed_.wait_until(lock, wake);
  }
}

void feed_line::read_all(open_stream& stream) {
  for (response answer; stream.read(answer);) take_answer(answer);
  {
    std::lock_guard const lock{mutex_};
    broken_ = true;
  }
  changed_.notify_all();
}

void feed_line::take_answer(response const& answer) {
  entry of;
  bool again = false;
  {
    std::lock_guard const lock{mutex_};
    if (sent_.empty()) return;
    of = std::move(sent_.front());
    sent_.pop_front();
    heard_ = true;
    with_.counts.connected.Set(1);
    if (of.is == sort::record) --sent_records_;
    again = !answer.accepted() && passes(answer.reason());
    if (again && of.is == sort::beat) return;
    if (again) deferred_.emplace_back(steady_now() + policy_.store_retry, entry{of.what, sort::record});
    with_.counts.unanswered.Set(static_cast<double>(waiting_records()));
    // Before settle() returns, or the last answers would be missing from a summary made then.
    if (of.is == sort::record) with_.counts.answered(answer.accepted() ? "accepted" : answer.reason());
  }
  changed_.notify_all();
  if (again) return;
  if (of.is != sort::beat) {
    if (with_.answered) with_.answered(of.what, answer);
  } else if (!answer.accepted()) {
    log(log_level::error, "feed_beat_refused", {{"reason", answer.reason()}, {"message", answer.message()}});
  }
}

}  // namespace siren
