#include <algorithm>
#include <bit>
#include <optional>

#include "core/base/verify.h"
#include "core/route/reach_grid.h"

namespace siren {
namespace {

/// Nodes by time, then by number. Buckets of an eighth of a second hold so few that the first is found by looking at
/// all; marks find the next bucket that holds any.
class time_queue {
 public:
  explicit time_queue(std::uint32_t longest_ms)
      : first_(bucket_of(longest_ms) + 1), marks_(bucket_of(longest_ms) / 64 + 1) {}

  void clear() {
    std::fill(marks_.begin(), marks_.end(), 0);
    items_.clear();
    word_ = 0;
  }
  /// Not earlier than what was popped last.
  void push(std::uint32_t node, std::uint32_t usual_ms) {
    auto const bucket = bucket_of(usual_ms);
    auto& mark = marks_[bucket / 64];
    auto const bit = std::uint64_t{1} << bucket % 64;
    items_.push_back({std::uint64_t{usual_ms} << 32 | node, (mark & bit) != 0 ? first_[bucket] : kNoIndex});
    first_[bucket] = static_cast<std::uint32_t>(items_.size() - 1);
    mark |= bit;
  }
  /// The earliest, as time and node in one number; absent: none is left.
  std::optional<std::uint64_t> pop() {
    while (marks_[word_] == 0)
      if (++word_ == marks_.size()) return word_ = 0, std::nullopt;
    auto const bucket = word_ * 64 + static_cast<std::size_t>(std::countr_zero(marks_[word_]));
    auto* least = &first_[bucket];
    for (auto* link = &items_[*least].next; *link != kNoIndex; link = &items_[*link].next)
      if (items_[*link].key < items_[*least].key) least = link;
    auto const& taken = items_[*least];
    *least = taken.next;
    if (first_[bucket] == kNoIndex) marks_[word_] &= marks_[word_] - 1;
    return taken.key;
  }

 private:
  struct item {
    std::uint64_t key;
    std::uint32_t next;  // of the bucket's items
  };
  static std::size_t bucket_of(std::uint32_t ms) { return ms >> 7; }

  std::vector<std::uint32_t> first_;  // of each bucket, where it is marked
  std::vector<std::uint64_t> marks_;  // a bit a bucket
  std::vector<item> items_;
  std::size_t word_ = 0;  // of the marks: none before it
};

/// One target after another; arrays over the whole city are kept and marked with the search's number.
class searcher {
 public:
  explicit searcher(reach_grid const& grid)
      : grid_{grid}, nodes_(grid.streets().node_count()), queue_{grid.longest_ms()} {}

  void add_target(std::uint32_t target, reach_part& out) {
    begin(target);
    auto const first = out.entries.size();
    auto const wanted = grid_.people_wanted(target);
    auto const& policy = grid_.policy();
    auto const near = grid_.near_count(target);
    std::uint64_t people = 0;
    std::size_t taken = 0;
    while (taken < policy.most_entries) {
      auto const earliest = queue_.pop();
      if (!earliest) break;
      auto const usual_ms = static_cast<std::uint32_t>(*earliest >> 32);
      auto const node = static_cast<std::uint32_t>(*earliest);
      auto const& here = nodes_[node];
      if (here.usual_ms != usual_ms) continue;
      bool const filled = (taken >= policy.least_entries && people >= wanted) || taken + near >= policy.most_entries;
      if (filled && !grid_.is_near(node, target)) continue;
      auto const local = static_cast<std::uint16_t>(taken++);
      if (here.next == kReachRoot) out.roots.push_back({local, here.door});
      out.entries.push_back({node_index{node}, here.next, static_cast<std::uint16_t>((usual_ms + 99) / 100)});
      people += grid_.people_at(node);
      for (auto const& arc : grid_.streets().into(node))
        if (!filled || grid_.is_near(arc.from, target)) reach(arc.from, usual_ms + arc.cost_ms, local, 0);
    }
    verify(out.entries.size() - first == taken, "every node taken has its entry");
  }

 private:
  struct state {
    std::uint32_t search = 0;  // the search that the rest belongs to
    std::uint32_t usual_ms = 0;
    std::uint16_t next = kReachRoot;
    std::uint16_t door = 0;
  };

  void begin(std::uint32_t target) {
    ++search_;
    queue_.clear();
    for (auto const& s : grid_.sources(target)) reach(s.node, s.usual_ms, kReachRoot, s.door);
  }
  void reach(std::uint32_t node, std::uint32_t usual_ms, std::uint16_t next, std::uint16_t door) {
    auto& at = nodes_[node];
    if (usual_ms > grid_.longest_ms() || (at.search == search_ && usual_ms >= at.usual_ms)) return;
    at = {search_, usual_ms, next, door};
    queue_.push(node, usual_ms);
  }

  reach_grid const& grid_;
  std::vector<state> nodes_;
  time_queue queue_;
  std::uint32_t search_ = 0;
};

}  // namespace

reach_search::reach_search(street_graph const& streets, reach_input const& input, gait g, reach_policy const& policy)
    : grid_{std::make_unique<reach_grid const>(streets, input, g, policy)} {}

reach_search::~reach_search() = default;

reach_part reach_search::search(target_index begin, target_index end) const {
  verify(begin <= end && end.value <= grid_->target_count(), "a range of the targets");
  reach_part out;
  out.entries.reserve(std::size_t{end.value - begin.value} * grid_->policy().least_entries);
  searcher one{*grid_};
  for (auto t = begin.value; t < end.value; ++t) {
    one.add_target(t, out);
    out.first_entry.push_back(static_cast<std::uint32_t>(out.entries.size()));
    out.first_root.push_back(static_cast<std::uint32_t>(out.roots.size()));
  }
  return out;
}

}  // namespace siren
