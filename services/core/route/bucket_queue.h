#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace siren {

/// Dial's circular buckets, each holding an interval of times; entries of one bucket come out in no order, so the user
/// must let a node be taken up again (Dial 1969; Denardo & Fox 1979). Holds entries at most `reach_ms` beyond the
/// current bucket. `Entry` has a usual_ms.
template <typename Entry>
class bucket_queue {
 public:
  /// Some 8 m of walking: wide enough that few buckets are empty, narrow enough that few nodes are taken up twice.
  /// Measured flat between 2 s and 16 s on a grid city of 250,000 nodes.
  static constexpr std::uint32_t kBucketMs = 6'400;

  explicit bucket_queue(std::uint32_t reach_ms) : buckets_(reach_ms / kBucketMs + 2) {}
  void push(Entry const& e) {
    buckets_[e.usual_ms / kBucketMs % buckets_.size()].push_back(e);
    ++size_;
  }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// An entry of the earliest bucket that holds any.
  Entry pop() {
    while (buckets_[current_].empty()) current_ = current_ + 1 == buckets_.size() ? 0 : current_ + 1;
    Entry const e = buckets_[current_].back();
    buckets_[current_].pop_back();
    --size_;
    return e;
  }

 private:
  std::vector<std::vector<Entry>> buckets_;
  std::size_t current_ = 0;
  std::size_t size_ = 0;
};

}  // namespace siren
