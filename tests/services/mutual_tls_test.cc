// Services and feeds show certificates of the instance's own authority, and a feed speaks as itself alone.
#include "common/mutual_tls.h"

#include <fstream>

#include "grpc/health/v1/health.grpc.pb.h"
#include "services/ingest_world.h"

namespace siren {
namespace {

using namespace test;

constexpr milliseconds kOpenssl{20'000};

std::string content(std::string const& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// An authority that signs certificates with names.
class authority {
 public:
  authority(std::string folder, std::string name) : folder_{std::move(folder)}, name_{std::move(name)} {
    run({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
         "/CN=" + name_, "-keyout", path("key"), "-out", path("cert")});
  }
  [[nodiscard]] std::string certificate() const { return path("cert"); }

  mutual_tls_files sign(std::string const& who, std::string const& names) const {
    auto const own = folder_ + "/" + name_ + "-" + who;
    mutual_tls_files const files{own + ".cert", own + ".key", certificate()};
    std::ofstream{own + ".names"} << "subjectAltName=" << names << '\n';
    run({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=" + who, "-keyout",
         files.key, "-out", own + ".request"});
    run({"x509", "-req", "-in", own + ".request", "-CA", path("cert"), "-CAkey", path("key"), "-CAcreateserial",
         "-days", "2", "-extfile", own + ".names", "-out", files.certificate});
    return files;
  }

 private:
  [[nodiscard]] std::string path(std::string const& what) const { return folder_ + "/" + name_ + "." + what; }
  void run(std::vector<std::string> words) const {
    words.insert(words.begin(), "/usr/bin/openssl");
    auto made = child_process::start({words, folder_ + "/openssl.out", ""});
    ASSERT_TRUE(made.ok());
    ASSERT_EQ((*made)->wait_for_exit(kOpenssl), 0) << content(folder_ + "/openssl.out");
  }

  std::string folder_;
  std::string name_;
};

class mutual_tls_test : public ingest_world {
 protected:
  static void SetUpTestSuite() {
    folder = make_run_folder("mtls");
    ours = std::make_unique<authority>(folder, "ours");
    ASSERT_TRUE(use_mutual_tls(ours->sign("services", "URI:siren:service,DNS:localhost,IP:127.0.0.1")));
  }
  static void TearDownTestSuite() {
    ours.reset();
    remove_run_folder(folder);
  }
  static std::shared_ptr<grpc::Channel> as(mutual_tls_files const& who, std::string const& address) {
    grpc::SslCredentialsOptions shown{content(who.authority), content(who.key), content(who.certificate)};
    return grpc::CreateChannel(address, grpc::SslCredentials(shown));
  }
  static grpc::StatusCode health_through(std::shared_ptr<grpc::Channel> const& channel) {
    grpc::ClientContext call;
    call.set_deadline(std::chrono::system_clock::now() + seconds{10});
    grpc::health::v1::HealthCheckResponse said;
    return grpc::health::v1::Health::NewStub(channel)->Check(&call, {}, &said).error_code();
  }

  static inline std::string folder;
  static inline std::unique_ptr<authority> ours;
};

TEST_F(mutual_tls_test, only_services_that_the_authority_signed_may_call) {
  auto const door = rpc_server::start("127.0.0.1:0", rpc_exposure::internal, {}).value();
  auto const& at = door->address();
  EXPECT_EQ(health_through(internal_channel(at)), grpc::StatusCode::OK);
  EXPECT_EQ(health_through(as(ours->sign("feed", "URI:siren:feed:radar"), at)), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(health_through(as(ours->sign("nobody", "DNS:siren.test"), at)), grpc::StatusCode::PERMISSION_DENIED);
  authority const others{folder, "others"};
  auto stranger = others.sign("services", "URI:siren:service");
  stranger.authority = ours->certificate();
  EXPECT_EQ(health_through(as(stranger, at)), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(health_through(grpc::CreateChannel(at, grpc::InsecureChannelCredentials())), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(health_through(grpc::CreateChannel(at, grpc::SslCredentials({content(ours->certificate()), "", ""}))),
            grpc::StatusCode::UNAVAILABLE)
      << "no certificate at all";
}

TEST_F(mutual_tls_test, a_server_of_another_name_is_not_believed) {
  auto const door = rpc_server::start("unix:" + folder + "/door.sock", rpc_exposure::internal, {}).value();
  EXPECT_EQ(health_through(internal_channel(door->address())), grpc::StatusCode::OK) << "a socket is localhost";
  auto const elsewhere = rpc_server::start("127.0.0.2:0", rpc_exposure::internal, {}).value();
  EXPECT_EQ(health_through(internal_channel(elsewhere->address())), grpc::StatusCode::UNAVAILABLE)
      << "the certificate does not name 127.0.0.2";
}

/// A volunteer's bridge with its own certificate would otherwise declare alarms in the Air Force's name.
TEST_F(mutual_tls_test, a_feed_speaks_as_itself_alone) {
  start_instance();
  feed radar{as(ours->sign("radar", "URI:siren:feed:radar,URI:siren:feed:acoustic"), instance_->address())};
  EXPECT_EQ(radar.ask(observed("radar", "7")), "ok");
  EXPECT_EQ(radar.ask(declared("air_force", "31")), "ROLE_MISSING");
  EXPECT_EQ(instance_->refused("ROLE_MISSING"), 1.0);
  feed service{instance_->address()};
  EXPECT_EQ(service.ask(declared("air_force", "31")), "ok") << "a service's certificate speaks for any source";
}

TEST(mutual_tls_options, belong_together_and_are_needed_beyond_one_machine) {
  EXPECT_EQ(use_mutual_tls({"cert.pem", "", ""}).error().why, reason::missing_field);
  EXPECT_EQ(use_mutual_tls({"/nowhere/a", "/nowhere/b", "/nowhere/c"}).error().why, reason::file_unreadable);
  service_options live;
  live.serves = world::live;
  for (auto const* near : {"127.0.0.1:7001", "unix:/run/siren/x.sock", "localhost:7001", "[::1]:7001"}) {
    EXPECT_TRUE(verify_internal_door(live, near)) << near;
  }
  for (auto const* far : {"0.0.0.0:7001", "[::]:7001", "10.0.0.7:7001"}) {
    EXPECT_EQ(verify_internal_door(live, far).error().why, reason::sign_in_missing) << far;
  }
  live.tls = {"a", "b", "c"};
  EXPECT_TRUE(verify_internal_door(live, "0.0.0.0:7001"));
}

}  // namespace
}  // namespace siren
