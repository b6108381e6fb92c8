#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include <grpcpp/grpcpp.h>

#include "common/metrics.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace siren {

struct web_gate_options {
  struct method {
    std::shared_ptr<grpc::Channel> service;  // which answers it
    bool streams = false;
  };
  std::map<std::string, method> methods;  // by full name, "/siren.alerts.v1.AlarmService/ProposeAlarm"; no others exist
  std::set<std::string> origins;          // of other pages that may call, "https://console.city.example"
  std::size_t most_body_bytes = 64U << 10U;  // an edit has some hundred; an import doesn't go this way
  std::size_t most_calls = 32;               // at once
  std::size_t most_streams = 16;             // of these, so that an edit always finds room
  milliseconds unary_within{10'000};         // what a page asks for at most; services answer within 5 s
  /// A token is looked at when a stream begins: this is how long one lives on after it has expired.
  milliseconds stream_within{300'000};
};

/// What browsers may ask of the services behind: rules and counts, no sockets. Thread-safe.
class web_gate {
 public:
  web_gate(web_gate_options options, metrics& counts) : options_{std::move(options)}, counts_{counts} {}
  ~web_gate() { wait_until_empty(); }

  [[nodiscard]] web_gate_options const& options() const { return options_; }
  /// Whether a page of `origin` may ask us, who are asked for as `host`. Empty: no page, or one of ours.
  [[nodiscard]] bool may_ask(std::string const& origin, std::string const& host) const;

  /// A place among the calls that run; leaves with its last holder.
  class seat;
  /// Failure: UNKNOWN_METHOD, TOO_MANY_REQUESTS, TOO_MANY_STREAMS.
  [[nodiscard]] result<std::shared_ptr<seat>> enter(std::string const& method);
  void count_end(std::string const& method, grpc::StatusCode code);
  /// Calls that were not made. `why` is one of few words.
  void count_refusal(std::string const& why);
  void wait_until_empty();

 private:
  web_gate_options options_;
  metrics& counts_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::size_t calls_ = 0;
  std::size_t streams_ = 0;
};

class web_gate::seat {
 public:
  seat(web_gate& of, web_gate_options::method const& what) : method_{what}, of_{of} {}
  ~seat();
  seat(seat const&) = delete;
  seat& operator=(seat const&) = delete;
  [[nodiscard]] web_gate_options::method const& method() const { return method_; }

 private:
  web_gate_options::method const& method_;
  web_gate& of_;
};

}  // namespace siren
