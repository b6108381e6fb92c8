// The contract between processes may grow, but nothing in it may vanish or change its type: phones and services of
// other releases rely on it. A line is one field, enum value or call.
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

namespace siren {
namespace {

namespace pb = google::protobuf;

class surface {
 public:
  explicit surface(pb::FileDescriptorSet const& files) {
    for (auto const& file : files.file()) {
      if (!file.package().starts_with("siren.")) continue;
      for (auto const& message : file.message_type()) add(file.package(), message);
      for (auto const& list : file.enum_type()) add(file.package(), list);
      for (auto const& service : file.service())
        for (auto const& call : service.method())
          lines.insert(file.package() + "." + service.name() + "." + call.name() + "(" +
                       (call.client_streaming() ? "stream " : "") + call.input_type() + ") -> " +
                       (call.server_streaming() ? "stream " : "") + call.output_type());
    }
  }
  std::set<std::string> lines;

 private:
  void add(std::string const& scope, pb::DescriptorProto const& message) {
    auto const name = scope + "." + message.name();
    for (auto const& field : message.field())
      lines.insert(name + "." + field.name() + " = " + std::to_string(field.number()) + " " +
                   pb::FieldDescriptorProto::Label_Name(field.label()) + " " +
                   pb::FieldDescriptorProto::Type_Name(field.type()) + " " + field.type_name());
    for (auto const& inner : message.nested_type()) add(name, inner);
    for (auto const& list : message.enum_type()) add(name, list);
  }
  void add(std::string const& scope, pb::EnumDescriptorProto const& list) {
    for (auto const& value : list.value())
      lines.insert(scope + "." + list.name() + "." + value.name() + " = " + std::to_string(value.number()));
  }
};

std::set<std::string> golden() {
  std::ifstream in{SIREN_SOURCE_DIR "/tests/golden/proto_surface.txt"};
  std::set<std::string> lines;
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line.front() != '#') lines.insert(line);
  return lines;
}

TEST(proto_surface, nothing_promised_has_vanished_or_changed) {
  pb::FileDescriptorSet files;
  std::ifstream in{SIREN_DESCRIPTOR_SET, std::ios::binary};
  ASSERT_TRUE(files.ParseFromIstream(&in)) << "protoc's descriptor set is missing: " << SIREN_DESCRIPTOR_SET;
  surface const now{files};
  auto const promised = golden();
  ASSERT_GT(promised.size(), 100U) << "the golden file is missing or cut off";
  for (auto const& line : promised) EXPECT_TRUE(now.lines.contains(line)) << "gone or changed: " << line;
  for (auto const& line : now.lines)
    EXPECT_TRUE(promised.contains(line)) << "new: add this line to tests/golden/proto_surface.txt:\n" << line;
}

}  // namespace
}  // namespace siren
