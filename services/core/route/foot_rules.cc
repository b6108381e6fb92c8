#include "core/route/foot_rules.h"

#include <array>

#include "core/base/verify.h"
#include "core/route/foot_tags.h"

namespace siren {
namespace {

foot_answer refuse(foot_refusal why) {
  return {std::nullopt, why};
}

struct highway_rule {
  std::string_view value;
  foot_class kind;
};
constexpr std::array kWalkable{
    highway_rule{"primary", foot_class::street},       highway_rule{"primary_link", foot_class::street},
    highway_rule{"secondary", foot_class::street},     highway_rule{"secondary_link", foot_class::street},
    highway_rule{"tertiary", foot_class::street},      highway_rule{"tertiary_link", foot_class::street},
    highway_rule{"unclassified", foot_class::street},  highway_rule{"residential", foot_class::street},
    highway_rule{"living_street", foot_class::street}, highway_rule{"service", foot_class::street},
    highway_rule{"road", foot_class::street},          highway_rule{"track", foot_class::street},
    highway_rule{"trunk", foot_class::street},         highway_rule{"trunk_link", foot_class::street},
    highway_rule{"footway", foot_class::footway},      highway_rule{"pedestrian", foot_class::footway},
    highway_rule{"path", foot_class::footway},         highway_rule{"bridleway", foot_class::footway},
    highway_rule{"cycleway", foot_class::footway},     highway_rule{"platform", foot_class::footway},
    highway_rule{"crossing", foot_class::footway},     highway_rule{"steps", foot_class::steps},
};

std::optional<foot_class> walkable_class(std::string_view highway) {
  for (auto const& rule : kWalkable)
    if (rule.value == highway) return rule.kind;
  return std::nullopt;
}

std::optional<foot_refusal> refused_kind(foot_tags const& t) {
  if (t.is("route", {"ferry"}) || t.is("ferry", {"yes"})) return foot_refusal::ferry;
  auto const highway = t.at("highway");
  if (highway.empty()) return foot_refusal::not_a_street;
  if (t.is("highway", {"construction", "proposed", "planned", "abandoned", "disused", "razed", "demolished"}))
    return foot_refusal::not_built;
  if (t.has("construction") && !t.is("construction", {"no", "minor"})) return foot_refusal::not_built;
  if (t.is("highway", {"motorway", "motorway_link", "raceway", "bus_guideway", "busway", "escape"}))
    return foot_refusal::motor_only;
  if (highway == "elevator") return foot_refusal::lift;
  if (highway == "corridor" || t.is("indoor", {"yes", "corridor"})) return foot_refusal::indoors;
  return std::nullopt;
}

bool foot_invited(foot_tags const& t) {
  return t.is("foot", {"yes", "designated", "permissive", "destination", "official"});
}

std::optional<foot_refusal> refused_access(foot_tags const& t) {
  if (t.is("foot", {"no"})) return foot_refusal::foot_forbidden;
  if (t.is("foot", {"private"})) return foot_refusal::no_access;
  if (t.is("foot", {"use_sidepath"})) return foot_refusal::sidepath;
  if (foot_invited(t)) return std::nullopt;
  if (t.is("access", {"no", "private", "military", "permit", "emergency"})) return foot_refusal::no_access;
  if (t.is("motorroad", {"yes"})) return foot_refusal::motor_only;
  bool const sidewalk = t.is("sidewalk", {"both", "left", "right", "yes"}) || t.is("sidewalk:both", {"yes"}) ||
                        t.is("sidewalk:left", {"yes"}) || t.is("sidewalk:right", {"yes"});
  if (t.is("highway", {"trunk", "trunk_link"}) && !sidewalk) return foot_refusal::motor_only;
  return std::nullopt;
}

foot_direction direction_of(foot_tags const& t) {
  // Escalators; when they stand they are steps, but a map does not know.
  if (t.is("conveying", {"forward"})) return foot_direction::along;
  if (t.is("conveying", {"backward"})) return foot_direction::against;
  if (t.is("oneway:foot", {"yes", "1", "true"}) || t.is("foot:backward", {"no"})) return foot_direction::along;
  if (t.is("oneway:foot", {"-1", "reverse"}) || t.is("foot:forward", {"no"})) return foot_direction::against;
  return foot_direction::both;
}

/// Streets that people live along: those named after it, and what leads from them to the doors. Wider streets have
/// homes too, but fewer for their length.
bool is_residential(foot_tags const& t) {
  if (t.is("highway", {"residential", "living_street", "unclassified"})) return true;
  return t.is("highway", {"service"}) &&
         !t.is("service", {"parking_aisle", "drive-through", "emergency_access", "bus", "slipway", "siding", "spur"});
}

std::string latin_name(foot_tags const& t) {
  for (char const* key : {"name:en", "int_name", "name:uk-Latn"})
    if (t.has(key)) return std::string{t.at(key)};
  return {};
}

}  // namespace

std::string_view name_of(foot_refusal why) {
  constexpr std::array<std::string_view, kFootRefusals> kNames{
      "",          "not_a_street", "motor_only", "not_built", "foot_forbidden",
      "no_access", "sidepath",     "lift",       "ferry",     "indoors"};
  auto const at = static_cast<std::size_t>(why);
  verify(at >= 1 && at < kNames.size(), "every refusal has a name");
  return kNames[at];
}

foot_answer foot_access(tag_lookup const& tag) {
  foot_tags const t{tag};
  if (auto const refused = refused_kind(t)) return refuse(*refused);
  auto const kind = walkable_class(t.at("highway"));
  if (!kind) return refuse(foot_refusal::not_a_street);
  if (auto const refused = refused_access(t)) return refuse(*refused);

  way_attributes way;
  way.kind = *kind;
  way.name = std::string{t.at("name")};
  way.name_latin = latin_name(t);
  way.bridge = t.has("bridge") && !t.is("bridge", {"no"});
  way.tunnel = t.has("tunnel") && !t.is("tunnel", {"no", "building_passage", "covered"});
  way.residential = is_residential(t);
  way.direction = direction_of(t);
  describe_ground(t, way);
  return {std::move(way), std::nullopt};
}

std::optional<foot_refusal> foot_barrier(tag_lookup const& tag) {
  foot_tags const t{tag};
  if (t.is("highway", {"elevator"})) return foot_refusal::lift;
  if (!t.has("barrier")) return std::nullopt;
  if (t.is("foot", {"no"})) return foot_refusal::foot_forbidden;
  if (t.is("foot", {"private"})) return foot_refusal::no_access;
  bool const shuts = t.is("barrier", {"gate", "door", "wicket_gate", "sliding_gate", "kissing_gate", "turnstile",
                                      "full-height_turnstile", "sally_port"});
  if (!shuts || foot_invited(t)) return std::nullopt;
  bool const shut = t.is("locked", {"yes"}) || t.is("access", {"no", "private", "military", "permit", "emergency"});
  return shut ? std::optional{foot_refusal::no_access} : std::nullopt;
}

}  // namespace siren
