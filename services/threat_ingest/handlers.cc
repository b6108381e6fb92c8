#include "threat_ingest/handlers.h"

#include <thread>

#include "common/log.h"
#include "common/mutual_tls.h"
#include "common/rpc_server.h"
#include "threat_ingest/feed_session.h"

namespace siren {
namespace {

// gRPC keeps the pointer.
constexpr auto kStreamThreats = "/siren.threats.v1.ThreatFeedService/StreamThreats";

}  // namespace

threat_feed_service::threat_feed_service(decision_loop& loop, instruments& counts, feed_stream_policy policy)
    : loop_{loop}, counts_{counts}, policy_{policy} {
  using handler =
      grpc::internal::BidiStreamingHandler<threat_feed_service, grpc::ByteBuffer, threats::v1::StreamThreatsResponse>;
  AddMethod(new grpc::internal::RpcServiceMethod(
      kStreamThreats, grpc::internal::RpcMethod::BIDI_STREAMING,
      new handler([](threat_feed_service* self, grpc::ServerContext* context,
                     feed_stream* stream) { return self->stream_threats(*context, *stream); },
                  this)));
}

grpc::Status threat_feed_service::stream_threats(grpc::ServerContext& context, feed_stream& stream) {
  auto const session = std::make_shared<feed_session>(policy_.max_unanswered);
  std::thread writer{[&] {
    while (auto const next = session->next_answer()) session->sent(stream.Write(*next));
  }};
  auto const status = read_records(context, stream, session);
  session->finish_reading();
  writer.join();
  if (context.IsCancelled()) {
    // The feed went away, or the transport refused a message over its own limit and has ended the stream itself.
    counts_.streams_broken.Increment();
    log(log_level::warn, "feed_stream_broken", {{"peer", context.peer()}});
  }
  return status;
}

grpc::Status threat_feed_service::read_records(grpc::ServerContext const& context, feed_stream& stream,
                                               std::shared_ptr<feed_session> const& session) {
  auto const allowed = context.auth_context() ? sources_of(*context.auth_context()) : std::nullopt;
  auto const sources = allowed ? std::make_shared<std::set<std::string> const>(*allowed) : nullptr;
  trace_source traces;
  grpc::ByteBuffer bytes;
  while (stream.Read(&bytes)) {
    incoming record{{}, wall_now(), traces.next(), sources};
    if (bytes.Length() > policy_.max_record_bytes) {
      failure const large{reason::message_too_large,
                          "a record has at most " + std::to_string(policy_.max_record_bytes) + " bytes"};
      counts_.refused(large, "", record.trace, steady_now());
      return to_status(large);
    }
    if (!grpc::SerializationTraits<threats::v1::StreamThreatsRequest>::Deserialize(&bytes, &record.request).ok()) {
      failure const broken{reason::malformed, "these bytes are no StreamThreatsRequest"};
      counts_.refused(broken, "", record.trace, steady_now());
      return to_status(broken);
    }
    if (!session->begin_record()) break;
    if (!loop_.put({std::move(record), session})) {
      session->cancel_record();
      return to_status({reason::draining, "this instance is stopping; connect again"});
    }
    bytes.Clear();
  }
  return grpc::Status::OK;
}

}  // namespace siren
