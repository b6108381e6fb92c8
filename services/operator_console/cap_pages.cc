#include "operator_console/cap_pages.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <limits>

#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"

namespace siren {
namespace {

constexpr std::string_view kDocumentSuffix = ".xml";
constexpr std::string_view kNewest = "newest/";

/// Half of SHA-256: more than a feed will ever have versions.
std::string tag_of(std::string const& body) {
  constexpr std::size_t kBytes = 16;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  verify(EVP_Digest(body.data(), body.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1 && size >= kBytes,
         "SHA-256 is there");
  std::string tag = "\"";
  for (std::size_t i = 0; i < kBytes; ++i) {
    constexpr std::string_view kHex = "0123456789abcdef";
    tag += {kHex[digest[i] >> 4U], kHex[digest[i] & 0xFU]};
  }
  return tag + "\"";
}

http_content whole(char const* type, std::string body) {
  auto tag = tag_of(body);
  return {.type = type, .body = std::make_shared<std::string const>(std::move(body)), .etag = std::move(tag)};
}

http_content unknown_now(std::string why) {
  return {.type = {}, .body = nullptr, .missing = http_content::lack::not_ready, .trouble = std::move(why)};
}

http_content not_there(std::string why) {
  return {.type = {}, .body = nullptr, .missing = http_content::lack::not_found, .trouble = std::move(why)};
}

bool of_the_other_world(failure const& bad) {
  return bad.why == reason::drill_in_live || bad.why == reason::live_in_drill;
}

/// Why nobody may take the log's word for what is on now; empty: one may.
std::string doubt_about(alert_head const& head, milliseconds engine_silent_after) {
  if (!head.engine_silence) return "alerts unknown: the zone engine has never given a sign";
  if (*head.engine_silence > engine_silent_after) return "alerts unknown: the zone engine is silent";
  if (head.picture == picture_state::live || head.picture == picture_state::degraded) return "";
  return "alerts unknown: the zone engine sees nothing";
}

/// The newest entry of each alert.
std::vector<alert_entry> merged(std::vector<alert_entry> const& state, std::vector<alert_entry> const& ends) {
  std::map<alert_id, alert_entry const*> newest;
  for (auto const* list : {&state, &ends}) {
    for (auto const& entry : *list) {
      auto const [known, first] = newest.try_emplace(entry.alert, &entry);
      if (!first && entry.rev > known->second->rev) known->second = &entry;
    }
  }
  std::vector<alert_entry> all;
  for (auto const& [id, entry] : newest) all.push_back(*entry);
  return all;
}

}  // namespace

cap_pages::cap_pages(parts from, city_bundle const& city) : parts_{std::move(from)}, begun_{parts_.clock.now()} {
  for (auto const& place : city.zones) {
    auto const codes = city.codes.find(place.id);
    areas_.emplace(place.id, cap_area_of(place, codes == city.codes.end() ? region_codes{} : codes->second));
    zone named = place;
    named.shape.clear();
    zones_.emplace(place.id, std::move(named));
  }
}

http_content cap_pages::get(std::string const& rest) {
  if (rest == kFeedName) return feed();
  if (!rest.ends_with(kDocumentSuffix)) return not_there("no such page");
  auto const name = rest.substr(0, rest.size() - kDocumentSuffix.size());
  return name.starts_with(kNewest) ? newest(name.substr(kNewest.size())) : message(name);
}

http_content cap_pages::feed() {
  auto const head = parts_.alerts.head();
  if (!head) return unknown_now("alerts unknown: " + head.error().message);
  if (auto doubt = doubt_about(*head, parts_.policy.engine_silent_after); !doubt.empty())
    return unknown_now(std::move(doubt));
  auto const degraded = head->picture == picture_state::degraded;
  auto const now = parts_.clock.now();
  {
    std::lock_guard const lock{mutex_};
    if (newest_ && newest_->at == head->head && newest_->degraded == degraded && now >= newest_->from &&
        now < newest_->until)
      return newest_->content;
  }
  auto made = make_feed(degraded, now);
  if (!made) return unknown_now("alerts unknown: " + made.error().message);
  std::lock_guard const lock{mutex_};
  newest_ = std::move(*made);
  return newest_->content;
}

result<cap_pages::made_feed> cap_pages::make_feed(bool degraded, utc_time now) {
  // Ends first: an alert that ends meanwhile is in the state, ended.
  auto const ends = parts_.history.newest_ends(parts_.policy.most_ended);
  if (!ends) return ends.error();
  auto const state = parts_.alerts.read_state();
  if (!state) return state.error();
  feed_facts facts{
      .sender = parts_.sender, .updated = utc_time::min(), .degraded = degraded, .messages = {}, .unknown = {}};
  made_feed made{.at = state->at, .degraded = degraded, .from = now, .until = utc_time::max(), .content = {}};
  for (auto const& entry : merged(state->newest_by_zone, *ends))
    if (auto const taken = take(entry, now, facts, made); !taken) return taken.error();
  if (facts.updated == utc_time::min()) facts.updated = begun_;
  made.content = whole(kAtomType, atom_feed(facts, parts_.policy.documents));
  return made;
}

result<void> cap_pages::take(alert_entry const& entry, utc_time now, feed_facts& facts, made_feed& made) const {
  auto known = alert_of(entry);
  if (!known) {
    if (of_the_other_world(known.error())) return known.error();
    if (!entry.ended) facts.unknown.push_back({entry.zone, entry.alert, entry.rev});
    return {};
  }
  auto const& told = known->told;
  auto const& documents = parts_.policy.documents;
  auto const renewal = renewals_until(told, now, documents);
  facts.updated = std::max(facts.updated, sent_at(told, renewal, documents));
  if (told.ended()) {
    auto const leaves = told.changed_at + parts_.policy.recent;
    if (leaves <= now) return {};
    made.until = std::min(made.until, leaves);
  } else {
    // Half open as renewals_until has it: the renewal is there one microsecond after its time.
    made.until = std::min(made.until, sent_at(told, renewal + 1, documents) + microseconds{1});
  }
  facts.messages.push_back({std::move(known->told), renewal, std::move(known->place)});
  return {};
}

http_content cap_pages::message(std::string const& text) {
  auto const id = cap_identifier_of(text, parts_.sender.serves);
  if (!id) return not_there(id.error().message);
  auto const& documents = parts_.policy.documents;
  auto const next = id->rev == std::numeric_limits<std::uint32_t>::max() ? id->rev : id->rev + 1;
  auto found = parts_.history.revisions_of(id->alert, next, documents.most_references + 2);
  if (!found) return unknown_now("message unknown: " + found.error().message);
  auto until = parts_.clock.now();
  if (!found->empty() && found->back().rev > id->rev) {
    if (auto const after = alert_of(found->back()); after) until = after->told.changed_at;
    found->pop_back();
  }
  if (found->empty() || found->back().rev != id->rev) return not_there("no such message");
  if (id->renewal > 0) {
    auto const told = alert_of(found->back());
    if (!told || id->renewal > renewals_until(told->told, until, documents)) return not_there("no such message");
  }
  return tell(*found, id->renewal);
}

http_content cap_pages::newest(std::string const& text) {
  auto const id = alert_id_of(text);
  if (!id) return not_there("no such alert");
  auto const& documents = parts_.policy.documents;
  auto const found =
      parts_.history.revisions_of(*id, std::numeric_limits<std::uint32_t>::max(), documents.most_references + 1);
  if (!found) return unknown_now("message unknown: " + found.error().message);
  if (found->empty()) return not_there("no such alert");
  auto const told = alert_of(found->back());
  return tell(*found, told ? renewals_until(told->told, parts_.clock.now(), documents) : 0);
}

http_content cap_pages::tell(std::vector<alert_entry> const& revisions, std::uint32_t renewal) const {
  auto const now = alert_of(revisions.back());
  if (!now) return unknown_now("message unknown: " + now.error().message);
  cap_subject subject{now->told, parts_.sender.serves, {}};
  for (auto const& entry : revisions)
    if (auto const earlier = alert_of(entry); earlier && earlier->told.rev < now->told.rev)
      subject.earlier.push_back(earlier->told);
  auto const known = areas_.find(now->told.zone);
  auto const area = known == areas_.end() ? cap_area_of(now->place, {}) : known->second;
  auto made = cap_document(subject, renewal, now->place, area, parts_.sender, parts_.policy.documents);
  if (!made) return unknown_now("message unknown: " + made.error().message);
  return whole(kCapType, std::move(*made));
}

result<cap_pages::known_alert> cap_pages::alert_of(alert_entry const& entry) const {
  alerts::v1::Alert read;
  if (!read.ParseFromString(entry.bytes))
    return failure{reason::malformed, "entry " + std::to_string(entry.seq) + " of the alert log is no alert"};
  auto const belongs_to = from_proto(read.world());
  if (!belongs_to) return belongs_to.error();
  if (*belongs_to != parts_.sender.serves)
    return failure{*belongs_to == world::exercise ? reason::drill_in_live : reason::live_in_drill,
                   "alert " + entry.alert.value + " in the log is of the other world"};
  auto told = from_proto(read);
  if (!told) return told.error();
  if (told->id != entry.alert || told->rev != entry.rev)
    return failure{reason::malformed, "entry " + std::to_string(entry.seq) + " of the alert log is another alert"};
  auto const found = zones_.find(told->zone);
  if (found != zones_.end()) return known_alert{std::move(*told), found->second};
  zone place;  // of another bundle: as the alert itself names it
  place.id = told->zone;
  place.name_uk = read.zone_name_uk();
  place.name_en = read.zone_name_en();
  return known_alert{std::move(*told), std::move(place)};
}

}  // namespace siren
