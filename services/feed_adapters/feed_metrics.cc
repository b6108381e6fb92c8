#include "feed_adapters/feed_metrics.h"

#include <utility>

#include "common/log.h"

namespace siren {
namespace {

constexpr seconds kLogEvery{1};

}  // namespace

feed_metrics::feed_metrics(metrics& to, std::string source)
    : lives{to.gauge("siren_feed_lives", "1 while the provider gives signs of life", {{"source", source}})},
      connected{to.gauge("siren_feed_connected", "1 while ingest answers this feed", {{"source", source}})},
      unanswered{to.gauge("siren_feed_unanswered", "Records that ingest has not answered", {{"source", source}})},
      running_alarms{to.gauge("siren_feed_running_alarms", "Alarms that run by the provider", {{"source", source}})},
      peers{to.gauge("siren_feed_peers", "Connections that bring reports", {{"source", source}})},
      metrics_{to},
      source_{std::move(source)} {}

void feed_metrics::refused(failure const& why, steady_time when) {
  std::uint64_t unlogged = 0;
  {
    std::lock_guard const lock{mutex_};
    auto& of = refused_[why.why];
    if (of.count == nullptr)
      of.count = &metrics_.counter("siren_feed_refused_total", "What this adapter refused of its provider's words",
                                   {{"source", source_}, {"reason", std::string{name_of(why.why)}}});
    of.count->Increment();
    if (of.logged_at != steady_time{} && when - of.logged_at < kLogEvery) {
      ++of.unlogged;
      return;
    }
    of.logged_at = when;
    unlogged = std::exchange(of.unlogged, 0);
  }
  // A city's bundle knows a part of the country; the rest is no trouble.
  auto const level = why.why == reason::unknown_region ? log_level::debug : log_level::warn;
  log(level, "feed_refused", {{"reason", name_of(why.why)}, {"message", why.message}, {"unlogged_before", unlogged}});
}

void feed_metrics::polled(std::string const& outcome) {
  std::lock_guard const lock{mutex_};
  auto*& count = polled_[outcome];
  if (count == nullptr)
    count = &metrics_.counter("siren_feed_polls_total", "Answers of the provider by outcome",
                              {{"source", source_}, {"outcome", outcome}});
  count->Increment();
}

void feed_metrics::answered(std::string const& what) {
  std::lock_guard const lock{mutex_};
  auto*& count = answered_[what];
  if (count == nullptr)
    count = &metrics_.counter("siren_feed_answers_total", "Answers of ingest", {{"source", source_}, {"answer", what}});
  count->Increment();
}

std::map<std::string, std::uint64_t> feed_metrics::refusals() const {
  std::lock_guard const lock{mutex_};
  std::map<std::string, std::uint64_t> all;
  for (auto const& [why, of] : refused_) all[std::string{name_of(why)}] = static_cast<std::uint64_t>(of.count->Value());
  return all;
}

std::map<std::string, std::uint64_t> feed_metrics::answers() const {
  std::lock_guard const lock{mutex_};
  std::map<std::string, std::uint64_t> all;
  for (auto const& [what, count] : answered_) all[what] = static_cast<std::uint64_t>(count->Value());
  return all;
}

}  // namespace siren
