#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "alert_gateway/ports.h"

namespace siren {

/// One question, one answer: the bytes of a response for the bytes of a request.
using unary_method = std::function<result<std::string>(std::string_view request)>;

/// Answers unary calls on a thread of its own, so that no alert waits for them.
class answer_desk {
 public:
  explicit answer_desk(std::size_t most_waiting = 1'000);  // a second's work at a millisecond each
  ~answer_desk();
  /// The handler of a call of this method. At the limit it answers TOO_MANY_REQUESTS.
  [[nodiscard]] std::shared_ptr<stream_handler> handler_of(unary_method const& method, phone_pipe& pipe);
  void stop();

 private:
  class question;
  void run();
  [[nodiscard]] bool take(std::shared_ptr<question> asked);

  std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::deque<std::shared_ptr<question>> waiting_;
  std::thread thread_;
};

}  // namespace siren
