#pragma once

#include "siren/threats/v1/threat_feed_service.grpc.pb.h"
#include "threat_ingest/decision_loop.h"

namespace siren {

struct feed_stream_policy {
  std::size_t max_record_bytes = 1U << 20U;  // a thousand times a real record; the stream ends at it
  std::size_t max_unanswered = 2'000;        // records of one feed; then it is not read until it has read its answers
};

/// siren.threats.v1.ThreatFeedService, the door for feeds: one reader and one writer thread per stream, all before the
/// one decision thread. A stream with bytes that are no record ends with INVALID_ARGUMENT and MALFORMED, one with an
/// oversize record with RESOURCE_EXHAUSTED and MESSAGE_TOO_LARGE; no other is touched.
///
/// It reads bytes and parses them itself, because the generated server ends a stream of broken bytes as if the feed had
/// said all it wanted: with OK.
class threat_feed_service final : public grpc::Service {
 public:
  threat_feed_service(decision_loop& loop, instruments& counts, feed_stream_policy policy = {});

 private:
  using feed_stream = grpc::ServerReaderWriter<threats::v1::StreamThreatsResponse, grpc::ByteBuffer>;
  [[nodiscard]] grpc::Status stream_threats(grpc::ServerContext& context, feed_stream& stream);
  [[nodiscard]] grpc::Status read_records(grpc::ServerContext const& context, feed_stream& stream,
                                          std::shared_ptr<class feed_session> const& session);

  decision_loop& loop_;
  instruments& counts_;
  feed_stream_policy policy_;
};

}  // namespace siren
