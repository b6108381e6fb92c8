#pragma once

#include <string>

namespace siren::bench {

/// A folder under /var/tmp that is gone with this object.
class kept_folder {
 public:
  kept_folder();
  ~kept_folder();
  kept_folder(kept_folder const&) = delete;
  kept_folder& operator=(kept_folder const&) = delete;
  [[nodiscard]] std::string const& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace siren::bench
