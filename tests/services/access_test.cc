// Access tokens: what is believed, what is refused and why, and what a role opens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "common/access/local_issuer.h"
#include "common/access/token_verifier.h"
#include "services/bundle_folder.h"

namespace siren {
namespace {

using json = nlohmann::json;

constexpr std::int64_t kIssued = 1'800'000'000;
constexpr wall_time kNow{seconds{kIssued + 60}};
constexpr char kIssuer[] = "https://id.example/realms/city";

json good_claims() {
  return {{"iss", kIssuer}, {"aud", "siren-kyiv"},  {"sub", "olena"},
          {"iat", kIssued}, {"exp", kIssued + 300}, {"roles", {"31/alarm_proposer", "31/shelter_editor"}}};
}

class access : public ::testing::Test {
 protected:
  static jose_key const& issuer_key() {
    static auto const key = jose_key::make(jose_key::family::rsa, "k1");
    return key;
  }
  static jose_key const& other_key() {
    static auto const key = jose_key::make(jose_key::family::rsa, "k1");
    return key;
  }
  void SetUp() override {
    publish({json::parse(issuer_key().to_json(false))});
    verifier_ = token_verifier::open(options()).value();
  }
  void publish(std::vector<json> const& keys) { folder_.write("jwks.json", json{{"keys", keys}}.dump()); }
  [[nodiscard]] sign_in_options options() const {
    sign_in_options told;
    told.issuer = kIssuer;
    told.audience = "siren-kyiv";
    told.jwks = folder_.path() / "jwks.json";
    return told;
  }
  static std::string token(std::function<void(json&)> const& spoil = [](json&) {}) {
    auto claims = good_claims();
    spoil(claims);
    return issuer_key().sign("RS256", claims.dump(), "at+jwt");
  }
  reason refusal(std::string const& text, wall_time at = kNow) {
    auto const known = verifier_->check(text, at);
    EXPECT_FALSE(known) << text;
    return known ? reason::internal_error : known.error().why;
  }

