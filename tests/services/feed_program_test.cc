// Adapters from a provider's socket to ingest's door: a provider on the loopback, ingest over a log in memory.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "fakes/alarm_provider.h"
#include "fakes/set_clock.h"
#include "feed_adapters/alarm_feed.h"
#include "feed_adapters/cot_door.h"
#include "feed_adapters/feed_records.h"
#include "feed_adapters/replay.h"
#include "feed_adapters/told_file.h"
#include "rig/child_process.h"
#include "services/bundle_folder.h"
#include "services/cot_bytes.h"
#include "services/feed_door.h"

namespace siren {
namespace {

using test::feed_door;
using test::running_in;
using test::words_in;

constexpr char kKey[] = "Bearer a-key";
constexpr seconds kSoon{20};
utc_time const kNow = parse_utc("2026-01-23T12:00:05Z").value();

city_bundle city() {
  city_bundle made;
  for (auto const* id : {"31", "14", "16", "22", "73"}) {
    zone one;
    one.id = zone_id{id};
    made.zones.push_back(one);
  }
  return made;
}

std::string listing(std::vector<std::string> const& uids, std::string const& began = "2026-01-23T11:00:00Z") {
  std::string list;
  for (auto const& uid : uids)
    list += (list.empty() ? "" : ",") +
            (R"({"location_uid":")" + uid + R"(","alert_type":"air_raid","started_at":")" + began + R"("})");
  return R"({"alerts":[)" + list + "]}";
}

class adapters : public testing::Test {
 protected:
  void open_door(std::string const& address = "127.0.0.1:0") {
    feed_door::parts what;
    what.sources = {{source_id{"official"}, source_kind::official}, {source_id{"radar"}, source_kind::sensor}};
    for (auto const& one : city().zones) what.regions.insert(one.id);
    door_ = std::make_unique<feed_door>(what, *store_, clock_, address);
    address_ = door_->address();
  }
  static feed_line_policy fast() {
    feed_line_policy policy;
    policy.beat_interval = milliseconds{50};
    policy.first_retry = policy.store_retry = milliseconds{20};
    policy.longest_retry = milliseconds{100};
    return policy;
  }
  bool soon(std::function<bool()> const& holds) { return wait_until(holds, kSoon); }
  bool runs(std::string const& regions) {
    return soon([&] { return running_in(*store_) == regions; });
  }
  bool feed_known(std::string const& name) {
    std::lock_guard const lock{store_->mutex};
    return store_->feeds.contains(name) && store_->feeds[name].alive();
  }

  set_clock clock_{kNow};
  std::unique_ptr<memory_picture_store> store_ = std::make_unique<memory_picture_store>();
  std::unique_ptr<feed_door> door_;
  std::string address_;
  metrics measured_;
  feed_metrics counts_{measured_, "test"};
};

class alarm_adapter : public adapters {
 protected:
  alarm_adapter() {
    open_door();
    provider_.list(listing({"16", "31"}));
  }
  ~alarm_adapter() override { end_feed(); }

  void start_feed(alarm_provider which = alarm_provider::alerts_in_ua) {
    poll_policy policy;
    policy.interval = policy.first_wait = policy.follow_up = milliseconds{10};
    policy.longest_wait = policy.refused_wait = policy.busy_wait = milliseconds{20};
    policy.lives_for = milliseconds{400};
    alarm_board_policy board;
    board.confirm_over = seconds{0};
    http_provider where;
    where.base = provider_.base();
    where.authorization = kKey;
    stopping_ = false;
    feed_ = std::make_unique<alarm_feed>(
        alarm_feed::parts{make_http_client(where, stopping_), alarm_poller{which, policy, board}, region_join{city()},
                          source_id{"official"}, world::exercise, folder_.path() / "told.json", address_, clock_,
                          counts_, stopping_, fast()});
  }
  void end_feed() { feed_.reset(); }
  std::size_t kept() {
    auto const words = read_told_file(folder_.path() / "told.json", source_id{"official"});
    return words ? words->size() : 0;
  }
  bool polled_again() {
    auto const before = provider_.request_count();
    return soon([&] { return provider_.request_count() > before + 3; });
  }

