// The map: zones by stage, water, shelters, tracks with what is uncertain about them. North is up; the scale is pixels a
// degree of latitude.
'use strict';
import { looks, stages, texts, threats } from './words.js';

const metresPerDegree = 111320, aheadSeconds = 300, oldTrackSeconds = 180;
const sheltersFrom = 1500, stationsFrom = 4000, districtsFrom = 900;
const kindWord = / (район|область|raion|oblast|district)$/;
const rank = { city: 0, oblast: 1, raion: 2, district: 3, hromada: 4, country: 9 };

export class CityMap {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext('2d');
    this.view = { lon: 0, lat: 0, scale: 900 };
    this.pending = false;
    this.scene = null;
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  // scene: {map, zones: {id: stage or null}, shelters, tracks, known, uk}
  show(scene) { this.scene = scene; this.draw(); }
  draw() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => { this.pending = false; this.paint(); });
  }
  fit(rings, part = .85) {
    const lons = rings.flat().map(v => v[0]), lats = rings.flat().map(v => v[1]);
    const box = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
    this.view.lon = (box[0] + box[1]) / 2;
    this.view.lat = (box[2] + box[3]) / 2;
    const squeeze = Math.cos(this.view.lat * Math.PI / 180);
    this.view.scale = part * Math.min(this.canvas.clientHeight / (box[3] - box[2]), this.canvas.clientWidth / (box[1] - box[0]) / squeeze);
    this.draw();
  }
  zoom(factor) { this.view.scale = Math.min(60000, Math.max(30, this.view.scale * factor)); this.draw(); }
  move(right, down) {
    this.view.lon += right / this.view.scale / Math.cos(this.view.lat * Math.PI / 180);
    this.view.lat -= down / this.view.scale;
    this.draw();
  }

  point([lon, lat]) {
    return [this.width / 2 + (lon - this.view.lon) * Math.cos(this.view.lat * Math.PI / 180) * this.view.scale,
      this.height / 2 - (lat - this.view.lat) * this.view.scale];
  }
  inside(x, y, margin = 0) { return x > -margin && y > -margin && x < this.width + margin && y < this.height + margin; }

  paint() {
    const { canvas, pen } = this, ratio = window.devicePixelRatio || 1;
    this.width = canvas.clientWidth;
    this.height = canvas.clientHeight;
    if (canvas.width !== Math.round(this.width * ratio)) canvas.width = Math.round(this.width * ratio);
    if (canvas.height !== Math.round(this.height * ratio)) canvas.height = Math.round(this.height * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = '#10141a';
    pen.fillRect(0, 0, this.width, this.height);
    if (!this.scene) return;
    this.taken = [];
    this.fillZones();
    this.drawWater();
    this.drawShelters();
    this.outlineZones();
    this.drawTracks();
    this.labelStations();
    this.labelZones();
    this.drawScale();
  }

  trace(rings) {
    this.pen.beginPath();
    for (const ring of rings) {
      ring.forEach((vertex, i) => { const [x, y] = this.point(vertex); i ? this.pen.lineTo(x, y) : this.pen.moveTo(x, y); });
      this.pen.closePath();
    }
  }
  bounds(rings) {
    const spots = rings.flat().map(v => this.point(v)), xs = spots.map(s => s[0]), ys = spots.map(s => s[1]);
    return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
  }

  fillZones() {
    const parents = new Set(this.scene.map.zones.map(z => z.parent));
    for (const zone of this.scene.map.zones) {
      const stage = this.scene.zones[zone.id];
      if (stage === null || stage === undefined || parents.has(zone.id)) continue;
      const box = this.bounds(zone.rings);
      if (box.right < 0 || box.left > this.width || box.bottom < 0 || box.top > this.height) continue;
      this.trace(zone.rings);
      paintStage(this.pen, stage, box, this.width, this.height);
    }
  }
  outlineZones() {
    const { pen } = this;
    for (const kind of ['district', 'hromada', 'raion', 'oblast', 'country', 'city'])
      for (const zone of this.scene.map.zones.filter(z => z.kind === kind)) {
        this.trace(zone.rings);
        pen.strokeStyle = kind === 'city' ? '#cfd8e3' : kind === 'district' ? 'rgba(207,216,227,.35)' : 'rgba(160,174,192,.6)';
        pen.lineWidth = kind === 'city' || kind === 'country' ? 1.8 : 1;
        pen.stroke();
      }
  }
  drawWater() {
    for (const feature of this.scene.map.water?.features ?? []) {
      const shape = feature.geometry;
      const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.type === 'MultiPolygon' ? shape.coordinates : [];
      for (const rings of polygons) { this.trace(rings); this.pen.fillStyle = '#1b4262'; this.pen.fill('evenodd'); }
    }
  }

  drawShelters() {
    if (this.view.scale < sheltersFrom || !Array.isArray(this.scene.shelters)) return;
    const grow = Math.min(2, Math.max(.7, this.view.scale / 4000));
    for (const [lon, lat, open, capacity, occupancy, metro] of this.scene.shelters) {
      const [x, y] = this.point([lon, lat]);
      if (this.inside(x, y, 8)) paintShelter(this.pen, x, y, (metro ? 7 : 3) * grow, !open ? 'shut' : capacity && occupancy / capacity > .9 ? 'full' : 'open');
    }
  }
  labelStations() {
    if (this.view.scale < stationsFrom) return;
    for (const station of this.scene.map.stations) {
      const [x, y] = this.point(station.at);
      const name = 'М ' + (this.scene.uk ? station.uk : station.en) + (station.surface ? ` (${this.say(texts.surfaceClosed)})` : '');
      if (this.inside(x, y)) this.label(name, x + 8, y + 4, '12px', station.surface ? '#a9b4c2' : '#ffffff', 'left');
    }
  }

  drawTracks() {
    if (!Array.isArray(this.scene.tracks)) return;
    const metre = this.view.scale / metresPerDegree;
    for (const track of this.scene.tracks) {
      const [x, y] = this.point(track.at), radius = track.sigma_m * 2 * metre;
      if (!this.inside(x, y, radius + 400)) continue;
      const ahead = [track.east_mps * aheadSeconds * metre, -track.north_mps * aheadSeconds * metre];
      this.pen.globalAlpha = !track.confirmed ? .45 : track.age_s > oldTrackSeconds ? .6 : 1;
      paintTrack(this.pen, x, y, radius, ahead);
      this.pen.globalAlpha = 1;
      const name = this.say(threats[track.kind] ?? threats.unknown) + (track.count > 1 ? ' ×' + track.count : '') + (track.confirmed ? '' : ' ?');
      const ordinary = track.kind === 'drone' && track.count < 2 && this.view.scale < districtsFrom / 2;
      if (!ordinary && this.inside(x, y)) this.label(name, x + 12, y - 9, 'bold 12px', '#ffd7ec', 'left');
    }
  }

  labelZones() {
    const parents = new Set(this.scene.map.zones.map(z => z.parent));
    for (const zone of [...this.scene.map.zones].sort((a, b) => rank[a.kind] - rank[b.kind])) {
      const small = zone.kind === 'district' || zone.kind === 'hromada';
      if (zone.kind === 'country' || (small && this.view.scale < districtsFrom)) continue;
      if (zone.kind === 'city' && this.view.scale >= districtsFrom) continue;
      const box = this.bounds(zone.rings), ring = zone.rings.reduce((a, b) => b.length > a.length ? b : a);
      const [x, y] = this.point(middle(ring));
      if (!this.inside(x, y) || box.right - box.left < 44) continue;
      const stage = this.scene.zones[zone.id], name = this.scene.uk ? zone.uk : zone.en;
      const short = name.replace(kindWord, '');
      if (!this.label(short, x, y, small ? '12px' : 'bold 12px', '#f2f5f9', 'center')) continue;
      if (stage !== null && stage !== undefined && !parents.has(zone.id) && box.right - box.left > 90)
        this.label(this.say(stages[stage]), x, y + 16, '11px', looks[stage].text, 'center');
    }
  }
  // False when another label is in the way.
  label(text, x, y, font, colour, align) {
    const { pen } = this;
    pen.font = font + ' system-ui, "DejaVu Sans", sans-serif';
    const wide = pen.measureText(text).width, left = align === 'center' ? x - wide / 2 : x;
    const box = [left - 2, y - 12, left + wide + 2, y + 3];
    if (this.taken.some(t => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1])) return false;
    this.taken.push(box);
    pen.lineJoin = 'round';
    pen.lineWidth = 3.5;
    pen.strokeStyle = 'rgba(10,13,18,.85)';
    pen.strokeText(text, left, y);
    pen.fillStyle = colour;
    pen.fillText(text, left, y);
    return true;
  }
  drawScale() {
    const metre = this.view.scale / metresPerDegree;
    const length = [500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000].find(m => m * metre > 70) ?? 200000;
    const right = this.width - 16, left = right - length * metre, y = this.height - 14;
    this.pen.strokeStyle = '#cfd8e3';
    this.pen.lineWidth = 2;
    this.pen.beginPath(); this.pen.moveTo(left, y - 5); this.pen.lineTo(left, y); this.pen.lineTo(right, y); this.pen.lineTo(right, y - 5); this.pen.stroke();
    this.label(length < 1000 ? `${length} m` : `${length / 1000} km`, (left + right) / 2, y - 5, '11px', '#cfd8e3', 'center');
  }
  say(pair) { return pair[this.scene.uk ? 0 : 1]; }
}

