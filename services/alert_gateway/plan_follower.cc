#include "alert_gateway/plan_follower.h"

#include "common/log.h"

namespace siren {
namespace {

std::span<std::byte const> as_span(std::string const& bytes) {
  return std::as_bytes(std::span{bytes});
}

}  // namespace

plan_follower::plan_follower(plan_source& source, guide& guidance, gateway_metrics& measured, milliseconds ask_every,
                             std::function<void()> on_plan)
    : source_{source}, guide_{guidance}, measured_{measured}, ask_every_{ask_every}, on_plan_{std::move(on_plan)} {
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
  if (head->version == 0 || (head->version == version_ && head->graph_hash == graph_hash_)) return {};
  if (head->graph_hash != graph_hash_)
    if (auto const fetched = fetch_streets(head->graph_hash); !fetched) return fetched;
  auto const bytes = source_.fetch_plan(head->version);
  if (!bytes) return bytes.error();
  auto read = read_plan(as_span(*bytes), *streets_);
  if (!read) return read.error();
  auto const now = std::make_shared<plan const>(std::move(*read));
  version_ = head->version;
  guide_.plan_is(std::make_shared<plan_view const>(plan_view{streets_, snap_, now}));
  measured_.plan_version.Set(static_cast<double>(version_));
  log(log_level::info, "plan_taken", {{"version", version_}, {"doors", now->doors.size()}});
  on_plan_();
  return {};
}

result<void> plan_follower::fetch_streets(std::string const& graph_hash) {
  auto const bytes = source_.fetch_graph(graph_hash);
  if (!bytes) return bytes.error();
  auto read = read_street_graph(as_span(*bytes));
  if (!read) return read.error();
  streets_ = std::make_shared<street_graph const>(std::move(*read));
  snap_ = std::make_shared<snap_index const>(*streets_);
  graph_hash_ = graph_hash;
  log(log_level::info, "streets_taken", {{"nodes", streets_->node_count()}});
  return {};
}

}  // namespace siren
