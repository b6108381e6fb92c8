#include "threat_ingest/handlers.h"

#include <thread>

#include "common/log.h"
#include "common/rpc_server.h"
#include "threat_ingest/feed_session.h"

namespace siren {

grpc::Status threat_feed_service::StreamThreats(
    grpc::ServerContext* context,
    grpc::ServerReaderWriter<threats::v1::StreamThreatsResponse, threats::v1::StreamThreatsRequest>* stream) {
  auto const session = std::make_shared<feed_session>(policy_.max_unanswered);
  std::thread writer{[&] {
    while (auto const next = session->next_answer()) session->sent(stream->Write(*next));
  }};

  trace_source traces;
  grpc::Status status;
  threats::v1::StreamThreatsRequest request;
  while (stream->Read(&request)) {
    incoming record{std::move(request), wall_now(), traces.next()};
    if (!session->begin_record()) break;
    if (!loop_.put({std::move(record), session})) {
      session->cancel_record();
      status = to_status({reason::draining, "this instance is stopping; connect to another or again"});
      break;
    }
    request.Clear();
  }
  session->finish_reading();
  writer.join();
  if (context->IsCancelled()) {
    // The feed went away, or the transport refused a message (over 1 MiB, or no protobuf) and has ended the stream
    // itself.
    counts_.streams_broken.Increment();
    log(log_level::warn, "feed_stream_broken", {{"peer", context->peer()}});
  }
  return status;
}

}  // namespace siren
