#include "cli/import_call.h"

#include "common/access/access_guard.h"

namespace siren {
namespace {

constexpr milliseconds kImport{60'000};
constexpr std::size_t kChunkBytes = 256U << 10U;

}  // namespace

grpc::Status send_import(shelters::v1::ShelterService::Stub& stub, import_file const& file, bool dry_run,
                         std::string const& token, shelters::v1::ImportSheltersResponse& answer) {
  grpc::ClientContext context;
  set_deadline(context, kImport);
  carry_token(context, token);
  auto const writer = stub.ImportShelters(&context, &answer);
  shelters::v1::ImportSheltersRequest part;
  part.set_request_id(new_request_id());
  part.set_format(file.format);
  part.set_dry_run(dry_run);
  std::size_t at = 0;
  do {
    part.set_chunk(file.bytes.substr(at, kChunkBytes));
    if (!writer->Write(part)) break;  // the status tells why
    part.Clear();
    at += kChunkBytes;
  } while (at < file.bytes.size());
  writer->WritesDone();
  return writer->Finish();
}

}  // namespace siren
