#include "common/cap/atom_feed.h"

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "common/cap/xml_text.h"
#include "core/alert/wording.h"

namespace siren {
namespace {

void put(pugi::xml_node& to, char const* name, std::string_view text) {
  to.append_child(name).text().set(xml_text(text).c_str());
}

/// RFC 4151: names, not addresses; the year is when the scheme of naming began.
std::string tag_of(cap_sender const& sender, std::string const& what) {
  return "tag:" + sender.id + ",2026:" + what;
}

void put_link(pugi::xml_node& to, char const* relation, char const* type, std::string const& where) {
  auto link = to.append_child("link");
  link.append_attribute("rel") = relation;
  link.append_attribute("type") = type;
  link.append_attribute("href") = where.c_str();
}

void put_message(pugi::xml_node& feed, feed_message const& from, feed_facts const& facts, cap_policy const& policy) {
  auto const serves = facts.sender.serves;
  auto const identifier = to_text({from.told.id, from.told.rev, from.renewal}, serves);
  auto const sent = sent_at(from.told, from.renewal, policy);
  auto const uk = words_of(from.told, from.place, language::uk, serves, sent).headline;
  auto const en = words_of(from.told, from.place, language::en, serves, sent).headline;
  auto entry = feed.append_child("entry");
  put(entry, "id", tag_of(facts.sender, identifier));
  put(entry, "title", uk + " / " + en);
  put(entry, "published", format_utc(from.told.raised_at));
  put(entry, "updated", format_utc(sent));
  auto category = entry.append_child("category");
  category.append_attribute("term") = std::string{name_of(from.told.level)}.c_str();
  put_link(entry, "alternate", "application/cap+xml", "./" + identifier + ".xml");
  put(entry, "summary",
      instruction_words(from.told, language::uk, serves) + " / " + instruction_words(from.told, language::en, serves));
}

void put_unknown(pugi::xml_node& feed, feed_unknown const& from, feed_facts const& facts) {
  auto entry = feed.append_child("entry");
  put(entry, "id", tag_of(facts.sender, "unknown/" + to_text({from.alert, from.rev, 0}, facts.sender.serves)));
  put(entry, "title", "НЕВІДОМО / UNKNOWN: " + from.zone.value);
  put(entry, "updated", format_utc(facts.updated));
  put(entry, "content",
      "Зона в тривозі, але повідомлення не читається: вважайте, що тривога триває. / The zone is in alarm, but its "
      "message can't be read: take it that the alarm is on.");
}

bool newer(feed_message const& a, feed_message const& b, cap_policy const& policy) {
  auto const left = sent_at(a.told, a.renewal, policy);
  auto const right = sent_at(b.told, b.renewal, policy);
  return left != right ? left > right : a.told.id < b.told.id;
}

std::string title_of(world serves) {
  return serves == world::exercise ? "НАВЧАННЯ. Тривоги / EXERCISE. Alerts" : "Тривоги / Alerts";
}

}  // namespace

std::string atom_feed(feed_facts const& facts, cap_policy const& policy) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  auto feed = document.append_child("feed");
  feed.append_attribute("xmlns") = "http://www.w3.org/2005/Atom";
  put(feed, "id", tag_of(facts.sender, std::string{name_of(facts.sender.serves)} + "/alerts"));
  put(feed, "title", title_of(facts.sender.serves));
  if (facts.degraded)
    put(feed, "subtitle",
        "Частина джерел мовчить: тривог може бути більше. / Some sources are silent: there may be more alerts.");
  put(feed, "updated", format_utc(facts.updated));
  auto author = feed.append_child("author");
  put(author, "name", facts.sender.name_uk + " / " + facts.sender.name_en);
  put_link(feed, "self", "application/atom+xml", std::string{"./"} + kFeedName);
  for (auto const& each : facts.unknown) put_unknown(feed, each, facts);
  auto messages = facts.messages;
  std::sort(messages.begin(), messages.end(), [&](auto const& a, auto const& b) { return newer(a, b, policy); });
  for (auto const& each : messages) put_message(feed, each, facts, policy);
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return std::move(out).str();
}

}  // namespace siren
