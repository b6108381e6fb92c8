#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/route/street_graph_builder.h"
#include "core/shelter/shelter.h"

namespace siren {

/// A small city drawn in text. One column is 50 m, one row 100 m; north is up. Letters, digits and '+' are junctions;
/// '-' and '|' join them by street, '=' and '#' by steps, '~' by street that is not passable with wheels,
/// '>' by street that is walked eastwards only. Junction rows get the names given for them (row number → name).
class ascii_streets {
 public:
  explicit ascii_streets(std::vector<std::string> rows, std::map<std::size_t, std::string> row_names = {},
                         std::size_t min_component_nodes = 1)
      : rows_{std::move(rows)}, row_names_{std::move(row_names)}, built_{build(min_component_nodes)} {}

  [[nodiscard]] street_graph const& graph() const { return built_.graph; }
  [[nodiscard]] street_counts const& counts() const { return built_.counts; }
  /// Of a junction's letter; unique in the map.
  [[nodiscard]] lat_lon at(char letter) const { return places_.at(letter); }
  [[nodiscard]] node_index node(char letter) const {
    for (std::uint32_t n = 0; n < graph().node_count(); ++n)
      if (to_e7(graph().place(node_index{n})) == to_e7(at(letter))) return node_index{n};
    verify(false, "the letter is a junction");
    return {};
  }

 private:
  static bool junction(char c) {
    return c == '+' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }
  [[nodiscard]] char cell(std::size_t row, std::size_t column) const {
    return row < rows_.size() && column < rows_[row].size() ? rows_[row][column] : ' ';
  }
  static street_key key(std::size_t row, std::size_t column) {
    return street_key{static_cast<std::int64_t>(row * 1000 + column)};
  }
  static lat_lon place(std::size_t row, std::size_t column) {
    local_plane const plane{{degrees{50.45}, degrees{30.52}}};
    return plane.to_place({meters{50.0 * static_cast<double>(column)}, meters{-100.0 * static_cast<double>(row)}});
  }

  void connect(street_graph_builder& builder, std::size_t row, std::size_t column, bool across) const {
    std::string_view const lines = across ? "-=~>" : "|#";
    std::size_t steps = 1;
    char const first = across ? cell(row, column + 1) : cell(row + 1, column);
    if (lines.find(first) == std::string_view::npos) return;
    auto const next = [&] { return across ? cell(row, column + steps) : cell(row + steps, column); };
    while (next() == first) ++steps;
    if (!junction(next())) return;
    way_attributes way;
    if (first == '=' || first == '#') way.kind = foot_class::steps;
    if (first == '~') way.wheels = false;
    if (first == '>') way.direction = foot_direction::along;
    auto const name = row_names_.find(row);
    if (across && name != row_names_.end()) way.name = name->second;
    builder.add_way({key(row, column), across ? key(row, column + steps) : key(row + steps, column)}, way);
  }

  built_streets build(std::size_t min_component_nodes) {
    street_graph_builder builder{{min_component_nodes}};
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      for (std::size_t column = 0; column < rows_[row].size(); ++column) {
        if (!junction(cell(row, column))) continue;
        builder.add_node(key(row, column), place(row, column));
        if (cell(row, column) != '+') places_[cell(row, column)] = place(row, column);
        connect(builder, row, column, true);
        connect(builder, row, column, false);
      }
    }
    return std::move(builder).build();
  }

  std::vector<std::string> rows_;
  std::map<std::size_t, std::string> row_names_;
  std::map<char, lat_lon> places_;
  built_streets built_;
};

/// An open shelter for 100 with one door at a place.
inline shelter open_shelter(std::string id, lat_lon place, bool step_free = true) {
  shelter s;
  s.id = shelter_id{id};
  s.name_uk = "Укриття " + id;
  s.name_en = "Shelter " + id;
  s.place = place;
  s.entrances = {{"", place, step_free}};
  s.capacity = 100;
  s.step_free = step_free;
  s.state = open_state::open;
  return s;
}

}  // namespace siren
