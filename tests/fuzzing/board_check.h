#pragma once

#include "core/base/verify.h"
#include "feed_adapters/alarm_board.h"
#include "fuzzing/fuzz_input.h"

namespace siren::fuzz {

/// Whatever a provider lists: told twice it changes nothing the second time, and no answer ends an alarm that it could
/// not be read for.
inline void check_board(alarm_document const& listed) {
  alarm_board board;
  steady_time const begin{hours{1}};
  static_cast<void>(board.take(listed, now(), begin));
  auto const running = board.running();
  auto const again = board.take(listed, now() + seconds{8}, begin + seconds{8});
  verify(again.changes.empty() && board.running() == running, "the same list again changes nothing");
  static_cast<void>(board.take({}, now() + seconds{16}, begin + seconds{16}));
  verify(board.running() == running, "an empty list ends nothing");
  alarm_board next;
  for (auto const& word : board.words()) next.restore(word);
  verify(next.running() == running, "a restart remembers");
}

}  // namespace siren::fuzz
