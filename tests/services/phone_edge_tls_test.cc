// The phones' door under TLS: 1.3 alone, HTTP/2 alone, and a second handshake that costs no signature.
#include <csignal>
#include <fstream>
#include <memory>

#include <openssl/ssl.h>

#include "rig/private_servers.h"
#include "services/echo_edge.h"

namespace siren::edge {
namespace {

class phone_edge_tls_test : public echo_edge {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets that were closed; our programs ignore it too
    folder_ = make_run_folder("tls");
    certificate_ = folder_ + "/cert.pem";
    key_ = folder_ + "/key.pem";
    auto made =
        child_process::start({{"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                               "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=siren.test",
                               "-addext", "subjectAltName=DNS:siren.test", "-keyout", key_, "-out", certificate_},
                              folder_ + "/openssl.out",
                              ""});
    ASSERT_TRUE(made.ok());
    ASSERT_EQ((*made)->wait_for_exit(milliseconds{20'000}), 0);
  }
  void TearDown() override {
    edge_.reset();
    remove_run_folder(folder_);
  }
  said say_trusting(std::string const& bytes) const {
    std::ifstream file{certificate_};
    grpc::SslCredentialsOptions trust;
    trust.pem_root_certs.assign(std::istreambuf_iterator<char>{file}, {});
    return say(kEcho, bytes, grpc::SslCredentials(trust));
  }

  std::string folder_;
  std::string certificate_;
  std::string key_;
};

using session_ptr = std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)>;

/// What came of one TLS connection that asked for these protocols.
struct handshake {
  bool done = false;
  bool resumed = false;
  int version = 0;
  std::string protocol;
  session_ptr ticket{nullptr, &SSL_SESSION_free};
};

/// Blocking; the handshake, then HTTP/2's until the server has sent its settings (its ticket lies before them).
handshake shake_hands(std::string const& address, std::string const& protocol, SSL_SESSION* with = nullptr,
                      int newest = TLS1_3_VERSION) {
  handshake came;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> const context{SSL_CTX_new(TLS_client_method()), &SSL_CTX_free};
  SSL_CTX_set_max_proto_version(context.get(), newest);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_set_app_data(context.get(), &came);
  SSL_CTX_sess_set_new_cb(context.get(), [](SSL* tls, SSL_SESSION* made) {
    static_cast<handshake*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(tls)))->ticket.reset(made);
    return 1;
  });
  std::unique_ptr<BIO, decltype(&BIO_free_all)> const socket{BIO_new_ssl_connect(context.get()), &BIO_free_all};
  SSL* tls = nullptr;
  BIO_get_ssl(socket.get(), &tls);
  auto const wire = static_cast<char>(protocol.size()) + protocol;
  SSL_set_alpn_protos(tls, reinterpret_cast<unsigned char const*>(wire.data()), static_cast<unsigned>(wire.size()));
  if (with != nullptr) SSL_set_session(tls, with);
  BIO_set_conn_hostname(socket.get(), address.c_str());
  if (BIO_do_handshake(socket.get()) != 1) return came;
  static std::string const kHello = std::string{NGHTTP2_CLIENT_MAGIC} + std::string("\0\0\0\4\0\0\0\0\0", 9);
  BIO_write(socket.get(), kHello.data(), static_cast<int>(kHello.size()));
  char settings[64];
  came.done = BIO_read(socket.get(), settings, sizeof settings) > 0;
  came.resumed = SSL_session_reused(tls) == 1;
  came.version = SSL_version(tls);
  unsigned char const* chosen = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(tls, &chosen, &length);
  came.protocol.assign(reinterpret_cast<char const*>(chosen), length);
  SSL_shutdown(tls);
  return came;
}

TEST_F(phone_edge_tls_test, stock_grpc_is_understood_under_tls_alone) {
  serve({}, certificate_, key_);
  auto const told = say_trusting(std::string(10'000, 'x'));
  EXPECT_TRUE(told.status.ok()) << told.status.error_message();
  EXPECT_EQ(told.bytes.size(), 10'000U);
  EXPECT_FALSE(say(kEcho, "", grpc::InsecureChannelCredentials()).status.ok()) << "plain is not spoken on a TLS door";
}

TEST_F(phone_edge_tls_test, a_phone_that_comes_back_resumes_its_session) {
  serve({}, certificate_, key_);
  auto const first = shake_hands(edge_->address(), "h2");
  ASSERT_TRUE(first.done);
  EXPECT_EQ(first.version, TLS1_3_VERSION);
  EXPECT_EQ(first.protocol, "h2");
  EXPECT_FALSE(first.resumed);
  ASSERT_NE(first.ticket, nullptr);
  auto second = shake_hands(edge_->address(), "h2", first.ticket.get());
  ASSERT_TRUE(second.done);
  EXPECT_TRUE(second.resumed);
  ASSERT_NE(second.ticket, nullptr) << "each connection gives the ticket of the next";
  EXPECT_TRUE(shake_hands(edge_->address(), "h2", second.ticket.get()).resumed);
}

TEST_F(phone_edge_tls_test, older_versions_and_other_protocols_are_refused) {
  serve({}, certificate_, key_);
  EXPECT_FALSE(shake_hands(edge_->address(), "h2", nullptr, TLS1_2_VERSION).done);
  EXPECT_FALSE(shake_hands(edge_->address(), "http/1.1").done);
  EXPECT_TRUE(say_trusting("still there?").status.ok());
}

TEST_F(phone_edge_tls_test, a_handshake_that_does_not_go_on_is_ended) {
  edge_limits limits;
  limits.first_call_within = seconds{1};
  serve(limits, certificate_, key_);
  h2_stranger silent{edge_->address()};
  h2_stranger halting{edge_->address()};
  ASSERT_TRUE(halting.send_raw(std::string("\x16\x03\x01\x02\x00\x01", 6)));  // the head of a ClientHello
  ASSERT_TRUE(wait_until([&] { return edge_->connections() == 2; }, kSoon));
  EXPECT_TRUE(wait_until([&] { return edge_->connections() == 0; }, kSoon));
  EXPECT_EQ(refused(refusal::no_call_in_time), 2);
  EXPECT_TRUE(say_trusting("still there?").status.ok());
}

TEST_F(phone_edge_tls_test, a_certificate_that_can_not_be_used_is_told) {
  auto const wrong = phone_edge::make({"127.0.0.1:0", key_, certificate_, {}}, {}, nullptr, [](refusal) {});
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().why, reason::file_unreadable);
}

}  // namespace
}  // namespace siren::edge
