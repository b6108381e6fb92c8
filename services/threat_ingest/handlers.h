#pragma once

#include "siren/threats/v1/threat_feed_service.grpc.pb.h"
#include "threat_ingest/decision_loop.h"

namespace siren {

struct feed_stream_policy {
  std::size_t max_unanswered = 2'000;  // records of one feed; then it is not read until it has read its answers
};

/// The door for feeds: one reader and one writer thread per stream, all before the one decision thread. A stream with
/// broken bytes or an oversize message ends; no other is touched.
class threat_feed_service final : public threats::v1::ThreatFeedService::Service {
 public:
  threat_feed_service(decision_loop& loop, instruments& counts, feed_stream_policy policy = {})
      : loop_{loop}, counts_{counts}, policy_{policy} {}

  grpc::Status StreamThreats(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<threats::v1::StreamThreatsResponse, threats::v1::StreamThreatsRequest>* stream) override;

 private:
  decision_loop& loop_;
  instruments& counts_;
  feed_stream_policy policy_;
};

}  // namespace siren
