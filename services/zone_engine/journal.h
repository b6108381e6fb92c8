#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/stream/cursor.h"
#include "zone_engine/outgoing.h"

namespace siren {

struct journal_policy {
  /// Some 40,000 alerts: ten hours of the densest raid seen.
  std::size_t max_bytes = 64U << 20U;
  /// The last tenth is for what comes of what was accepted; new orders are refused there.
  std::size_t reserve_share = 10;
};

/// What was decided while the store was away, on this machine's disk, in order, until the store has it. Promise "one
/// warning path always works": what is kept here survives a crash of the process and of the machine. One process at a
/// time holds a folder. Not thread-safe.
class journal {
 public:
  /// Opens or makes `folder`/journal. A record cut short or damaged at the end was never kept, so never promised to
  /// anybody: it is cut off. Failure: FILE_UNREADABLE, NOT_READY (another process holds it), MALFORMED (not a journal).
  [[nodiscard]] static result<std::unique_ptr<journal>> open(std::string const& folder, journal_policy policy = {});
  ~journal();
  journal(journal const&) = delete;
  journal& operator=(journal const&) = delete;

  /// What an earlier process left here, and the term in which it led.
  [[nodiscard]] std::vector<outgoing> const& leftover() const { return leftover_; }
  [[nodiscard]] std::uint64_t term() const { return term_; }
  /// A place that the alert log had reached when the earlier process last noted it; {0, 0}: none.
  [[nodiscard]] cursor noted() const { return noted_; }

  /// All of them are on the disk when it returns. Failure: JOURNAL_FULL (the limit, or the disk), STORE_UNAVAILABLE
  /// (the disk does not take it); then none of them is kept.
  [[nodiscard]] result<void> append(std::vector<outgoing> const& records);
  /// As append, but leaves the reserve free.
  [[nodiscard]] result<void> append_order(operator_order const& order);
  /// The store has everything: forget it. What follows is kept for a leader of this term.
  [[nodiscard]] result<void> clear(std::uint64_t term);
  /// The log has reached this place; a copy older than that would be a restored one. Only a hint, not made durable.
  void note(cursor reached);

  [[nodiscard]] bool empty() const { return size_ == kHeaderBytes; }

 private:
  static constexpr std::size_t kHeaderBytes = 48;
  journal(int file, journal_policy policy) : file_{file}, policy_{policy} {}
  [[nodiscard]] result<void> load();
  [[nodiscard]] result<void> append_within(std::vector<outgoing> const& records, std::size_t limit);
  [[nodiscard]] result<void> write_header(bool durable);
  [[nodiscard]] result<void> write_at(std::size_t offset, std::string const& bytes);

  int file_;
  journal_policy policy_;
  std::size_t size_ = 0;
  std::uint64_t term_ = 0;
  cursor noted_;
  std::vector<outgoing> leftover_;
  bool broken_ = false;
};

}  // namespace siren