// Fills the current path with a stage's colour and hatch.
export function paintStage(pen, stage, box, width, height) {
  const look = looks[stage], top = Math.max(0, box.top), bottom = Math.min(height, box.bottom), tall = bottom - top;
  pen.save();
  pen.fillStyle = `rgba(${look.rgb},${look.fill})`;
  pen.fill('evenodd');
  pen.clip('evenodd');
  pen.strokeStyle = `rgba(${look.rgb},.45)`;
  pen.lineWidth = 1.2;
  pen.beginPath();
  const first = Math.floor((Math.max(0, box.left) - tall) / look.gap) * look.gap;
  for (let x = first; x < Math.min(width, box.right) + tall; x += look.gap) {
    pen.moveTo(x, look.lean < 0 ? top : bottom);
    pen.lineTo(look.lean ? x + tall : x, look.lean < 0 ? bottom : top);
  }
  pen.stroke();
  pen.restore();
}

export function paintShelter(pen, x, y, size, kind) {
  pen.fillStyle = kind === 'full' ? '#d55e00' : '#16c79a';
  pen.strokeStyle = '#aab4c0';
  pen.lineWidth = 1;
  if (kind === 'shut') { pen.strokeRect(x - size / 2, y - size / 2, size, size); return; }
  pen.fillRect(x - size / 2, y - size / 2, size, size);
  if (kind === 'full') { pen.strokeStyle = '#fff'; pen.strokeRect(x - size / 2 - 1, y - size / 2 - 1, size + 2, size + 2); }
}