  test::temporary_folder folder_;
  std::unique_ptr<token_verifier> verifier_;
};

TEST_F(access, a_token_tells_who_and_what_he_may) {
  auto const known = verifier_->check(token(), kNow);
  ASSERT_TRUE(known) << known.error().message;
  EXPECT_EQ(known->name, "olena");
  EXPECT_TRUE(known->checked);
  zone_id const city{"31"};
  zone_id const district{"31-desnianskyi"};
  zone_id const oblast{"14"};
  EXPECT_TRUE(known->may({role::alarm_proposer}, {city}));
  EXPECT_TRUE(known->may({role::viewer, role::shelter_editor}, {district, city})) << "and in everything inside";
  EXPECT_FALSE(known->may({role::alarm_proposer}, {oblast})) << "nowhere else";
  EXPECT_FALSE(known->may({role::alarm_approver}, {city}));
  EXPECT_FALSE(known->may({}, {city}));
}

TEST_F(access, claims_that_do_not_fit_are_refused) {
  std::vector<std::pair<char const*, std::function<void(json&)>>> const table{
      {"no issuer", [](json& c) { c.erase("iss"); }},
      {"another issuer", [](json& c) { c["iss"] = "https://id.example/realms/city/"; }},
      {"an issuer that is no text", [](json& c) { c["iss"] = json::array({kIssuer}); }},
      {"no audience", [](json& c) { c.erase("aud"); }},
      {"another audience", [](json& c) { c["aud"] = "siren-lviv"; }},
      {"other audiences",
       [](json& c) {
         c["aud"] = json::array({"a", "b"});
       }},
      {"no end", [](json& c) { c.erase("exp"); }},
      {"an end in words", [](json& c) { c["exp"] = "1800000300"; }},
      {"an end beyond all time", [](json& c) { c["exp"] = 1e300; }},
      {"a negative end", [](json& c) { c["exp"] = -1; }},
      {"no beginning", [](json& c) { c.erase("iat"); }},
      {"issued in the future", [](json& c) { c["iat"] = kIssued + 200; }},
      {"not yet", [](json& c) { c["nbf"] = kIssued + 200; }},
      {"not yet, in words", [](json& c) { c["nbf"] = "now"; }},
      {"good for a year", [](json& c) { c["exp"] = kIssued + 31'536'000; }},
      {"of nobody", [](json& c) { c.erase("sub"); }},
      {"of an empty name", [](json& c) { c["sub"] = ""; }},
      {"of a very long name", [](json& c) { c["sub"] = std::string(65, 'x'); }},
      {"of a name with a line's end", [](json& c) { c["sub"] = "olena\nroot"; }},
      {"an id with a line's end", [](json& c) { c["jti"] = "a\nb"; }},
      {"roles without end", [](json& c) { c["roles"] = std::vector<std::string>(257, "31/viewer"); }}};
  for (auto const& [what, spoil] : table) EXPECT_EQ(refusal(token(spoil)), reason::token_refused) << what;
}

TEST_F(access, an_expired_token_says_so) {
  EXPECT_EQ(refusal(token(), wall_time{seconds{kIssued + 331}}), reason::token_expired);
  EXPECT_TRUE(verifier_->check(token(), wall_time{seconds{kIssued + 329}})) << "clocks differ a little";
  EXPECT_EQ(code_of(reason::token_expired), code::permission_denied);
}

TEST_F(access, only_the_issuers_signature_by_the_one_algorithm_counts) {
  auto const claims = good_claims().dump();
  EXPECT_EQ(refusal(other_key().sign("RS256", claims)), reason::token_refused) << "another key of the same name";
  EXPECT_EQ(refusal(issuer_key().sign("PS256", claims)), reason::token_refused) << "its own key, another algorithm";
  EXPECT_EQ(refusal(issuer_key().sign("RS512", claims)), reason::token_refused);
  EXPECT_EQ(refusal(issuer_key().sign("RS256", claims, "JWE")), reason::token_refused);
  auto const elsewhere = jose_key::make(jose_key::family::p256, "k1");
  EXPECT_EQ(refusal(elsewhere.sign("ES256", claims)), reason::token_refused);
  auto const unknown = jose_key::make(jose_key::family::rsa, "k2");
  EXPECT_EQ(refusal(unknown.sign("RS256", claims)), reason::token_refused);
  // {"alg":"none"}; and HMAC with the public key as its secret: the two classical forgeries.
  auto const body = token().substr(token().find('.'));
  auto const unsigned_body = body.substr(0, body.rfind('.') + 1);
  EXPECT_EQ(refusal("eyJhbGciOiJub25lIn0" + unsigned_body), reason::token_refused);
  json const secret{{"kty", "oct"}, {"kid", "k1"}, {"k", "c2VjcmV0"}};
  EXPECT_EQ(refusal(jose_key::from_json(secret.dump())->sign("HS256", claims)), reason::token_refused);
}

TEST_F(access, no_byte_of_a_token_can_be_changed) {
  auto const whole = token();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto changed = whole;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    auto const known = verifier_->check(changed, kNow);
    // The last letter of a base64 text holds bits that mean nothing.
    EXPECT_TRUE(!known || i + 1 == whole.size()) << "byte " << i;
  }
  for (std::size_t i = 0; i < whole.size(); i += 7) EXPECT_FALSE(verifier_->check(whole.substr(0, i), kNow)) << i;
  for (std::string const bad : {"", ".", "..", "...", "a.b.c", "é.é.é", "e30.e30.e30"})
    EXPECT_EQ(refusal(bad), reason::token_refused);
  EXPECT_EQ(refusal(std::string(100'000, 'a')), reason::token_refused);
  EXPECT_EQ(refusal(issuer_key().sign("RS256", "[]")), reason::token_refused);
  EXPECT_EQ(refusal(issuer_key().sign("RS256", "\xff")), reason::token_refused);
}

TEST_F(access, roles_of_other_forms_are_not_ours) {
  auto const known = verifier_->check(token([](json& c) {
                                        c["roles"] = {"admin", "31/",   "/viewer",       "31/king",  "31/VIEWER",
                                                      5,       nullptr, "UA/31/auditor", "31/viewer"};
                                      }),
                                      kNow);
  ASSERT_TRUE(known);
  EXPECT_THAT(known->grants,
              ::testing::ElementsAre(grant{zone_id{"UA/31"}, role::auditor}, grant{zone_id{"31"}, role::viewer}));
  EXPECT_TRUE(verifier_->check(token([](json& c) { c["roles"] = "31/viewer"; }), kNow)->grants.empty());
}

TEST_F(access, keys_change_with_their_file_and_a_bad_file_changes_nothing) {
  auto const second = jose_key::make(jose_key::family::rsa, "k2");
  auto const by_second = second.sign("RS256", good_claims().dump());
  EXPECT_EQ(refusal(by_second), reason::token_refused);
  auto const later = [](int looks) { return kNow + key_set::kLookEvery * looks; };
  auto const touch = [&](int written) {
    std::filesystem::last_write_time(folder_.path() / "jwks.json", std::filesystem::file_time_type{hours{written}});
  };
  publish({json::parse(second.to_json(false))});
  touch(1);
  EXPECT_TRUE(verifier_->check(by_second, later(1)));
  EXPECT_EQ(refusal(token(), later(1)), reason::token_refused) << "the first key was given up";
  folder_.write("jwks.json", "half a fi");
  touch(2);
  EXPECT_TRUE(verifier_->check(by_second, later(2)));
}

TEST_F(access, keys_that_are_none_are_not_opened) {
  auto const opens = [&](std::vector<json> const& keys) {
    publish(keys);
    return token_verifier::open(options()).ok();
  };
  auto const good = json::parse(issuer_key().to_json(false));
  EXPECT_TRUE(opens({good}));
  EXPECT_FALSE(opens({}));
  EXPECT_FALSE(opens({json::parse(issuer_key().to_json(true))})) << "a private key";
  EXPECT_FALSE(opens({good, good})) << "one name twice";
  EXPECT_FALSE(opens({json::parse(jose_key::make(jose_key::family::rsa, "k", 1'024).to_json(false))})) << "short";
  auto other = good;
  other["use"] = "enc";
  EXPECT_FALSE(opens({other}));
  folder_.write("jwks.json", std::string(key_set::kMostBytes + 1, ' '));
  EXPECT_FALSE(token_verifier::open(options()));
  auto nowhere = options();
  nowhere.jwks = "/nowhere";
  EXPECT_FALSE(token_verifier::open(nowhere));
}

TEST_F(access, the_local_issuer_is_for_exercises_and_its_key_is_made_anew) {
  auto const folder = (folder_.path() / "issuer").string();
  EXPECT_EQ(local_issuer::open(world::live, folder).error().why, reason::wrong_mode);
  EXPECT_FALSE(std::filesystem::exists(folder));
  auto const issuer = local_issuer::open(world::exercise, folder);
  ASSERT_TRUE(issuer);
  EXPECT_EQ(std::filesystem::status(folder + "/issuer-key.json").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  auto const again = local_issuer::open(world::exercise, folder);
  auto const verifier = token_verifier::open(issuer->options());
  ASSERT_TRUE(verifier) << verifier.error().message;
  auto const known = (*verifier)->check(again->token({"olena", {"31/alarm_proposer"}}, kNow), kNow);
  ASSERT_TRUE(known) << known.error().message;
  EXPECT_TRUE(known->may({role::alarm_proposer}, {zone_id{"31"}}));
  auto const elsewhere = local_issuer::open(world::exercise, folder + "2");
  EXPECT_FALSE((*verifier)->check(elsewhere->token({"olena", {}}, kNow), kNow));
}

}  // namespace
}  // namespace siren
