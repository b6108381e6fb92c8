#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "feed_adapters/cot_event.h"

namespace siren {

struct cot_frame {
  enum class form : std::uint8_t { xml, protobuf };
  form is = form::xml;
  std::string bytes;
  friend bool operator==(cot_frame const&, cot_frame const&) = default;
};

/// Cuts a TCP stream of Cursor on Target into events, each one either XML up to and with "</event>", or TAK protocol's
/// stream frame: 0xBF, length as a varint, payload. Both may alternate; white space between them is skipped. One
/// stream, one cutter; it holds at most one frame and what was put after it.
class cot_cutter {
 public:
  void put(std::string_view bytes) { held_.append(bytes); }
  /// Absent: more bytes are needed. Failure: malformed (neither form begins here, a length that is no varint),
  /// message_too_large (a frame over 65,536 bytes). After a failure the stream's cuts are unknown: close it.
  [[nodiscard]] result<std::optional<cot_frame>> next();
  /// Bytes that are no whole frame yet.
  [[nodiscard]] std::size_t held() const { return held_.size() - at_; }

 private:
  result<std::optional<cot_frame>> next_xml();
  result<std::optional<cot_frame>> next_protobuf();
  std::optional<cot_frame> cut(cot_frame::form form, std::size_t begin, std::size_t end);

  std::string held_;
  std::size_t at_ = 0;        // what is before has been given away
  std::size_t searched_ = 0;  // no end of an XML event begins before
};

}  // namespace siren
