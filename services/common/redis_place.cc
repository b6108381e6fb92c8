#include "common/redis_place.h"

#include <poll.h>

#include <map>

#include "common/log.h"
#include "core/base/verify.h"

namespace siren {
namespace {

constexpr std::string_view kPrefix = "sentinels:";

timeval timeval_of(milliseconds wait) {
  return {wait.count() / 1000, wait.count() % 1000 * 1000};
}

std::string text_of(redisReply const& reply) {
  return reply.str == nullptr ? std::string{} : std::string{reply.str, static_cast<std::size_t>(reply.len)};
}

}  // namespace

redis_context connect_redis(std::string const& address, milliseconds wait) {
  auto const limit = timeval_of(wait);
  redis_context made;
  if (address.starts_with("unix:")) {
    made.reset(redisConnectUnixWithTimeout(address.c_str() + 5, limit));
  } else {
    auto const colon = address.rfind(':');
    if (colon == std::string::npos) return nullptr;
    made.reset(
        redisConnectWithTimeout(address.substr(0, colon).c_str(), std::atoi(address.c_str() + colon + 1), limit));
  }
  if (!made || made->err != 0) return nullptr;
  redisSetTimeout(made.get(), limit);
  return made;
}

redis_reply ask_redis(redisContext& context, std::vector<std::string> const& words) {
  std::vector<char const*> texts;
  std::vector<std::size_t> sizes;
  for (auto const& word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  redis_reply reply{
      static_cast<redisReply*>(redisCommandArgv(&context, static_cast<int>(words.size()), texts.data(), sizes.data()))};
  if (reply && reply->type == REDIS_REPLY_ERROR) return nullptr;
  return reply;
}

bool is_primary(redisContext& context) {
  auto const role = ask_redis(context, {"ROLE"});
  return role && role->type == REDIS_REPLY_ARRAY && role->elements > 0 && text_of(*role->element[0]) == "master";
}

result<std::optional<sentinel_address>> parse_redis_address(std::string_view address) {
  if (!address.starts_with(kPrefix)) return std::optional<sentinel_address>{};
  address.remove_prefix(kPrefix.size());
  failure const wrong{reason::malformed, "Sentinels are given as HOST:PORT,HOST:PORT with the name of their primary"};
  auto const at = address.find('@');
  if (at == std::string_view::npos || at == 0) return wrong;
  sentinel_address found{std::string{address.substr(0, at)}, {}};
  address.remove_prefix(at + 1);
  while (!address.empty()) {
    auto const one = address.substr(0, address.find(','));
    auto const colon = one.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == one.size()) return wrong;
    if (one.find_first_not_of("0123456789", colon + 1) != std::string_view::npos) return wrong;
    found.sentinels.emplace_back(one);
    address.remove_prefix(std::min(address.size(), one.size() + 1));
  }
  if (found.sentinels.empty()) return wrong;
  return std::optional{std::move(found)};
}

redis_place::redis_place(std::string const& address, redis_place_policy policy) : policy_{policy} {
  auto parsed = parse_redis_address(address);
  verify(parsed.ok(), "addresses of Redis are verified before they are used");
  sentinels_ = std::move(parsed).value();
  if (!sentinels_) {
    spot_.address = address;
    return;
  }
  asked_.resize(sentinels_->sentinels.size());
  ask_all();
  thread_ = std::thread{[this] { run(); }};
}

redis_place::~redis_place() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

redis_place::spot redis_place::now() const {
  std::lock_guard const lock{mutex_};
  return spot_;
}

redis_context redis_place::connect(spot const& to, milliseconds wait) const {
  if (to.address.empty()) return nullptr;
  auto made = connect_redis(to.address, wait);
  if (made && moves() && !is_primary(*made)) return nullptr;
  return made;
}

void redis_place::run() {
  while (!stopping_) {
    wait_round();
    if (!stopping_) ask_all();
  }
}

void redis_place::ask_all() {
  std::map<std::string, std::size_t> votes;
  for (std::size_t i = 0; i < asked_.size(); ++i)
    if (auto const named = ask(i); !named.empty()) ++votes[named];
  std::lock_guard const lock{mutex_};
  // At equal votes the primary stays: one Sentinel alone may have been cut off from the others.
  auto const* best = &spot_.address;
  for (auto const& [address, count] : votes)
    if (count > (votes.contains(*best) ? votes.at(*best) : 0)) best = &address;
  if (*best == spot_.address) return;
  log(log_level::warn, "redis_primary", {{"was", spot_.address}, {"now", *best}});
  spot_ = {*best, spot_.turn + 1};
}

std::string redis_place::ask(std::size_t which) {
  auto& sentinel = asked_[which];
  if (!sentinel) sentinel = connect_redis(sentinels_->sentinels[which], policy_.answer_within);
  if (!sentinel) return {};
  auto const said = ask_redis(*sentinel, {"SENTINEL", "get-master-addr-by-name", sentinels_->master});
  if (!said) sentinel.reset();
  if (!said || said->type != REDIS_REPLY_ARRAY || said->elements != 2) return {};
  return text_of(*said->element[0]) + ":" + text_of(*said->element[1]);
}

void redis_place::hear_at_one() {
  ear_ = connect_redis(sentinels_->sentinels[ear_at_++ % asked_.size()], policy_.answer_within);
  if (ear_ && !ask_redis(*ear_, {"SUBSCRIBE", "+switch-master"})) ear_.reset();
}

void redis_place::wait_round() {
  if (!ear_) hear_at_one();
  pollfd waiting{ear_ ? ear_->fd : -1, POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(policy_.ask_interval.count())) <= 0 || !ear_) return;
  if (redisBufferRead(ear_.get()) != REDIS_OK) return ear_.reset();
  for (void* raw = nullptr; redisGetReplyFromReader(ear_.get(), &raw) == REDIS_OK && raw != nullptr; raw = nullptr)
    redis_reply const heard{static_cast<redisReply*>(raw)};
}

}  // namespace siren
