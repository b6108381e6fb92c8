#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "client/phone_client.h"
#include "operators_bench/duty_room.h"

namespace siren::operators {

/// Phones on the city's streets, each with where it was sent last and when.
class guided_phones {
 public:
  /// Failure: the streets can't be read.
  [[nodiscard]] static result<std::unique_ptr<guided_phones>> start(duty_room& room, std::size_t count);
  ~guided_phones();

  [[nodiscard]] std::size_t guided() const;
  /// Where most phones are sent; empty: nowhere.
  [[nodiscard]] std::string favourite() const;
  [[nodiscard]] std::vector<std::size_t> sent_to(std::string const& shelter) const;
  [[nodiscard]] std::size_t second_choices(std::string const& shelter) const;
  /// When a phone heard its last word.
  [[nodiscard]] steady_time heard(std::size_t phone) const;

 private:
  class told_phone;
  guided_phones();
  std::vector<std::unique_ptr<told_phone>> told_;
  std::vector<std::unique_ptr<client::phone_client>> phones_;
};

}  // namespace siren::operators
