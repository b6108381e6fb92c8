#include <algorithm>
#include <functional>

#include "core/base/verify.h"
#include "core/route/reach_grid.h"

namespace siren {
namespace {

/// One target after another; arrays over the whole city are kept and marked with the search's number.
class searcher {
 public:
  explicit searcher(reach_grid const& grid) : grid_{grid}, nodes_(grid.streets().node_count()) {}

  void add_target(std::uint32_t target, reach_part& out) {
    begin(target);
    auto const first = out.entries.size();
    auto const wanted = grid_.people_wanted(target);
    auto const& policy = grid_.policy();
    std::uint64_t people = 0;
    std::size_t taken = 0;
    while (!queue_.empty() && taken < policy.most_entries) {
      auto const [usual_ms, node] = pop();
      auto const& here = nodes_[node];
      if (here.usual_ms != usual_ms) continue;
      bool const filled = taken >= policy.least_entries && people >= wanted;
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
    queue_.push_back(std::uint64_t{usual_ms} << 32 | node);
    std::push_heap(queue_.begin(), queue_.end(), std::greater<>{});
  }
  std::pair<std::uint32_t, std::uint32_t> pop() {
    std::pop_heap(queue_.begin(), queue_.end(), std::greater<>{});
    auto const key = queue_.back();
    queue_.pop_back();
    return {static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key)};
  }

  reach_grid const& grid_;
  std::vector<state> nodes_;
  std::vector<std::uint64_t> queue_;  // time and node in one number: equal times in order of node
  std::uint32_t search_ = 0;
};

}  // namespace

reach_search::reach_search(street_graph const& streets, reach_input const& input, gait g, reach_policy const& policy)
    : grid_{std::make_unique<reach_grid const>(streets, input, g, policy)} {}

reach_search::~reach_search() = default;

reach_part reach_search::search(target_index begin, target_index end) const {
  verify(begin <= end && end.value <= grid_->target_count(), "a range of the targets");
  reach_part out;
  searcher one{*grid_};
  for (auto t = begin.value; t < end.value; ++t) {
    one.add_target(t, out);
    out.first_entry.push_back(static_cast<std::uint32_t>(out.entries.size()));
    out.first_root.push_back(static_cast<std::uint32_t>(out.roots.size()));
  }
  return out;
}

}  // namespace siren
