#include <iostream>

#include "cli/cli.h"
#include "common/log.h"

int main(int argc, char** argv) {
  siren::start_logging("siren", "error", "");  // a command's word is its own line; logs only tell what is broken
  siren::terminal const io{std::cout, std::cerr};
  return siren::run_cli({argv + 1, argv + argc}, io);
}
