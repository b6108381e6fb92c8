#pragma once

#include "feed_adapters/alarm_board.h"
#include "feed_adapters/feed_json.h"
#include "feed_adapters/http_exchange.h"

namespace siren {

enum class alarm_provider : std::uint8_t { alerts_in_ua, ukrainealarm };

struct poll_policy {
  /// Between the beginnings of two polls. alerts.in.ua: softly 8 to 10 a minute and never more than 12 from one
  /// address, which is one every 7.5 s at the softest.
  milliseconds interval{7'500};
  /// Between a poll that tells of a change and the request for it (ukrainealarm).
  milliseconds follow_up{500};
  /// After a failure, doubled with each further one in a row up to `longest_wait`.
  milliseconds first_wait{7'500};
  milliseconds longest_wait{60'000};
  /// After 401 or 403: the key is wrong until somebody changes it, and asking on gets an address shut out.
  milliseconds refused_wait{60'000};
  milliseconds busy_wait{30'000};       // after 429 without Retry-After
  milliseconds longest_retry{300'000};  // a Retry-After of more is not waited for longer
  /// The provider lives while an answer was believed within this time: three polls and the third one's answer.
  milliseconds lives_for{25'000};
  /// The whole list is asked for at least so often, whatever "unchanged" says.
  milliseconds whole_every{300'000};
};

/// Asks one provider at the right moments and tells what its answers change. Everything but the sockets: pure, one
/// owner at a time. Requests never come faster than the policy allows, whatever the answers are.
class alarm_poller {
 public:
  explicit alarm_poller(alarm_provider which, poll_policy policy = {}, alarm_board_policy board = {},
                        feed_json_limits limits = {});

  /// What an earlier life last told; before the first request.
  void restore(told_alarm const& said) { board_.restore(said); }

  /// When next() may be asked.
  [[nodiscard]] steady_time due() const { return due_; }
  /// The request to make now. `when` is at or after due().
  [[nodiscard]] http_request next(steady_time when);

  enum class kind : std::uint8_t { whole, unchanged, doubted, failed };
  struct outcome {
    kind is = kind::failed;
    std::vector<told_alarm> changes;
    std::vector<failure> refused;        // entries of a list that is otherwise taken
    std::optional<failure> implausible;  // why some that are not listed have not ended
    /// Why there is no list: PROVIDER_UNAVAILABLE, PROVIDER_REFUSED (401, 403), TOO_MANY_REQUESTS (429),
    /// MESSAGE_TOO_LARGE, MALFORMED, MISSING_FIELD.
    std::optional<failure> failed;
  };
  /// The answer to the last request.
  [[nodiscard]] outcome take(http_answer const& answer, utc_time now, steady_time when);

  /// Whether the provider has given a sign of life lately: only then may its feed say beats.
  [[nodiscard]] bool lives(steady_time when) const { return when < lives_until(); }
  [[nodiscard]] steady_time lives_until() const { return believed_ ? *believed_ + policy_.lives_for : steady_time{}; }
  [[nodiscard]] alarm_board const& board() const { return board_; }

 private:
  outcome take_list(http_answer const& answer, utc_time now, steady_time when);
  outcome take_status(http_answer const& answer, steady_time when);
  outcome unchanged(steady_time when);
  outcome failed(failure why, milliseconds wait);
  outcome unavailable(http_answer const& answer);
  outcome busy(http_answer const& answer);
  void believed(steady_time when);
  /// Only a list asked for as a whole can settle what is doubted, or is due again.
  [[nodiscard]] bool must_see_whole(steady_time when) const;
  [[nodiscard]] milliseconds backed_off() const;
  [[nodiscard]] milliseconds asked_wait(http_answer const& answer) const;

  alarm_provider which_;
  poll_policy policy_;
  feed_json_limits limits_;
  alarm_board board_;
  steady_time due_{};
  steady_time asked_{};
  std::optional<steady_time> believed_;
  std::optional<steady_time> whole_;  // the last list that was taken as it is
  std::uint32_t failures_ = 0;        // in a row
  bool asks_list_ = false;            // ukrainealarm: the status told of a change
  std::string last_modified_;
  std::optional<std::uint64_t> taken_index_;
  std::optional<std::uint64_t> seen_index_;
};

}  // namespace siren
