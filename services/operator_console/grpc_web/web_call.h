#pragma once

#include <functional>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

#include "core/base/time.h"

namespace siren {

/// One call to a service behind the gate, of which we know bytes only. Answers are fetched one by one, so that a slow
/// browser slows its service down and nothing piles up here. Keeps itself until it ends.
class web_call {
 public:
  struct wanted {
    std::shared_ptr<grpc::Channel> channel;
    std::string method;         // "/siren.alerts.v1.AlarmService/ProposeAlarm"
    std::string message;        // serialized
    std::string authorization;  // the header's value; empty: none
    std::chrono::system_clock::time_point deadline;
  };
  /// Called on a thread of gRPC's: hand over and return.
  struct told {
    std::function<void(std::string message)> message;  // after a call of `next`
    std::function<void(grpc::Status status)> end;      // once, the last of all
  };

  static std::shared_ptr<web_call> begin(wanted asked, told to);
  virtual ~web_call() = default;
  /// Asks for one more message. Not again before that came; not after the end.
  virtual void next() = 0;
  /// `end` follows soon, if `next` is called after each message that still comes.
  virtual void cancel() = 0;
};

}  // namespace siren
