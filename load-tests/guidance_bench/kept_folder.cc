#include "guidance_bench/kept_folder.h"

#include "rig/private_servers.h"

namespace siren::bench {

kept_folder::kept_folder() : path_{make_run_folder("city")} {}

kept_folder::~kept_folder() {
  remove_run_folder(path_);
}

}  // namespace siren::bench
