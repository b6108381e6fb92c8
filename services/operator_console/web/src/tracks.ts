// Tracks over the map, which stays untouched below: bodies on a canvas drawn anew each frame, each where it would be by now;
// cones of where they may be in five minutes (2 sigma, as wide as the ellipse's wider axis) on another, drawn when the picture or
// the view changes. As one shape, so that many cones are not darker than one.
import type { Map as Chart } from 'maplibre-gl';
import type { Track } from './gen/siren/threats/v1/threat_pb';
import { traceThreat } from './looks';
import { millis } from './picture';
import { say, threats } from './words';

const aheadSeconds = 300, oldSeconds = 180, mostCarriedSeconds = 90;
const metresPerDegree = 111320;
const colour = '#ff9fd0', light = '#ffe3f2';
const conesEveryMs = 500, manyInSight = 60;

interface Spot { x: number; y: number; dx: number; dy: number; near: number; far: number; track: Track; age: number }

type Pen = CanvasRenderingContext2D;

export class TrackLayer {
  frames = 0; // of bodies, drawn since the start
  private readonly pen: Pen;
  private readonly conePen: Pen;
  private width = 0;
  private height = 0;
  private conesAt = -Infinity;
  private moved = true;
  private empty = false;
  constructor(
    private readonly chart: Chart,
    private readonly canvas: HTMLCanvasElement,
    private readonly cones: HTMLCanvasElement,
    private readonly source: () => { tracks: readonly Track[]; worldNow: number },
  ) {
    // Small shapes in great number: faster drawn by the processor than sent one by one to a graphics card.
    this.pen = canvas.getContext('2d', { willReadFrequently: true })!;
    this.conePen = cones.getContext('2d', { willReadFrequently: true })!;
    new ResizeObserver(() => this.fit()).observe(canvas);
    chart.on('move', () => { this.moved = true; });
    this.fit();
    const frame = () => { this.paint(); requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
  }
  private fit() {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    for (const [canvas, pen] of [[this.canvas, this.pen], [this.cones, this.conePen]] as const) {
      canvas.width = Math.round(this.width * ratio);
      canvas.height = Math.round(this.height * ratio);
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.moved = true;
    this.empty = false;
  }

  private spotOf(track: Track, worldNow: number): Spot | null {
    const at = track.position;
    if (!at) return null;
    const age = Math.max(0, (worldNow - millis(track.updatedTime)) / 1000), carried = Math.min(age, mostCarriedSeconds);
    const east = track.velocity?.eastMps ?? 0, north = track.velocity?.northMps ?? 0;
    const perLon = metresPerDegree * Math.cos((at.latitudeDeg * Math.PI) / 180);
    const lon = at.longitudeDeg + (east * carried) / perLon, lat = at.latitudeDeg + (north * carried) / metresPerDegree;
    const here = this.chart.project([lon, lat]), east1km = this.chart.project([lon + 1000 / perLon, lat]);
    const pixels = Math.hypot(east1km.x - here.x, east1km.y - here.y) / 1000;
    const ahead = this.chart.project([lon + (east * aheadSeconds) / perLon, lat + (north * aheadSeconds) / metresPerDegree]);
    const c = track.covariance, sure = c.length === 16;
    const place = sure ? Math.max(c[0]!, c[5]!) : 0, speed = sure ? Math.max(c[10]!, c[15]!) : 0;
    const near = 2 * Math.sqrt(place + speed * carried * carried) * pixels;
    const far = 2 * Math.sqrt(place + speed * (carried + aheadSeconds) ** 2) * pixels;
    return { x: here.x, y: here.y, dx: ahead.x - here.x, dy: ahead.y - here.y, near, far, track, age };
  }

  private paint() {
    const { pen } = this, { tracks, worldNow } = this.source();
    ++this.frames;
    const spots: Spot[] = [];
    for (const track of tracks) {
      const spot = this.spotOf(track, worldNow);
      const room = spot ? Math.hypot(spot.dx, spot.dy) + spot.far + 20 : 0;
      if (spot && spot.x > -room && spot.y > -room && spot.x < this.width + room && spot.y < this.height + room) spots.push(spot);
    }
    if (spots.length === 0 && this.empty) return; // a canvas left alone costs nothing
    this.empty = spots.length === 0;
    pen.clearRect(0, 0, this.width, this.height);
    if (this.moved || this.empty || performance.now() - this.conesAt > conesEveryMs) this.paintCones(spots);
    for (const spot of spots) this.paintBody(spot);
    this.paintNames(spots);
    pen.globalAlpha = 1;
  }
  private strength(spot: Spot) { return !spot.track.confirmed ? 0.55 : spot.age > oldSeconds ? 0.4 : 1; }

  private paintCones(spots: Spot[]) {
    const pen = this.conePen, crowded = spots.length > manyInSight;
    this.moved = false;
    this.conesAt = performance.now();
    pen.clearRect(0, 0, this.width, this.height);
    pen.fillStyle = crowded ? 'rgba(255,159,208,.08)' : 'rgba(255,159,208,.15)';
    pen.strokeStyle = crowded ? 'rgba(255,159,208,.28)' : 'rgba(255,159,208,.6)';
    pen.lineWidth = 1;
    const all = new Path2D(), courses = new Path2D();
    for (const spot of spots) {
      const cone = this.coneOf(spot);
      all.addPath(cone);
      if (!crowded) pen.stroke(cone);
      courses.moveTo(spot.x, spot.y);
      courses.lineTo(spot.x + spot.dx, spot.y + spot.dy);
    }
    pen.fill(all);
    pen.stroke(courses);
  }
  private coneOf({ x, y, dx, dy, near, far }: Spot): Path2D {
    const cone = new Path2D(), length = Math.hypot(dx, dy), small = Math.max(5, Math.min(near, 400)), wide = Math.max(small, Math.min(far, 600));
    if (length > 4) {
      const course = Math.atan2(dy, dx), lean = Math.asin(Math.min(0.95, (wide - small) / Math.max(length, wide)));
      cone.arc(x, y, small, course + Math.PI / 2 + lean, course - Math.PI / 2 - lean);
      cone.arc(x + dx, y + dy, wide, course - Math.PI / 2 - lean, course + Math.PI / 2 + lean);
      cone.closePath();
    } else cone.arc(x, y, small, 0, 7);
    return cone;
  }
  private paintBody(spot: Spot) {
    const { pen } = this;
    pen.globalAlpha = this.strength(spot);
    pen.save();
    pen.translate(spot.x, spot.y);
    pen.rotate(Math.atan2(spot.dy, spot.dx));
    traceThreat(pen, spot.track.threatClass, 7);
    pen.fillStyle = spot.track.confirmed ? light : '#10141a';
    pen.fill();
    pen.strokeStyle = spot.track.confirmed ? '#3b1029' : colour;
    pen.lineWidth = 1.2;
    pen.stroke();
    pen.restore();
  }
  // Drones alone have no name while many are in sight.
  private paintNames(spots: Spot[]) {
    const { pen } = this, crowded = spots.length > 40;
    pen.font = '600 12px system-ui, "DejaVu Sans", sans-serif';
    pen.lineJoin = 'round';
    pen.lineWidth = 3;
    pen.strokeStyle = 'rgba(10,13,18,.9)';
    for (const spot of spots) {
      const { track } = spot;
      if (crowded && track.threatClass <= 1 && track.count < 2) continue;
      const name = say(threats[track.threatClass] ?? threats[0]!) + (track.count > 1 ? ` ×${track.count}` : '') + (track.confirmed ? '' : ' ?');
      pen.globalAlpha = this.strength(spot);
      pen.strokeText(name, spot.x + 11, spot.y - 8);
      pen.fillStyle = light;
      pen.fillText(name, spot.x + 11, spot.y - 8);
    }
  }
}
