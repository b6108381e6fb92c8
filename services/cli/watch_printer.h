#pragma once

#include <functional>
#include <mutex>

#include "cli/terminal.h"
#include "client/phone_client.h"

namespace siren {

/// What a phone hears, as text or as one JSON object a line: {"event": "snapshot" | "alert" | "provisional" | "merged"
/// | "guidance" | "state" | "disconnected", …} with the contract's messages inside. Ends after a terminal
/// disconnection.
class watch_printer final : public client::phone_listener {
 public:
  watch_printer(terminal const& io, std::string language, bool json)
      : io_{io}, language_{std::move(language)}, json_{json} {}

  void on_snapshot(alerts::v1::Snapshot const& whole) override;
  void on_alert(alerts::v1::LoggedAlert const& change) override;
  void on_provisional(alerts::v1::ProvisionalAlert const& now) override;
  void on_merged(alerts::v1::LoggedAlert const& change) override;
  void on_guidance(routing::v1::Guidance const& told) override;
  void on_state(bool current) override;
  void on_disconnected(client::disconnection const& why) override;

  /// The sentence to fail with once the phone stays away.
  [[nodiscard]] std::optional<std::string> refused() const;

 private:
  void say(std::string const& text);
  void say_json(std::string const& event, google::protobuf::Message const& message);
  [[nodiscard]] std::string words_of_alert(alerts::v1::Alert const& alert) const;

  terminal const& io_;
  std::string language_;
  bool json_;
  mutable std::mutex mutex_;
  std::optional<std::string> refused_;
};

}  // namespace siren
