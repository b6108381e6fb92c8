#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bus.h"
#include "core/base/result.h"

namespace siren {

struct plan_head {
  std::uint64_t version = 0;  // 0: no plan yet
  std::string graph_hash;
  std::string reach_hash;
};

/// The route planner as a gateway sees it. May block; failures: UNAVAILABLE kinds, PLAN_MISSING when what is asked for
/// was replaced meanwhile (ask for the head again) or, of deltas, never was.
class plan_source {
 public:
  virtual ~plan_source() = default;
  [[nodiscard]] virtual result<plan_head> head() = 0;
  /// As written by write_street_graph, reach::bytes and write_plan. 8-byte aligned.
  [[nodiscard]] virtual result<std::vector<std::byte>> fetch_graph(std::string const& graph_hash) = 0;
  [[nodiscard]] virtual result<std::vector<std::byte>> fetch_reach(std::string const& reach_hash) = 0;
  [[nodiscard]] virtual result<std::vector<std::byte>> fetch_plan(std::uint64_t version) = 0;
  /// As written by write_delta, each for the plan that the one before leads to; from `base` to `version`.
  [[nodiscard]] virtual result<std::vector<std::vector<std::byte>>> fetch_deltas(std::uint64_t base,
                                                                                 std::uint64_t version) = 0;
};

/// Starts to hear channels of the bus; called again when the bus was found deaf.
using start_listening = std::function<std::unique_ptr<bus_listener>(std::vector<std::string>, bus_handlers)>;

/// One stream's other end, as its transport sees it. Calls come one at a time.
class stream_handler {
 public:
  virtual ~stream_handler() = default;
  /// A whole message; lives for the call only.
  virtual void on_request(std::string_view bytes) = 0;
  /// The phone sends no more; it may go on listening.
  virtual void on_half_closed() = 0;
  /// What write() began is through, or (false) never will be.
  virtual void on_written(bool ok) = 0;
  /// The pipe is gone; it is not touched after this returns. The last call.
  virtual void on_closed() = 0;
};

/// What carries one stream to a phone, whatever the transport. Calls come one at a time and never after the line was
/// told on_closed. An implementation must not call back into the line from within these.
class phone_pipe {
 public:
  virtual ~phone_pipe() = default;
  /// A write is near: its memory may be fetched meanwhile. On the transport's thread.
  virtual void expect_write() const {}
  /// Starts one write of one message; the line's on_written follows. Never two under way.
  virtual void write(std::shared_ptr<std::string const> const& message) = 0;
  /// Ends the stream after what was written: in good order, or with this failure as its status. At most once.
  virtual void finish(std::optional<failure> const& why) = 0;
  /// Cuts it without waiting for the phone to read.
  virtual void cut() = 0;
};

}  // namespace siren
