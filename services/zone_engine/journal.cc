#include "zone_engine/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "common/log.h"
#include "zone_engine/journal_record.h"

namespace siren {
namespace {

constexpr std::string_view kMagic = "SIRENJNL";
constexpr std::uint32_t kVersion = 1;

failure refused(std::string const& what) {
  auto const error = errno;
  auto const why = error == ENOSPC || error == EDQUOT ? reason::journal_full : reason::store_unavailable;
  return {why, what + ": " + std::strerror(error)};
}

/// Magic, version, checksum of what follows, term, epoch and sequence of the noted place, reserved.
std::string header_of(std::uint64_t term, cursor noted, std::size_t size) {
  std::string rest(size - kMagic.size() - 8, '\0');
  std::array<std::uint64_t, 3> const values{term, noted.epoch, noted.seq};
  std::memcpy(rest.data(), values.data(), sizeof values);
  std::string header{kMagic};
  for (auto const number : {kVersion, crc32(rest)})
    header.append(reinterpret_cast<char const*>(&number), sizeof number);
  return header + rest;
}

void sync_folder(std::string const& folder) {
  auto const handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return;
  (void)::fsync(handle);
  ::close(handle);
}

}  // namespace

result<std::unique_ptr<journal>> journal::open(std::string const& folder, journal_policy policy) {
  std::error_code bad;
  std::filesystem::create_directories(folder, bad);
  auto const path = folder + "/journal";
  auto const file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return failure{reason::file_unreadable, "can't open " + path + ": " + std::strerror(errno)};
  std::unique_ptr<journal> made{new journal{file, policy}};
  if (::flock(file, LOCK_EX | LOCK_NB) != 0)
    return failure{reason::not_ready, "another process holds the journal " + path};
  if (auto loaded = made->load(); !loaded) return loaded.error();
  sync_folder(folder);
  return made;
}

journal::~journal() {
  ::close(file_);
}

result<void> journal::load() {
  struct stat status {};
  if (::fstat(file_, &status) != 0) return refused("the journal can't be read");
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t got = 0;
  while (got < bytes.size()) {
    auto const some = ::pread(file_, bytes.data() + got, bytes.size() - got, static_cast<off_t>(got));
    if (some <= 0) return failure{reason::file_unreadable, "the journal can't be read"};
    got += static_cast<std::size_t>(some);
  }
  size_ = kHeaderBytes;
  // Shorter than a header: a crash while it was made, before anything was kept.
  if (bytes.size() < kHeaderBytes) return clear(0);
  std::array<std::uint64_t, 3> values{};
  std::memcpy(values.data(), bytes.data() + kMagic.size() + 8, sizeof values);
  term_ = values[0];
  noted_ = {values[1], values[2]};
  if (bytes.substr(0, kHeaderBytes) != header_of(term_, noted_, kHeaderBytes))
    return failure{reason::malformed, "the journal's header is damaged, or it is no journal"};
  std::string_view left{bytes};
  left.remove_prefix(kHeaderBytes);
  while (!left.empty()) {
    auto next = read_first(left);
    if (!next) {
      log(log_level::error, "journal_cut", {{"error", next.error().message}, {"bytes", left.size()}});
      break;
    }
    leftover_.push_back(std::move(next->what));
    size_ += next->bytes;
    left.remove_prefix(next->bytes);
  }
  if (::ftruncate(file_, static_cast<off_t>(size_)) != 0) return refused("the journal can't be cut");
  return {};
}

result<void> journal::append(std::vector<outgoing> const& records) {
  return append_within(records, policy_.max_bytes);
}

result<void> journal::append_order(operator_order const& order) {
  return append_within({order}, policy_.max_bytes - policy_.max_bytes / policy_.reserve_share);
}

result<void> journal::append_within(std::vector<outgoing> const& records, std::size_t limit) {
  if (broken_) return failure{reason::store_unavailable, "the journal's disk failed"};
  std::string bytes;
  for (auto const& record : records) bytes += written(record);
  if (size_ + bytes.size() > limit)
    return failure{reason::journal_full, "the database is away, and the journal for that is full"};
  auto done = write_at(size_, bytes);
  // After a failed sync nobody knows what is on the disk: only a new beginning makes it good again.
  if (done && ::fdatasync(file_) != 0) {
    done = refused("the journal can't be made durable");
    broken_ = true;
  }
  if (!done) {
    if (::ftruncate(file_, static_cast<off_t>(size_)) != 0) broken_ = true;
    return done;
  }
  size_ += bytes.size();
  return {};
}

result<void> journal::clear(std::uint64_t term) {
  term_ = term;
  leftover_.clear();
  if (::ftruncate(file_, static_cast<off_t>(kHeaderBytes)) != 0) return refused("the journal can't be cut");
  size_ = kHeaderBytes;
  auto done = write_header(true);
  broken_ = !done;
  return done;
}

void journal::note(cursor reached) {
  if (broken_ || noted_ == reached) return;
  noted_ = reached;
  (void)write_header(false).ok();
}

result<void> journal::write_header(bool durable) {
  if (auto done = write_at(0, header_of(term_, noted_, kHeaderBytes)); !done) return done;
  if (durable && ::fsync(file_) != 0) return refused("the journal can't be made durable");
  return {};
}

result<void> journal::write_at(std::size_t offset, std::string const& bytes) {
  std::size_t put = 0;
  while (put < bytes.size()) {
    auto const some = ::pwrite(file_, bytes.data() + put, bytes.size() - put, static_cast<off_t>(offset + put));
    if (some < 0 && errno == EINTR) continue;
    if (some <= 0) return refused("the journal can't be written");
    put += static_cast<std::size_t>(some);
  }
  return {};
}

}  // namespace siren