  test::temporary_folder folder_;
  fake_alarm_provider provider_{kKey};
  std::atomic<bool> stopping_{false};
  std::unique_ptr<alarm_feed> feed_;
};

TEST_F(alarm_adapter, alarms_reach_ingest_and_end) {
  start_feed();
  EXPECT_TRUE(runs("16,31"));
  provider_.list(listing({"16", "31", "14", "9999"}));
  EXPECT_TRUE(runs("14,16,31"));
  EXPECT_EQ(counts_.refusals()["UNKNOWN_REGION"], 1U) << "counted, not sent";
  provider_.list(listing({"16", "14", "9999"}));
  EXPECT_TRUE(runs("14,16"));
  EXPECT_EQ(words_in(*store_), 4U);
}

TEST_F(alarm_adapter, the_action_index_is_followed_to_the_list) {
  auto const regions = [](std::string const& id) {
    return R"([{"regionId":"14","regionType":"State","activeAlerts":[
      {"regionId":"16","type":"AIR","lastUpdate":"2022-04-04T16:45:39Z"},
      {"regionId":")" +
           id + R"(","type":"AIR","lastUpdate":"2026-01-23T11:00:00Z"}]}])";
  };
  fake_alarm_provider raw{"a-key"};
  raw.list(regions("73"));
  poll_policy policy;
  policy.interval = policy.follow_up = milliseconds{10};
  http_provider where;
  where.base = raw.base();
  where.authorization = "a-key";
  alarm_feed feed{{make_http_client(where, stopping_), alarm_poller{alarm_provider::ukrainealarm, policy},
                   region_join{city()}, source_id{"official"}, world::exercise, "", address_, clock_, counts_,
                   stopping_, fast()}};
  EXPECT_TRUE(runs("16,73"));
  raw.list(regions("22"));
  EXPECT_TRUE(runs("16,22"));
}

// A whole country would hear its alarms anew whenever an adapter is updated.
TEST_F(alarm_adapter, a_restart_announces_nothing_anew_and_ends_what_ended_meanwhile) {
  start_feed();
  ASSERT_TRUE(runs("16,31"));
  ASSERT_TRUE(soon([&] { return kept() == 2; }));
  end_feed();
  auto const words = words_in(*store_);
  start_feed();
  EXPECT_TRUE(polled_again());
  EXPECT_EQ(words_in(*store_), words);
  end_feed();
  provider_.list(listing({"16"}));
  start_feed();
  EXPECT_TRUE(runs("16"));
}

TEST_F(alarm_adapter, a_restart_without_its_memory_announces_nothing_anew_either) {
  start_feed();
  ASSERT_TRUE(runs("16,31"));
  end_feed();
  auto const words = words_in(*store_);
  folder_.write("told.json", "no json");
  start_feed();
  EXPECT_TRUE(polled_again());
  EXPECT_TRUE(soon([&] { return door_->refused("DUPLICATE") >= 2; }));
  EXPECT_EQ(words_in(*store_), words);
}

// Said with its old start, an alarm would lose against its own earlier end, which only ingest remembers.
TEST_F(alarm_adapter, an_alarm_that_ingest_thinks_over_is_said_with_the_present_time) {
  start_feed();
  ASSERT_TRUE(runs("16,31"));
  provider_.list(listing({"16"}));
  ASSERT_TRUE(runs("16"));
  end_feed();
  folder_.write("told.json", "");
  provider_.list(listing({"16", "31"}));
  start_feed();
  EXPECT_TRUE(runs("16,31"));
}

TEST_F(alarm_adapter, an_ingest_that_was_away_or_lost_all_learns_everything_again) {
  start_feed();
  ASSERT_TRUE(runs("16,31"));
  door_.reset();
  provider_.list(listing({"16", "31", "14"}));
  EXPECT_TRUE(polled_again());
  open_door(address_);
  EXPECT_TRUE(runs("14,16,31"));
  door_.reset();
  store_ = std::make_unique<memory_picture_store>();
  open_door(address_);
  EXPECT_TRUE(runs("14,16,31")) << "of an empty database";
}

TEST_F(alarm_adapter, signs_of_life_are_said_only_while_polls_succeed) {
  start_feed();
  ASSERT_TRUE(runs("16,31"));
  EXPECT_TRUE(soon([&] { return feed_known("official"); }));
  for (auto const status : {500, 401, 429}) {
    provider_.fail(status);
    EXPECT_TRUE(soon([&] { return counts_.lives.Value() == 0; })) << status;
    provider_.fail(0);
    EXPECT_TRUE(soon([&] { return counts_.lives.Value() == 1; })) << status;
  }
  provider_.list(listing({}));
  EXPECT_TRUE(soon([&] { return counts_.lives.Value() == 0; })) << "an empty list";
  EXPECT_EQ(running_in(*store_), "16,31") << "silence ends nothing";
  auto const refused = counts_.refusals();
  for (auto const* why : {"PROVIDER_UNAVAILABLE", "PROVIDER_REFUSED", "TOO_MANY_REQUESTS", "IMPLAUSIBLE"})
    EXPECT_TRUE(refused.contains(why)) << why;
}

