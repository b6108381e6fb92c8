#include "alert_gateway/answer_desk.h"

#include <optional>

namespace siren {

class answer_desk::question final : public stream_handler, public std::enable_shared_from_this<question> {
 public:
  question(answer_desk& desk, unary_method const& method, phone_pipe& pipe)
      : desk_{desk}, method_{method}, pipe_{&pipe} {}

  void on_request(std::string_view bytes) override {
    if (request_) return end(failure{reason::malformed, "a call has one request"});
    request_ = std::string{bytes};
  }
  void on_half_closed() override {
    if (!request_) return end(failure{reason::malformed, "a call has one request"});
    if (!desk_.take(shared_from_this()))
      end(failure{reason::too_many_requests, "too many questions wait for an answer already"});
  }
  void on_written(bool) override {}
  void on_closed() override {
    std::lock_guard const lock{mutex_};
    pipe_ = nullptr;
  }
  void answer() {
    auto const made = method_(*request_);
    if (!made) return end(made.error());
    std::lock_guard const lock{mutex_};
    if (pipe_ == nullptr) return;
    pipe_->write(std::make_shared<std::string const>(*made));
    pipe_->finish(std::nullopt);
  }

 private:
  void end(failure const& why) {
    std::lock_guard const lock{mutex_};
    if (pipe_ != nullptr) pipe_->finish(why);
  }

  answer_desk& desk_;
  unary_method const& method_;
  std::mutex mutex_;
  phone_pipe* pipe_;
  std::optional<std::string> request_;
};

answer_desk::answer_desk(std::size_t most_waiting) : most_waiting_{most_waiting}, thread_{[this] { run(); }} {}

answer_desk::~answer_desk() {
  stop();
}

std::shared_ptr<stream_handler> answer_desk::handler_of(unary_method const& method, phone_pipe& pipe) {
  return std::make_shared<question>(*this, method, pipe);
}

bool answer_desk::take(std::shared_ptr<question> asked) {
  {
    std::lock_guard const lock{mutex_};
    if (stopping_ || waiting_.size() >= most_waiting_) return false;
    waiting_.push_back(std::move(asked));
  }
  wake_.notify_one();
  return true;
}

void answer_desk::run() {
  for (;;) {
    std::shared_ptr<question> next;
    {
      std::unique_lock lock{mutex_};
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    next->answer();
  }
}

void answer_desk::stop() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace siren
