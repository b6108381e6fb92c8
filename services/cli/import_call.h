#pragma once

#include <string>

#include "cli/commands.h"
#include "siren/shelters/v1/shelter_service.grpc.pb.h"

namespace siren {

inline constexpr std::size_t kMostImportBytes = 8U << 20U;  // contract of ImportShelters

struct import_file {
  std::string name;
  shelters::v1::ImportFormat format;
  std::string bytes;
};

/// One call of ImportShelters.
[[nodiscard]] grpc::Status send_import(shelters::v1::ShelterService::Stub& stub, import_file const& file, bool dry_run,
                                       std::string const& token, shelters::v1::ImportSheltersResponse& answer);

/// A city's own list, through a mapping.
int run_mapped_import(terminal const& io, instance_addresses const& where, import_request const& asked);

}  // namespace siren