TEST_F(alarm_adapter, records_wait_for_a_store_that_is_away) {
  start_feed();
  ASSERT_TRUE(runs("16,31"));
  store_->set_available(false);
  provider_.list(listing({"16", "31", "14"}));
  EXPECT_TRUE(polled_again());
  store_->set_available(true);
  EXPECT_TRUE(runs("14,16,31"));
}

/// A TCP client that says bytes.
class talker {
 public:
  explicit talker(std::string const& address) : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  }
  ~talker() { ::close(fd_); }
  talker(talker const&) = delete;
  talker& operator=(talker const&) = delete;
  void say(std::string const& bytes) {
    EXPECT_EQ(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  /// Whether the other end closes.
  bool closed() {
    char byte = 0;
    return ::recv(fd_, &byte, 1, 0) <= 0;
  }

 private:
  int fd_;
};

class cot_adapter : public adapters {
 protected:
  cot_adapter() { open_door(); }
  ~cot_adapter() override {
    if (line_) line_->stop();
    cot_.reset();
  }
  void start(std::vector<std::string> listen, std::vector<std::string> connect, cot_door_policy policy = {}) {
    threats::v1::FeedBeat beat;
    beat.set_source("radar");
    line_ = std::make_unique<feed_line>(
        feed_line::parts{address_, {beat}, [this] { return cot_made_ && cot_->lives(); }, {}, {}, counts_}, fast());
    auto opened = cot_door::open(
        {source_id{"radar"}, std::move(listen), std::move(connect),
         [this](observation const& report) { static_cast<void>(line_->put(report_record(report))); }, clock_, counts_},
        policy);
    ASSERT_TRUE(opened) << opened.error().message;
    cot_ = std::move(*opened);
    cot_made_ = true;
  }
  static std::string drill(std::string const& uid) {
    auto with = test::cot_fields{};
    with.uid = uid;
    with.opex = "e-test";
    return test::cot_text(with);
  }
  bool reports(std::size_t count) {
    return soon([&] { return store_->observation_count() == count; });
  }

  std::unique_ptr<feed_line> line_;
  std::atomic<bool> cot_made_{false};
  std::unique_ptr<cot_door> cot_;
};

TEST_F(cot_adapter, reports_of_several_peers_reach_ingest) {
  start({"127.0.0.1:0"}, {});
  talker first{cot_->addresses().at(0)};
  talker second{cot_->addresses().at(0)};
  first.say(drill("a"));
  auto with = test::cot_fields{};
  with.uid = "b";
  with.how = "m-s";
  auto const frame = test::tak_frame(test::cot_message(with));
  second.say(frame.substr(0, 20));
  second.say(frame.substr(20));
  EXPECT_TRUE(reports(2));
  EXPECT_TRUE(soon([&] { return feed_known("radar"); }));
  first.say(test::cot_text());
  EXPECT_TRUE(soon([&] { return door_->refused("LIVE_IN_DRILL") == 1; })) << "an operation's event in an exercise";
  EXPECT_TRUE(soon([&] { return counts_.answers()["accepted"] == 2; })) << "its answers come after the store's";
}

TEST_F(cot_adapter, a_peer_that_breaks_the_rules_is_closed_alone) {
  cot_door_policy policy;
  policy.max_peers = 3;
  start({"127.0.0.1:0"}, {}, policy);
  talker good{cot_->addresses().at(0)};
  good.say(drill("a"));
  ASSERT_TRUE(reports(1));
  talker large{cot_->addresses().at(0)};
  large.say("<event " + std::string(kMaxCotBytes + 10, 'x'));
  EXPECT_TRUE(large.closed());
  talker stranger{cot_->addresses().at(0)};
  stranger.say("GET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(stranger.closed());
  good.say("<event></event>" + drill("b"));
  EXPECT_TRUE(reports(2));
  auto const refused = counts_.refusals();
  EXPECT_EQ(refused.at("MESSAGE_TOO_LARGE"), 1U);
  EXPECT_EQ(refused.at("MALFORMED"), 1U);
  EXPECT_EQ(refused.at("TIME_MISSING"), 1U);
  talker third{cot_->addresses().at(0)};
  talker fourth{cot_->addresses().at(0)};
  third.say(drill("c"));
  fourth.say(drill("d"));
  ASSERT_TRUE(reports(4));
  talker one_too_many{cot_->addresses().at(0)};
  EXPECT_TRUE(one_too_many.closed());
  EXPECT_EQ(counts_.refusals()["TOO_MANY_STREAMS"], 1U);
}

TEST_F(cot_adapter, silent_peers_are_let_go_and_the_source_falls_silent) {
  cot_door_policy policy;
  policy.peer_silence = seconds{1};
  policy.lives_for = seconds{2};
  start({"127.0.0.1:0"}, {}, policy);
  talker quiet{cot_->addresses().at(0)};
  quiet.say(drill("a"));
  EXPECT_TRUE(soon([&] { return feed_known("radar"); })) << "its life was told, and stays told while this clock stands";
  EXPECT_TRUE(quiet.closed());
  EXPECT_TRUE(soon([&] { return counts_.lives.Value() == 0; }));
}

TEST_F(cot_adapter, a_server_is_connected_to_again_and_again) {
  int const listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof at;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&at), length), 0);
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &length);
  auto const address = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
  cot_door_policy policy;
  policy.first_retry = milliseconds{10};
  policy.longest_retry = milliseconds{50};
  start({}, {address}, policy);
  EXPECT_TRUE(soon([&] { return counts_.refusals()["PROVIDER_UNAVAILABLE"] > 0; })) << "nobody listens yet";
  ASSERT_EQ(::listen(listener, 4), 0);
  for (std::size_t i = 1; i <= 2; ++i) {
    int const peer = ::accept(listener, nullptr, nullptr);
    auto const bytes = drill("object-" + std::to_string(i));
    ASSERT_GT(::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL), 0);
    EXPECT_TRUE(reports(i));
    ::close(peer);
  }
  ::close(listener);
}

