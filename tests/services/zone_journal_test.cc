// The journal of what is decided while the database is away, on real files.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "rig/private_servers.h"
#include "zone_engine/journal.h"
#include "zone_engine/journal_record.h"

namespace siren::test {
namespace {

namespace fs = std::filesystem;

outgoing alert(int number) {
  auto const text = std::to_string(number);
  return decided_alert{.record = {.zone = zone_id{"zone" + text},
                                  .alert = alert_id{"zone" + text + "@1"},
                                  .rev = static_cast<std::uint32_t>(number),
                                  .ended = number % 2 == 0,
                                  .bytes = std::string("\0\xff\n", 3) + text,
                                  .source = "zone_engine",
                                  .message_id = text,
                                  .actor = "analysis",
                                  .act = "raise",
                                  .because = "Шахед",
                                  .trace = trace_id{"t" + text}},
                       .level = stage::take_cover};
}
outgoing order() {
  return operator_order{.request_id = "r1",
                        .operator_name = "anna",
                        .zone = zone_id{"west"},
                        .level = stage::go,
                        .text = "Unexploded bomb",
                        .at = utc_time{microseconds{1'234'567}},
                        .trace = trace_id{"abc"}};
}
outgoing answer() {
  return given_answer{"r1", {{7, 8}, std::string("\0bytes", 6), "asked"}};
}

std::vector<std::string> bytes_of(std::vector<outgoing> const& records) {
  std::vector<std::string> all;
  for (auto const& each : records) all.push_back(written(each));
  return all;
}

class zone_journal : public testing::Test {
 protected:
  ~zone_journal() override { remove_run_folder(folder_); }
  std::unique_ptr<journal> open(journal_policy policy = {}) {
    auto opened = journal::open(folder_, policy);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(opened).value() : nullptr;
  }
  std::string file() const { return folder_ + "/journal"; }

  std::string folder_ = make_run_folder("journal");
};

TEST_F(zone_journal, what_was_kept_is_there_after_a_restart_in_order_and_whole) {
  std::vector<outgoing> const kept{alert(1), order(), alert(2), answer()};
  {
    auto const one = open();
    EXPECT_TRUE(one->empty());
    ASSERT_TRUE(one->clear(41));
    ASSERT_TRUE(one->append({kept[0], kept[1]}));
    ASSERT_TRUE(one->append({kept[2], kept[3]}));
    one->note({9, 1'000});
  }
  auto const again = open();
  EXPECT_EQ(bytes_of(again->leftover()), bytes_of(kept));
  EXPECT_EQ(again->term(), 41U);
  EXPECT_EQ(again->noted(), (cursor{9, 1'000}));
  EXPECT_FALSE(again->empty());
  ASSERT_TRUE(again->append({alert(3)}));
  ASSERT_TRUE(again->clear(42));
  EXPECT_TRUE(again->empty());
}

TEST_F(zone_journal, a_record_cut_short_by_a_crash_is_cut_off_and_what_follows_is_kept) {
  ASSERT_TRUE(open()->append({alert(1), alert(2)}));
  auto const whole = fs::file_size(file());
  for (auto cut = std::uintmax_t{1}; cut < written(alert(2)).size(); ++cut) {
    fs::resize_file(file(), whole - cut);
    auto const again = open();
    ASSERT_EQ(again->leftover().size(), 1U) << cut << " bytes cut";
    ASSERT_TRUE(again->append({alert(2)}));
    ASSERT_EQ(fs::file_size(file()), whole);
  }
  EXPECT_EQ(open()->leftover().size(), 2U);
}

TEST_F(zone_journal, no_damaged_byte_gives_a_wrong_record) {
  ASSERT_TRUE(open()->append({alert(1), order()}));
  auto const good = bytes_of({alert(1), order()});
  auto const size = fs::file_size(file());
  for (std::uintmax_t at = 0; at < size; ++at) {
    std::fstream edit{file(), std::ios::in | std::ios::out | std::ios::binary};
    edit.seekg(static_cast<std::streamoff>(at));
    auto const before = static_cast<char>(edit.get());
    edit.seekp(static_cast<std::streamoff>(at));
    edit.put(static_cast<char>(before ^ 0x10));
    edit.close();
    std::ifstream in{file(), std::ios::binary};
    std::string const bytes{std::istreambuf_iterator<char>{in}, {}};
    auto const copy = folder_ + "/copy";
    fs::create_directories(copy);
    fs::copy_file(file(), copy + "/journal", fs::copy_options::overwrite_existing);
    auto const opened = journal::open(copy);
    if (opened) {
      auto const left = bytes_of((*opened)->leftover());
      ASSERT_LT(left.size(), 2U) << "byte " << at;
      for (std::size_t i = 0; i < left.size(); ++i) ASSERT_EQ(left[i], good[i]) << "byte " << at;
    } else {
      EXPECT_EQ(opened.error().why, reason::malformed) << "byte " << at;
    }
    std::ofstream back{file(), std::ios::binary | std::ios::in | std::ios::out};
    back.seekp(static_cast<std::streamoff>(at));
    back.put(before);
  }
}

TEST_F(zone_journal, at_its_limit_it_refuses_and_keeps_what_it_has) {
  auto const one = open({.max_bytes = 2'000});
  auto kept = 0;
  auto refused = result<void>{};
  while ((refused = one->append({alert(kept)}))) ++kept;
  EXPECT_EQ(refused.error().why, reason::journal_full);
  ASSERT_GT(kept, 2);
  EXPECT_FALSE(one->append({alert(1), alert(2)})) << "all or nothing";
  EXPECT_EQ(fs::file_size(file()), [&] {
    auto size = std::uintmax_t{48};
    for (auto i = 0; i < kept; ++i) size += written(alert(i)).size();
    return size;
  }());
  ASSERT_TRUE(one->clear(1));
  EXPECT_TRUE(one->append({alert(1)})) << "room again";
}

TEST_F(zone_journal, one_process_at_a_time_holds_a_folder) {
  auto const one = open();
  auto const second = journal::open(folder_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().why, reason::not_ready);
}

TEST_F(zone_journal, another_file_is_not_overwritten) {
  std::ofstream{file()} << std::string(100, 'x');
  auto const opened = journal::open(folder_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().why, reason::malformed);
  EXPECT_EQ(fs::file_size(file()), 100U);
}

TEST(journal_record, its_checksum_is_the_known_one) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U) << "the check value of CRC-32";
}

}  // namespace
}  // namespace siren::test
