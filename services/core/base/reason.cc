#include "core/base/reason.h"

#include "core/base/verify.h"

namespace siren {

std::string_view name_of(reason why) {
  switch (why) {
#define X(identifier, name, category) \
  case reason::identifier:            \
    return name;
    SIREN_REASONS(X)
#undef X
  }
  verify(false, "every reason has a name");
  return "";
}

code code_of(reason why) {
  switch (why) {
#define X(identifier, name, category) \
  case reason::identifier:            \
    return code::category;
    SIREN_REASONS(X)
#undef X
  }
  verify(false, "every reason has a code");
  return code::internal;
}

}  // namespace siren