TEST_F(cot_adapter, bad_addresses_are_told) {
  for (auto const* address : {"", "7000", ":7000", "127.0.0.1:", "127.0.0.1:port"}) {
    auto const opened = cot_door::open({source_id{"radar"}, {address}, {}, {}, clock_, counts_});
    ASSERT_FALSE(opened) << address;
    EXPECT_EQ(opened.error().why, reason::malformed) << address;
  }
}

class replays : public adapters {
 protected:
  replays() { open_door(); }
  bool play_all(recording const& what, replay_plan const& plan) {
    feed_line line{{address_, beats_of(what), {}, {}, {}, counts_}, fast()};
    std::atomic<bool> const stopping{false};
    return play(what, plan, clock_, line, stopping);
  }
  static std::string alarms(std::size_t count) {
    std::string text = "oblast,raion,hromada,level,started_at,finished_at,source\n";
    for (std::size_t i = 0; i < count; ++i) {
      auto const began = parse_utc("2022-03-15T00:00:00Z").value() + minutes{10 * i};
      text += "Kyiv City,,,oblast," + format_utc(began) + "," + format_utc(began + minutes{5}) + ",official\n";
    }
    return text;
  }
};

TEST_F(replays, recorded_alarms_go_through_the_door_at_once) {
  auto const what = parse_alarms_csv(alarms(1'500) + "Kyiv City,,,oblast,2026-01-23 11:00:00+00:00,,official\n",
                                     source_id{"official"}, {{"Kyiv City", zone_id{"31"}}});
  ASSERT_TRUE(what) << what.error().message;
  ASSERT_EQ(what->records.size(), 3'001U);
  EXPECT_TRUE(play_all(*what, {false, true}));
  EXPECT_EQ(counts_.answers(), (std::map<std::string, std::uint64_t>{{"accepted", 3'001}}));
  EXPECT_EQ(running_in(*store_), "31");
  EXPECT_EQ(door_->accepted("region_alarm"), 3'001);
}

TEST_F(replays, a_recording_is_moved_to_now_and_keeps_its_pace_by_the_clock) {
  auto const what = parse_reports_csv(
      "observed_at_utc,lat,lon,place,threat_class,count,source\n"
      "2020-01-23T12:47:22Z,50.8892,31.3132,a,drone,1,channel\n"
      "2020-01-23T12:49:22Z,50.9,31.4,b,drone,3,channel\n",
      source_id{"radar"});
  ASSERT_TRUE(what) << what.error().message;
  std::thread playing{[&] { EXPECT_TRUE(play_all(*what, {true, false})); }};
  EXPECT_TRUE(soon([&] { return store_->observation_count() == 1; }));
  clock_.set(kNow + seconds{119});
  EXPECT_FALSE(wait_until([&] { return store_->observation_count() > 1; }, milliseconds{100}));
  clock_.set(kNow + seconds{120});
  playing.join();
  EXPECT_EQ(store_->observation_count(), 2U);
}

TEST_F(replays, a_line_that_is_stopped_says_so) {
  auto const what = parse_alarms_csv(alarms(1), source_id{"official"}, {{"Kyiv City", zone_id{"31"}}});
  door_.reset();
  feed_line line{{address_, {}, {}, {}, {}, counts_}, fast()};
  std::atomic<bool> stopping{false};
  std::thread playing{[&] { EXPECT_FALSE(play(*what, {false, true}, clock_, line, stopping)); }};
  EXPECT_TRUE(soon([&] { return counts_.unanswered.Value() == 2; }));
  stopping = true;
  playing.join();
}

}  // namespace
}  // namespace siren
