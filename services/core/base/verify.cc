#include "core/base/verify.h"

#include <cstdio>
#include <cstdlib>

namespace siren {

void verify(bool condition, char const* what, std::source_location where) {
  if (condition) [[likely]]
    return;
  std::fprintf(stderr, "%s:%u: %s: broken: %s\n", where.file_name(), where.line(), where.function_name(), what);
  std::abort();
}

}  // namespace siren
