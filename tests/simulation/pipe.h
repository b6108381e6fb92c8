#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "core/stream/phone.h"
#include "core/stream/phone_session.h"
#include "simulation/network.h"

namespace siren::simulation {

/// One stream between a gateway and a phone, as TCP carries it: in order, late, held back while the network between
/// them is cut, and gone with what was under way when either end goes.
class pipe : public std::enable_shared_from_this<pipe> {
 public:
  pipe(stage_of_events& stage, network& net, bool const& cut) : stage_{stage}, net_{net}, cut_{cut} {}

  std::function<void(stream_send const&)> to_phone;
  std::function<void()> phone_hears_end;
  std::function<void()> gateway_hears_end;
  std::function<void()> on_written;
  bool slow_reader = false;  // the phone's side takes nothing

  void send(stream_send what) {
    queue_.push_back(std::move(what));
    flow();
  }
  /// The gateway's side is over; what was sent may still arrive.
  void end_by_gateway() {
    ended_by_gateway_ = true;
    flow();
  }
  /// The gateway's process is gone, and what it had sent.
  void die_at_gateway() {
    queue_.clear();
    end_by_gateway();
  }
  void end_by_phone() {
    if (ended_by_phone_) return;
    ended_by_phone_ = true;
    queue_.clear();
    tell_gateway();
  }
  [[nodiscard]] bool flowing() const { return !cut_ && !slow_reader && !ended_by_phone_ && !ended_by_gateway_; }

 private:
  static constexpr milliseconds kHeld{250};  // looked at again so often while held back

  void flow() {
    if (moving_ || ended_by_phone_) return;
    if (queue_.empty() && !ended_by_gateway_) return;
    moving_ = true;
    stage_.after(cut_ || slow_reader ? kHeld : net_.delay(), [self = shared_from_this()] { self->arrive(); });
  }
  void arrive() {
    moving_ = false;
    if (ended_by_phone_) return;
    if (cut_ || slow_reader) return flow();
    if (!queue_.empty()) {
      auto const what = std::move(queue_.front());
      queue_.pop_front();
      if (on_written) on_written();
      to_phone(what);
    } else if (ended_by_gateway_ && !told_phone_) {
      told_phone_ = true;
      return phone_hears_end();
    }
    flow();
  }
  void tell_gateway() {
    stage_.after(cut_ ? kHeld : net_.delay(), [self = shared_from_this()] {
      if (self->ended_by_gateway_) return;
      if (self->cut_) return self->tell_gateway();
      self->gateway_hears_end();
    });
  }

  stage_of_events& stage_;
  network& net_;
  bool const& cut_;
  std::deque<stream_send> queue_;
  bool moving_ = false;
  bool ended_by_gateway_ = false;
  bool ended_by_phone_ = false;
  bool told_phone_ = false;
};

}  // namespace siren::simulation
