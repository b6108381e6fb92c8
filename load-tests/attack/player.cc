#include "attack/player.h"

#include <poll.h>

#include <algorithm>
#include <deque>

#include "common/rpc_server.h"
#include "siren/threats/v1/threat_feed_service.grpc.pb.h"

namespace siren::attack {
namespace {

constexpr int kPaceMs = 5;
constexpr seconds kBeatEvery{1};
constexpr std::size_t kMaxUnanswered = 2'000;
constexpr int kRetryMs = 500;

}  // namespace

struct player::feed {
  std::uint32_t index = 0;
  std::vector<timed_record const*> records;
  std::size_t next = 0;  // the first record not yet answered
  std::thread thread;
};

player::player(std::string ingest_address, timeline const& what, world_clock const& clock, utc_time from)
    : address_{std::move(ingest_address)}, timeline_{what}, clock_{clock} {
  for (std::uint32_t i = 0; i < what.feeds.size(); ++i) {
    feeds_.push_back(std::make_unique<feed>());
    feeds_.back()->index = i;
  }
  for (auto const& record : what.records)
    if (record.send_at >= from) feeds_[record.feed]->records.push_back(&record);
  running_feeds_ = static_cast<int>(feeds_.size());
  for (auto& one : feeds_) one->thread = std::thread{[this, raw = one.get()] { run(*raw); }};
}

player::~player() {
  stop();
}

void player::stop() {
  stopping_ = true;
  for (auto& one : feeds_)
    if (one->thread.joinable()) one->thread.join();
}

feed_counts player::counts() const {
  std::lock_guard const lock{mutex_};
  return counts_;
}

void player::run(feed& one) {
  while (!stopping_ && !play(one)) poll(nullptr, 0, kRetryMs);
  --running_feeds_;
}

// True when the feed has nothing more to say; false when the stream broke and the rest must be played again.
bool player::play(feed& one) {
  auto const channel = internal_channel(address_);
  auto const stub = threats::v1::ThreatFeedService::NewStub(channel);
  grpc::ClientContext context;
  auto const stream = stub->StreamThreats(&context);
  std::atomic<std::size_t> answered{one.next};
  std::atomic<bool> broken{false};
  std::thread reader{[&] {
    threats::v1::StreamThreatsResponse answer;
    while (stream->Read(&answer)) {
      if (answer.record_number() == 0) continue;  // of a beat
      auto const& record = one.records[answered]->record;
      std::lock_guard const lock{mutex_};
      if (answer.accepted()) {
        ++counts_.accepted;
        ++(record.has_region_alarm() ? counts_.region_alarms : counts_.observations);
      } else {
        ++counts_.refused[answer.reason()];
      }
      ++answered;
    }
    broken = true;
  }};
  auto sent = one.next;
  auto beat_at = std::chrono::steady_clock::now();
  auto const& self = timeline_.feeds[one.index];
  auto const write = [&](threats::v1::StreamThreatsRequest const& record) {
    if (!stream->Write(record)) broken = true;
  };
  while (!stopping_ && !broken && clock_.now() < timeline_.ends) {
    while (!broken && sent < one.records.size() && one.records[sent]->send_at <= clock_.now() &&
           sent - answered < kMaxUnanswered) {
      write(one.records[sent++]->record);
      std::lock_guard const lock{mutex_};
      ++counts_.sent;
    }
    if (std::chrono::steady_clock::now() >= beat_at) {
      threats::v1::StreamThreatsRequest beat;
      beat.mutable_beat()->set_source(self.source);
      beat.mutable_beat()->set_official(self.official);
      write(beat);
      beat_at += kBeatEvery;
    }
    poll(nullptr, 0, kPaceMs);
  }
  auto const ended_by_itself = !broken;
  stream->WritesDone();
  if (stopping_) context.TryCancel();
  reader.join();
  (void)stream->Finish();
  one.next = answered;
  return ended_by_itself || one.next == one.records.size();
}

}  // namespace siren::attack
