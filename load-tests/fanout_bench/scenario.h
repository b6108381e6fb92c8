#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace siren::fanout {

/// One thing that happens. Its words were checked when it was read.
struct step {
  std::string verb;
  std::map<std::string, std::string> with;

  [[nodiscard]] bool has(std::string const& key) const { return with.contains(key); }
  [[nodiscard]] std::string text(std::string const& key, std::string const& otherwise = "") const;
  /// "12" or "10%" (0.1).
  [[nodiscard]] double number(std::string const& key, double otherwise) const;
};

/// What a figure must hold: "WINDOW.FIGURE <= NUMBER", or against another figure "<= NUMBER * NAME" or "<= NUMBER +
/// NAME".
struct want {
  std::string name;
  bool at_most = true;  // else exactly
  double value = 0.0;
  char joined = 0;  // '*', '+' or 0
  std::string other;
  std::optional<bool> under_tls;  // absent: in any case

  /// The bound, when `other` has this value.
  [[nodiscard]] double bound(double of_other) const;
};

/// A file of scenarios/: what is told about it, how it is set up, what happens, and what must come out.
struct scenario {
  std::string name;
  std::string title;
  std::map<std::string, std::string> setup;
  std::vector<step> steps;
  std::vector<want> wants;
  bool for_peers = false;  // can be played by any server

  [[nodiscard]] double setting(std::string const& key, double otherwise) const;
};

/// Lines "title WORDS", "setup key=value …", "VERB key=value …" and "want …"; '#' begins a remark. Failure: MALFORMED,
/// with the line.
[[nodiscard]] result<scenario> read_scenario(std::string const& name, std::string_view text);
/// Every *.scenario of the folder, in the order of their names. Failure: as above, or FILE_UNREADABLE.
[[nodiscard]] result<std::vector<scenario>> read_scenarios(std::string const& folder);

}  // namespace siren::fanout
