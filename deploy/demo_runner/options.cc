#include "demo_runner/options.h"

#include <unistd.h>

#include <filesystem>

#include "common/service_options.h"

namespace siren::demo {
namespace {

constexpr std::uint32_t kMaxPhones = 15'000;  // two file descriptors a phone in one process, limit 20,000 each side
constexpr double kMaxMinutes = 24 * 60.0;
constexpr double kMaxSpeed = 1'000.0;
constexpr std::size_t kMaxDataPath = 70;  // sockets below it must fit into 107 bytes

}  // namespace

double options::rate(hours night) const {
  return speed.value_or(static_cast<double>(seconds{night}.count()) / (minutes * 60.0));
}

std::optional<int> parse(int argc, char const* const* argv, options& into) {
  CLI::App app{"Replays a night's attack against a whole Siren on this machine", "siren_demo"};
  app.add_option("--programs", into.programs)->required()->check(CLI::ExistingDirectory);
  app.add_option("--migrations", into.migrations)->required()->check(CLI::ExistingDirectory);
  app.add_option("--raid", into.raid)->required()->check(CLI::ExistingFile);
  app.add_option("--city", into.city)->required()->check(CLI::ExistingDirectory);
  app.add_option("--data", into.data)->check([](std::string const& path) {
    return path.size() <= kMaxDataPath ? "" : "the path is too long for unix sockets: " + path;
  });
  app.add_option("--json", into.json);
  app.add_option("--phones", into.phones)->check(CLI::Range(1U, kMaxPhones));
  app.add_option("--speed", into.speed)->check(CLI::Range(0.1, kMaxSpeed));
  app.add_option("--minutes", into.minutes)->check(CLI::Range(0.1, kMaxMinutes));
  app.add_option("--seed", into.seed);
  app.add_flag("--until-clear", into.until_clear);
  app.add_flag("--headless", into.headless);
  app.add_flag("--keep", into.keep);
  if (auto const status = parse_command_line(app, argc, argv)) return status;
  if (into.data.empty()) into.data = "/var/tmp/siren-demo-" + std::to_string(geteuid());
  // Children run in "/".
  for (auto* path : {&into.programs, &into.migrations, &into.raid, &into.city, &into.data})
    *path = std::filesystem::absolute(*path).lexically_normal().string();
  return std::nullopt;
}

}  // namespace siren::demo
