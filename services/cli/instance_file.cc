#include "cli/instance_file.h"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace siren {

std::string flag_of(std::string const& name) {
  auto flag = "--" + name;
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

result<void> instance_addresses::read_file(std::string const& file) {
  std::ifstream in{file};
  if (!in) return failure{reason::file_unreadable, file + " can't be read"};
  try {
    for (auto const& item : CLI::ConfigTOML{}.from_config(in))
      if (item.inputs.size() == 1) file_[item.name] = item.inputs.front();
  } catch (CLI::Error const& bad) {
    return failure{reason::malformed, file + ": " + bad.what()};
  }
  return {};
}

std::string instance_addresses::get(std::string const& name) const {
  if (auto const given = flags_.find(name); given != flags_.end() && !given->second.empty()) return given->second;
  auto const found = file_.find(name);
  return found == file_.end() ? "" : found->second;
}

result<std::string> instance_addresses::need(std::string const& name) const {
  auto value = get(name);
  if (value.empty()) return failure{reason::missing_field, "needs " + flag_of(name) + " or --instance FILE"};
  return value;
}

result<world> instance_addresses::serves() const {
  auto const name = need("world");
  if (!name) return name.error();
  if (*name == name_of(world::live)) return world::live;
  if (*name == name_of(world::exercise)) return world::exercise;
  return failure{reason::malformed, "world must be live or exercise, not \"" + *name + "\""};
}

std::string instance_addresses::internal_door(std::string const& service) const {
  auto const door = get(service + "_internal");
  return door.empty() ? get(service) : door;
}

}  // namespace siren
