#include "alert_gateway/edge/phone_edge.h"

#include <sys/socket.h>

#include "common/clock.h"

namespace siren::edge {

result<std::unique_ptr<phone_edge>> phone_edge::make(edge_options options, std::vector<loop_work> work, opener open,
                                                     std::function<void(refusal)> on_refusal) {
  std::unique_ptr<phone_edge> made{new phone_edge};
  auto& ground = made->ground_;
  if (!options.certificate_file.empty() || !options.key_file.empty()) {
    auto identity = tls_identity::load(options.certificate_file, options.key_file);
    if (!identity) return identity.error();
    ground.identity = std::move(identity).value();
  }
  auto listens = listen_on(options.address);
  if (!listens) return listens.error();
  made->listener_ = std::move(listens->socket);
  made->address_ = listens->address;
  ground.listener = made->listener_.get();
  ground.limits = options.limits;
  ground.open = std::move(open);
  ground.on_refusal = std::move(on_refusal);
  for (std::size_t i = 0; i < work.size(); ++i)
    made->loops_.push_back(std::make_unique<edge_loop>(ground, i, std::move(work[i])));
  return made;
}

phone_edge::~phone_edge() {
  stop(milliseconds{0});
}

void phone_edge::start() {
  for (auto const& each : loops_) each->start();
}

void phone_edge::begin_stop(milliseconds grace) {
  auto const at_latest = steady_now() + grace;
  if (listener_.open()) (void)::shutdown(listener_.get(), SHUT_RDWR);
  for (auto const& each : loops_) each->begin_stop(at_latest);
}

void phone_edge::stop(milliseconds grace) {
  begin_stop(grace);
  for (auto const& each : loops_) each->join();
  listener_ = unique_fd{};
}

}  // namespace siren::edge
