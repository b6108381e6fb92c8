# Debian 12 packages, by what needs them. The README's dependency table says why each is here.

packages_build=(
  ca-certificates
  g++ cmake ninja-build pkg-config ccache
  libgrpc++-dev protobuf-compiler protobuf-compiler-grpc libprotobuf-dev
  libpqxx-dev libhiredis-dev
  libboost-dev libspdlog-dev libfmt-dev nlohmann-json3-dev prometheus-cpp-dev
  libcli11-dev libs2-dev libabsl-dev libssl-dev libnghttp2-dev
  libosmium2-dev libprotozero-dev zlib1g-dev libbz2-dev libexpat1-dev
  libpugixml-dev libyaml-cpp-dev libcurl4-openssl-dev libcjose-dev libjansson-dev
)
packages_run=(postgresql-15 redis-server)
packages_test=(libgtest-dev libgmock-dev liblemon-dev libxml2-dev clang-format-14 clang-tidy-16)
packages_peers=(liblemon-dev postgresql-15-pgrouting)
packages_fanout_peers=(nginx-light libnginx-mod-nchan)
packages_fuzz=(clang-16 libclang-rt-16-dev)
packages_browser=(chromium nodejs npm)