// A wedge on its course, the way it goes in the next minutes, and the circle it is in with 2 sigma.
export function paintTrack(pen, x, y, radius, [right, down]) {
  pen.strokeStyle = '#ff9fd0';
  pen.lineWidth = 1.2;
  pen.setLineDash([4, 3]);
  pen.beginPath(); pen.arc(x, y, Math.max(9, radius), 0, 7); pen.stroke();
  pen.fillStyle = 'rgba(255,159,208,.12)'; pen.fill();
  pen.setLineDash([]);
  pen.beginPath(); pen.moveTo(x, y); pen.lineTo(x + right, y + down); pen.stroke();
  pen.save();
  pen.translate(x, y);
  pen.rotate(Math.atan2(down, right));
  pen.fillStyle = '#ffd7ec';
  pen.beginPath(); pen.moveTo(8, 0); pen.lineTo(-6, -5); pen.lineTo(-3, 0); pen.lineTo(-6, 5); pen.closePath(); pen.fill();
  pen.restore();
}

function middle(ring) {
  let area = 0, lon = 0, lat = 0;
  ring.forEach(([x, y], i) => {
    const [u, v] = ring[(i + 1) % ring.length], cross = (x - ring[0][0]) * (v - ring[0][1]) - (u - ring[0][0]) * (y - ring[0][1]);
    area += cross; lon += (x + u - 2 * ring[0][0]) * cross; lat += (y + v - 2 * ring[0][1]) * cross;
  });
  return area ? [ring[0][0] + lon / area / 3, ring[0][1] + lat / area / 3] : ring[0];
}
