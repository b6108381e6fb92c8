#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "fanout_bench/delivery_check.h"
#include "fanout_bench/phone_socket.h"
#include "fanout_bench/swarm_report.h"
#include "fanout_bench/wire.h"

namespace siren::fanout {

struct swarm_plan {
  std::vector<std::uint16_t> ports;  // of the servers, on 127.0.0.1
  std::string wire = "siren";        // or "websocket", "plain"
  std::size_t phones = 0;
  std::size_t first = 0;  // number of the first phone among all swarms'
  std::size_t zones = 1;
  bool stand_there = false;
  bool tls = false;
  int receive_buffer = 0;  // bytes; 0: the system's
  int source = 1;          // third byte of the phones' own addresses, 127.x.source.y
};

/// Tens of thousands of phones on one thread, a connection each. They come back by themselves when a stream ends: at a
/// random time within what the server told, at any other server, from where they stopped.
class swarm_loop final : private wire_ear {
 public:
  explicit swarm_loop(swarm_plan plan);
  ~swarm_loop() override;
  swarm_loop(swarm_loop const&) = delete;
  swarm_loop& operator=(swarm_loop const&) = delete;

  /// What can be read here is a command.
  void listen_to(int control);
  /// Serves phones until the control is ready (true) or the time is over.
  bool run(milliseconds at_most);

  /// All that are not connected yet come, so many a second.
  void connect(double per_second);
  /// This share of the live ones loses its connection at once, and comes back within what was told, or within `back`.
  void cut(double share, std::optional<milliseconds> back);
  /// This share reads nothing, until `read_again` or the connection's end; `always`: who comes back neither.
  void stall(double share, bool always);
  void read_again();
  /// Who is not connected, or has not reached the last entry of its zone, counts as behind. `reset`: counts begin anew.
  [[nodiscard]] swarm_report report(std::vector<std::uint32_t> const& last_by_zone, bool reset);
  /// Everything heard up to now.
  [[nodiscard]] stretches ledger() const;

 private:
  struct phone {
    explicit phone(zone_number zone) : check{zone} {}
    enum class step : std::uint8_t { away, connecting, greeted, live } at = step::away;
    bool stalled = false;
    bool was_stalled = false;  // on this connection: its delays are its own fault
    bool ended = false;
    std::uint8_t server = 0;
    std::uint16_t turn = 0;  // connections so far
    std::uint32_t back_within_ms = 1'000;
    delivery_check check;
    std::int64_t asked_us = 0;  // connect() was called
    std::int64_t lost_us = 0;   // 0: never
    std::int64_t live_us = 0;
    phone_socket socket;
    std::unique_ptr<wire_rest> rest;
  };
  void start(phone& one);
  void greet(phone& one);
  void on_event(phone& one, std::uint32_t events);
  void read_from(phone& one);
  void lose(phone& one, std::optional<milliseconds> back, bool abruptly);
  [[nodiscard]] std::uint8_t another(std::uint8_t server);
  void come_back(phone& one, milliseconds within);
  void start_due();
  void is_live(phone& one);

  void on_message(std::string_view bytes) override;
  void on_ready() override;
  void on_end() override;
  void reply(std::string_view bytes) override;

  struct due {
    std::int64_t at_us;
    std::uint32_t which;
    bool operator>(due const& other) const { return at_us > other.at_us; }
  };
  swarm_plan plan_;
  std::unique_ptr<wire> wire_;
  std::unique_ptr<tls_side> tls_;
  std::vector<phone> phones_;
  std::priority_queue<due, std::vector<due>, std::greater<>> due_;
  std::mt19937 random_;
  std::vector<char> buffer_;
  phone* reading_ = nullptr;
  std::int64_t now_us_ = 0;
  std::size_t connecting_ = 0;
  std::uint64_t live_ = 0;
  bool stalls_always_ = false;
  swarm_report told_;
  stretches closed_;
  int poll_ = -1;
};

}  // namespace siren::fanout
