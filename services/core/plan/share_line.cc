#include "core/plan/share_line.h"

#include <algorithm>

#include "core/base/verify.h"

namespace siren {
namespace {

constexpr std::uint32_t kShares = 65'536;

/// Shares of each count, together all of them: rounded at the running sum, so that no count is off by more than one.
std::vector<std::uint32_t> shares_of(std::span<option_people const> now) {
  std::uint64_t total = 0;
  for (auto const& n : now) total += n.people;
  verify(total != 0, "a lot has people");
  std::vector<std::uint32_t> shares;
  std::uint64_t sum = 0;
  std::uint64_t given = 0;
  for (auto const& n : now) {
    sum += n.people;
    if (total == 0) break;  // never here: tells the analyzer what verify does
    // The analyzer does not see that verify stops the program.
    auto const until = (sum * kShares + total / 2) / total;  // NOLINT(clang-analyzer-core.DivideZero)
    shares.push_back(static_cast<std::uint32_t>(until - given));
    given = until;
  }
  return shares;
}

class share_line {
 public:
  share_line(std::span<option_people const> now, std::vector<node_option>& out)
      : now_{now}, left_{shares_of(now)}, out_{out}, begin_{out.size()} {}

  void lay(std::span<node_option const> before) {
    keep(before);
    std::uint32_t at = 0;
    std::size_t next = 0;
    for (auto const& kept : kept_) {
      next = fill(at, kept.begin, next);
      add(kept.option, kept.end);
      at = kept.end;
    }
    fill(at, kShares, next);
  }

 private:
  struct interval {
    std::uint32_t begin;
    std::uint32_t end;
    std::size_t option;
  };

  void keep(std::span<node_option const> before) {
    std::uint32_t begin = 0;
    for (auto const& old : before) {
      std::uint32_t const end = old.last_share + 1U;
      for (std::size_t i = 0; i < now_.size(); ++i) {
        if (now_[i].target != old.target || now_[i].ride != old.ride) continue;
        auto const length = std::min(end - begin, left_[i]);
        left_[i] -= length;
        if (length != 0) kept_.push_back({begin, begin + length, i});
        break;
      }
      begin = end;
    }
  }
  /// Lays what is left of the options from `next` on; the first that is not used up.
  std::size_t fill(std::uint32_t begin, std::uint32_t end, std::size_t next) {
    while (begin < end) {
      while (left_[next] == 0) ++next;
      auto const length = std::min(end - begin, left_[next]);
      left_[next] -= length;
      begin += length;
      add(next, begin);
    }
    return next;
  }
  void add(std::size_t option, std::uint32_t end) {
    node_option const laid{now_[option].target, now_[option].ride, static_cast<std::uint16_t>(end - 1)};
    if (out_.size() > begin_ && out_.back().target == laid.target && out_.back().ride == laid.ride)
      out_.back().last_share = laid.last_share;
    else
      out_.push_back(laid);
  }

  std::span<option_people const> now_;
  std::vector<std::uint32_t> left_;
  std::vector<interval> kept_;
  std::vector<node_option>& out_;
  std::size_t begin_;
};

}  // namespace

void append_options(std::span<node_option const> before, std::span<option_people const> now,
                    std::vector<node_option>& out) {
  if (now.size() == 1) {
    out.push_back({now[0].target, now[0].ride, 0xFFFF});
    return;
  }
  share_line{now, out}.lay(before);
}

}  // namespace siren
