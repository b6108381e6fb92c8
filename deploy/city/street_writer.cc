#include "street_writer.h"

#include <exception>
#include <osmium/builder/osm_object_builder.hpp>
#include <osmium/io/pbf_output.hpp>
#include <osmium/io/writer.hpp>
#include <osmium/memory/buffer.hpp>

#include "street_lattice.h"

namespace siren::city {
namespace {

constexpr std::size_t kBufferBytes = 1U << 20U;

char const* highway_of(street_kind k) {
  switch (k) {
    case street_kind::primary:
      return "primary";
    case street_kind::secondary:
      return "secondary";
    case street_kind::tertiary:
      return "tertiary";
    case street_kind::residential:
      return "residential";
    case street_kind::service:
      return "service";
    case street_kind::footway:
      return "footway";
    case street_kind::steps:
      return "steps";
  }
  return "road";
}

/// One way: a path of nodes and the link whose tags it bears.
struct way {
  std::vector<std::uint32_t> path;
  street_link const* link;
};

/// Links of one street that follow each other with the same kind become one way.
std::vector<way> ways_of(street_network const& net) {
  constexpr std::size_t kMostNodes = 400;  // well below the 2,000 that OpenStreetMap allows
  std::vector<way> ways;
  for (auto const& l : net.links) {
    if (!l.alive) continue;
    if (!ways.empty() && l.line != kNone) {
      auto& last = ways.back();
      if (last.link->line == l.line && last.link->kind == l.kind && last.path.back() == l.from &&
          last.path.size() + l.path.size() < kMostNodes) {
        last.path.insert(last.path.end(), l.path.begin() + 1, l.path.end());
        continue;
      }
    }
    ways.push_back({l.path, &l});
  }
  return ways;
}

class writer {
 public:
  writer(city_facts const& facts, plane const& ground, random_stream& random, street_network const& net,
         std::filesystem::path const& file)
      : facts_{facts},
        ground_{ground},
        random_{random},
        net_{net},
        out_{file_of(file), header_of(facts), osmium::io::overwrite::allow} {}

  street_counts write() {
    auto const ways = ways_of(net_);
    write_nodes(ways);
    for (auto const& w : ways) write_way(w);
    flush();
    out_.close();
    return counts_;
  }

 private:
  static osmium::io::File file_of(std::filesystem::path const& file) {
    return osmium::io::File{file.string(), "pbf,add_metadata=none"};
  }
  static osmium::io::Header header_of(city_facts const& facts) {
    osmium::io::Header header;
    header.set("generator", "siren_city: " + facts.info.generated_label_en);
    auto const& box = facts.info.city_box;
    header.add_box(osmium::Box{box.south_west.lon.value, box.south_west.lat.value, box.north_east.lon.value,
                               box.north_east.lat.value});
    return header;
  }

  void write_nodes(std::vector<way> const& ways) {
    ids_.assign(net_.nodes.size(), 0);
    for (auto const& w : ways) {
      for (auto const node : w.path) ids_[node] = 1;
    }
    osmium::object_id_type next = 0;
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      if (ids_[i] == 0) continue;
      ids_[i] = ++next;
      auto const place = ground_.to_place(net_.nodes[i].at);
      {
        osmium::builder::NodeBuilder node{buffer_};
        node.set_id(next);
        node.set_location(osmium::Location{place.lon.value, place.lat.value});
        if (net_.nodes[i].entrance) {
          osmium::builder::TagListBuilder tags{node};
          tags.add_tag("railway", "subway_entrance");
        }
      }
      commit();
    }
    counts_.nodes = static_cast<std::size_t>(next);
  }

  void write_way(way const& w) {
    {
      osmium::builder::WayBuilder builder{buffer_};
      builder.set_id(static_cast<osmium::object_id_type>(++counts_.ways));
      {
        osmium::builder::WayNodeListBuilder nodes{builder};
        for (auto const node : w.path) nodes.add_node_ref(ids_[node]);
      }
      osmium::builder::TagListBuilder tags{builder};
      tag(*w.link, tags);
    }
    commit();
    for (std::size_t i = 1; i < w.path.size(); ++i) {
      counts_.length_km += distance_m(net_.nodes[w.path[i - 1]].at, net_.nodes[w.path[i]].at) / 1000.0;
    }
  }

  void tag(street_link const& l, osmium::builder::TagListBuilder& tags) {
    tags.add_tag("highway", highway_of(l.kind));
    if (l.bridge != kNone) {
      auto const& b = facts_.bridges[l.bridge];
      tags.add_tag("name", b.name_uk);
      tags.add_tag("name:en", b.name_en);
      tags.add_tag("bridge", "yes");
      tags.add_tag("layer", "1");
      tags.add_tag("foot", "yes");
      ++counts_.bridges;
    } else if (l.line != kNone && net_.line_names[l.line]) {
      tags.add_tag("name", net_.line_names[l.line]->uk);
      tags.add_tag("name:en", net_.line_names[l.line]->en);
      ++counts_.named_ways;
    }
    auto const neighbourhood = net_.nodes[l.from].neighbourhood;
    double const lamps = is_road(l.kind) || neighbourhood == kNone
                             ? 0.97
                             : shape_of(facts_.neighbourhoods[neighbourhood].built).lit_footways;
    tags.add_tag("lit", random_.chance(lamps) ? "yes" : "no");
    tags.add_tag("source", "generated");
    counts_.stairs += l.kind == street_kind::steps ? 1 : 0;
  }

  void commit() {
    buffer_.commit();
    if (buffer_.committed() > kBufferBytes - kBufferBytes / 8) flush();
  }
  void flush() {
    if (buffer_.committed() == 0) return;
    out_(std::move(buffer_));
    buffer_ = osmium::memory::Buffer{kBufferBytes, osmium::memory::Buffer::auto_grow::yes};
  }

  city_facts const& facts_;
  plane const& ground_;
  random_stream& random_;
  street_network const& net_;
  osmium::io::Writer out_;
  osmium::memory::Buffer buffer_{kBufferBytes, osmium::memory::Buffer::auto_grow::yes};
  std::vector<osmium::object_id_type> ids_;
  street_counts counts_;
};

}  // namespace

result<street_counts> write_streets(city_facts const& facts, plane const& ground, random_stream& random,
                                    street_network const& net, std::filesystem::path const& file) {
  try {
    return writer{facts, ground, random, net, file}.write();
  } catch (std::exception const& bad) {
    return failure{reason::file_unreadable, file.string() + " can't be written: " + bad.what()};
  }
}

}  // namespace siren::city
