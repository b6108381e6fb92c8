#include "alert_gateway/plan_follower.h"

#include <charconv>

#include "common/log.h"

namespace siren {
namespace {

constexpr std::size_t kKeptStreets = 2;
constexpr std::size_t kKeptWalks = 4;  // day and dark, dry and ice

/// Hashes go over the wire as 16 hexadecimal digits.
result<std::uint64_t> key_of(std::string const& hash) {
  std::uint64_t key = 0;
  auto const [end, bad] = std::from_chars(hash.data(), hash.data() + hash.size(), key, 16);
  if (bad != std::errc{} || end != hash.data() + hash.size() || hash.size() != 16)
    return failure{reason::malformed, "not a hash: \"" + hash.substr(0, 40) + "\""};
  return key;
}

}  // namespace

plan_follower::plan_follower(plan_source& source, file_cache cache, guide& guidance, gateway_metrics& measured,
                             milliseconds ask_every, std::function<void()> on_plan)
    : source_{source},
      cache_{std::move(cache)},
      guide_{guidance},
      measured_{measured},
      ask_every_{ask_every},
      on_plan_{std::move(on_plan)} {
  thread_ = std::thread{[this] { run(); }};
}

plan_follower::~plan_follower() {
  stop();
}

void plan_follower::stop() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void plan_follower::ask_soon() {
  {
    std::lock_guard const lock{mutex_};
    soon_ = true;
  }
  wake_.notify_all();
}

void plan_follower::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    soon_ = false;
    lock.unlock();
    auto const done = ask();
    if (done.ok() != works_) {
      works_ = done.ok();
      if (works_)
        log(log_level::info, "plan_asked_again");
      else
        log(log_level::warn, "plan_not_taken", {{"why", done.error().message}});
    }
    lock.lock();
    wake_.wait_for(lock, ask_every_, [this] { return soon_ || stopping_; });
  }
}

result<void> plan_follower::ask() {
  auto const head = source_.head();
  if (!head) return head.error();
  if (head->version == 0) return {};
  if (plan_ && head->version == plan_->version && head->graph_hash == graph_hash_ && head->reach_hash == reach_hash_)
    return {};
  if (head->graph_hash != graph_hash_)
    if (auto const fetched = take_streets(head->graph_hash); !fetched) return fetched;
  if (head->reach_hash != reach_hash_)
    if (auto const fetched = take_walks(head->reach_hash); !fetched) return fetched;
  auto now = plan_ ? follow_deltas(head->version) : take_plan(head->version);
  if (!now && plan_) now = take_plan(head->version);
  if (!now) return now.error();
  hand_over(std::move(*now));
  return {};
}

void plan_follower::hand_over(std::shared_ptr<city_plan const> now) {
  plan_ = std::move(now);
  plan_view next{streets_, snap_, walks_, by_node_, plan_, {}};
  for (std::size_t t = 0; t < plan_->states.size(); ++t)
    if (plan_->states[t].open) next.open.insert(plan_->facts[t].shelter);
  auto const open = next.open.size();
  guide_.plan_is(std::make_shared<plan_view const>(std::move(next)));
  measured_.plan_version.Set(static_cast<double>(plan_->version));
  log(log_level::info, "plan_taken", {{"version", plan_->version}, {"targets", plan_->facts.size()}, {"open", open}});
  on_plan_();
}

result<std::shared_ptr<city_plan const>> plan_follower::take_plan(std::uint64_t version) {
  auto const bytes = source_.fetch_plan(version);
  if (!bytes) return bytes.error();
  auto read = read_plan(*bytes, *streets_, *walks_);
  if (!read) return read.error();
  measured_.plans_taken("whole").Increment();
  return std::make_shared<city_plan const>(std::move(*read));
}

/// Any failure: the whole plan is the way out.
result<std::shared_ptr<city_plan const>> plan_follower::follow_deltas(std::uint64_t version) {
  auto const deltas = source_.fetch_deltas(plan_->version, version);
  if (!deltas) return deltas.error();
  auto now = plan_;
  for (auto const& delta : *deltas) {
    auto next = apply_delta(*now, delta);
    if (!next) {
      log(log_level::warn, "delta_not_applied", {{"why", next.error().message}});
      return next.error();
    }
    now = std::make_shared<city_plan const>(std::move(*next));
  }
  if (now->version != version) return failure{reason::plan_missing, "the deltas lead to another plan"};
  measured_.plans_taken("delta").Increment();
  return now;
}

result<void> plan_follower::take_streets(std::string const& graph_hash) {
  auto const key = key_of(graph_hash);
  if (!key) return key.error();
  auto bytes = cache_.find("streets", *key);
  auto const kept = bytes.ok();
  if (!kept) {
    auto fetched = source_.fetch_graph(graph_hash);
    if (!fetched) return fetched.error();
    bytes = cache_.keep("streets", *key, shared_bytes::owned(std::move(*fetched)), kKeptStreets);
  }
  auto read = read_street_graph(std::move(*bytes));
  if (!read || read->id().value != *key) {
    cache_.forget("streets", *key);
    return read ? failure{reason::malformed, "the streets are not those that were asked for"} : read.error();
  }
  streets_ = std::make_shared<street_graph const>(std::move(*read));
  snap_ = std::make_shared<snap_index const>(*streets_);
  graph_hash_ = graph_hash;
  reach_hash_.clear();
  plan_.reset();
  log(log_level::info, "streets_taken", {{"nodes", streets_->node_count()}, {"from_cache", kept}});
  return {};
}

result<void> plan_follower::take_walks(std::string const& reach_hash) {
  auto const key = key_of(reach_hash);
  if (!key) return key.error();
  auto bytes = cache_.find("walks", *key);
  auto const kept = bytes.ok();
  if (!kept) {
    auto fetched = source_.fetch_reach(reach_hash);
    if (!fetched) return fetched.error();
    bytes = cache_.keep("walks", *key, shared_bytes::owned(std::move(*fetched)), kKeptWalks);
  }
  auto const size = bytes->bytes.size();
  auto read = read_reach(std::move(*bytes), *streets_);
  if (!read || read->id().value != *key) {
    cache_.forget("walks", *key);
    return read ? failure{reason::malformed, "the walking times are not those that were asked for"} : read.error();
  }
  walks_ = std::make_shared<reach const>(std::move(*read));
  by_node_ = make_walks_by_node(*walks_, streets_->node_count());
  reach_hash_ = reach_hash;
  plan_.reset();
  log(log_level::info, "walks_taken", {{"targets", walks_->target_count()}, {"bytes", size}, {"from_cache", kept}});
  return {};
}

}  // namespace siren
