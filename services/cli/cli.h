#pragma once

#include <string>
#include <vector>

#include "cli/terminal.h"

namespace siren {

/// The program `siren`: `words` are its arguments without the program's name. Returns the exit status.
int run_cli(std::vector<std::string> words, terminal const& io);

}  // namespace siren
