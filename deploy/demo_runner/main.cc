#include <sys/resource.h>

#include "common/log.h"
#include "common/rpc_server.h"
#include "demo_runner/run.h"

int main(int argc, char** argv) {
  siren::block_stop_signals();
  siren::demo::options chosen;
  if (auto const status = siren::demo::parse(argc, argv, chosen)) return *status;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  siren::start_logging("demo", "error", "");
  return siren::demo::run(chosen);
}
