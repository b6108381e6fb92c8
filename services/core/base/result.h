#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "core/base/reason.h"
#include "core/base/verify.h"

namespace siren {

/// An expected bad outcome: a stable reason for programs and metrics, a sentence for people.
// The analyzer follows std::variant into the alternative that is not held.
struct failure {  // NOLINT(clang-analyzer-core.uninitialized.Assign)
  reason why;
  std::string message;

  [[nodiscard]] siren::code code() const { return code_of(why); }
  friend bool operator==(failure const&, failure const&) = default;
};

/// A value or the failure that stands in its place. Asking for the one that is not there is a bug and aborts.
template <typename T>
class [[nodiscard]] result {
 public:
  result(T value) : held_{std::in_place_index<0>, std::move(value)} {}  // NOLINT: implicit by intent, as return values
  result(failure bad) : held_{std::in_place_index<1>, std::move(bad)} {}  // NOLINT

  [[nodiscard]] bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T const& value() const& { return verify(ok(), "result holds a value"), std::get<0>(held_); }
  T& value() & { return verify(ok(), "result holds a value"), std::get<0>(held_); }
  T&& value() && { return verify(ok(), "result holds a value"), std::get<0>(std::move(held_)); }
  T const& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T const* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  failure const& error() const { return verify(!ok(), "result holds a failure"), std::get<1>(held_); }

 private:
  std::variant<T, failure> held_;
};

/// The result of an act that gives nothing back but can fail.
template <>
class [[nodiscard]] result<void> {
 public:
  result() = default;
  result(failure bad) : failure_{std::move(bad)} {}  // NOLINT: implicit by intent

  [[nodiscard]] bool ok() const { return !failure_.has_value(); }
  explicit operator bool() const { return ok(); }
  failure const& error() const { return verify(!ok(), "result holds a failure"), *failure_; }

 private:
  std::optional<failure> failure_;
};

}  // namespace siren
