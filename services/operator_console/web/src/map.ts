// The map below the tracks: streets, water, metro, zones with their stages, shelters. Everything comes from the console.
import * as chart from 'maplibre-gl/dist/maplibre-gl-csp';
import type { ExpressionSpecification, GeoJSONSource, LngLatBoundsLike, Map as Chart, StyleSpecification } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-csp-worker?url';
import { boundsOf, largest, middle, type City, type Zone } from './city';
import { MetroRole, type Shelter } from './gen/siren/shelters/v1/shelter_pb';
import { Stage } from './gen/siren/zones/v1/zone_pb';
import { metroColour, paintHatch, paintShelter, paintStation, stageColour, stageText } from './looks';
import { isMetro, lookOf, type Look } from './picture';
import { isUkrainian, say, stages } from './words';

const kindWord = / (район|raion|district)$/; // an oblast keeps it: one is called as its city
const arrivalsEveryMs = 2000; // minutes change slowly, and each change lays out every name anew
const looks: Look[] = ['open', 'filling', 'full', 'closed', 'unknown'];
const fonts = ['system-ui'];
const empty: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };

const byClass = (...values: number[]): ExpressionSpecification =>
  ['match', ['get', 'class'], 1, values[0]!, 2, values[1]!, 3, values[2]!, 4, values[3]!, values[4]!];

function styleOf(city: City): StyleSpecification {
  return {
    version: 8,
    sources: {
      streets: { type: 'vector', tiles: [`${location.origin}/city/tiles/{z}/{x}/{y}`], minzoom: 8, maxzoom: 14 },
      water: { type: 'geojson', data: city.water ?? empty },
      zones: { type: 'geojson', data: empty },
      names: { type: 'geojson', data: empty },
      metro: { type: 'geojson', data: metroOf(city) },
      shelters: { type: 'geojson', data: empty, promoteId: 'id' },
      chosen: { type: 'geojson', data: empty },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': '#0d1218' } },
      { id: 'zone-fill', type: 'fill', source: 'zones', filter: ['>=', ['get', 'stage'], 0],
        paint: { 'fill-pattern': ['match', ['get', 'stage'], 0, 'stage-0', 2, 'stage-2', 3, 'stage-3', 'stage-4'] } },
      { id: 'water', type: 'fill', source: 'water', paint: { 'fill-color': '#1f4a70', 'fill-opacity': 0.85 } },
      { id: 'streets', type: 'line', source: 'streets', 'source-layer': 'streets', layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: {
          'line-color': ['match', ['get', 'class'], 1, '#7f91a8', 2, '#66778d', 3, '#516073', 4, '#3c495a', '#323d4c'],
          'line-width': ['interpolate', ['exponential', 1.5], ['zoom'], 10, byClass(1, 0.7, 0.5, 0.4, 0.3), 14, byClass(4, 3, 2.2, 1.3, 0.8), 18, byClass(18, 14, 11, 8, 4)],
        } },
      { id: 'zone-line', type: 'line', source: 'zones',
        paint: {
          'line-color': ['match', ['get', 'stage'], 4, stageColour[4]!, 3, stageColour[3]!, 2, stageColour[2]!, '#8793a3'],
          'line-opacity': ['match', ['get', 'kind'], 'city', 1, 'district', 0.7, 0.6],
          'line-width': ['match', ['get', 'kind'], 'city', 2.2, 'country', 2, 1.1],
        } },
      { id: 'metro', type: 'line', source: 'metro', filter: ['has', 'line'], minzoom: 9.5,
        paint: { 'line-color': ['get', 'colour'], 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1.5, 14, 4], 'line-opacity': 0.75 } },
      { id: 'street-names', type: 'symbol', source: 'streets', 'source-layer': 'streets', minzoom: 14.2, filter: ['has', 'name'],
        layout: { 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': fonts, 'text-size': 11, 'symbol-spacing': 420 },
        paint: { 'text-color': '#8fa0b5', 'text-halo-color': '#0d1218', 'text-halo-width': 1.4 } },
      { id: 'shelters', type: 'symbol', source: 'shelters', minzoom: 9, filter: ['!', ['get', 'metro']],
        layout: { 'icon-image': ['concat', 'shelter-', ['get', 'look']], 'icon-allow-overlap': true, 'icon-ignore-placement': true,
          'symbol-sort-key': ['match', ['get', 'look'], 'open', 0, 'unknown', 1, 'closed', 2, 'filling', 3, 4],
          'icon-size': ['interpolate', ['linear'], ['zoom'], 9, 0.16, 10, 0.24, 11, 0.4, 12, 0.55, 14, 0.9, 17, 1.6] } },
      { id: 'chosen', type: 'circle', source: 'chosen',
        paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, 6, 15, 15], 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 2 } },
      { id: 'stations', type: 'symbol', source: 'shelters', minzoom: 9.4, filter: ['get', 'metro'],
        layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'icon-ignore-placement': true,
          'icon-size': ['interpolate', ['linear'], ['zoom'], 9.4, 0.36, 10, 0.5, 12, 0.75, 15, 1.3] } },
      { id: 'station-names', type: 'symbol', source: 'shelters', minzoom: 12.3, filter: ['get', 'metro'],
        layout: { 'text-field': ['get', 'name'], 'text-font': fonts, 'text-size': 12, 'text-anchor': 'left', 'text-offset': [0.9, 0], 'text-optional': true },
        paint: { 'text-color': '#f2f5f9', 'text-halo-color': '#0d1218', 'text-halo-width': 1.6 } },
      { id: 'zone-names', type: 'symbol', source: 'names',
        layout: { 'text-field': ['get', 'text'], 'text-font': fonts, 'text-size': ['get', 'size'], 'text-line-height': 1.15, 'symbol-sort-key': ['get', 'rank'] },
        paint: { 'text-color': ['get', 'colour'], 'text-halo-color': 'rgba(10,13,18,.92)', 'text-halo-width': 2 } },
    ],
  };
}

function metroOf(city: City): GeoJSON.FeatureCollection {
  const at = new Map(city.stations.map(s => [s.id, s.at]));
  const features: GeoJSON.Feature[] = [];
  for (const line of city.lines)
    line.stops.forEach((stop, i) => {
      const from = at.get(stop.station), to = at.get(line.stops[i + 1]?.station ?? '');
      if (stop.joined && from && to)
        features.push({ type: 'Feature', properties: { line: line.id, colour: metroColour[line.id] ?? '#b58cff' }, geometry: { type: 'LineString', coordinates: [from, to] } });
    });
  return { type: 'FeatureCollection', features };
}

function image(size: number, paint: (pen: CanvasRenderingContext2D) => void): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const pen = canvas.getContext('2d', { willReadFrequently: true })!;
  paint(pen);
  return pen.getImageData(0, 0, size, size);
}

export class CityMap {
  readonly chart: Chart;
  readonly ready: Promise<void>;
  private zoneKey = '';
  private nameKey = '';
  private arrivalKey = '';
  private namedAt = 0;

  constructor(box: HTMLElement, private readonly city: City) {
    chart.setWorkerUrl(workerUrl);
    const own = city.zones.find(z => z.id === city.city.zone) ?? city.zones[0]!;
    this.chart = new chart.Map({
      container: box, style: styleOf(city), bounds: boundsOf(own.rings), fitBoundsOptions: { padding: 24 }, minZoom: 4, maxZoom: 18,
      attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, boxZoom: false, fadeDuration: 0,
      localIdeographFontFamily: 'system-ui, "DejaVu Sans", sans-serif', renderWorldCopies: false,
    });
    this.chart.touchZoomRotate.disableRotation();
    this.chart.keyboard.disableRotation();
    this.ready = new Promise(resolve => this.chart.once('style.load', () => resolve()));
    this.addImages();
  }
  private addImages() {
    for (const stage of [Stage.UNSPECIFIED, Stage.PREPARE, Stage.GO, Stage.TAKE_COVER])
      this.chart.addImage(`stage-${stage}`, image(64, pen => paintHatch(pen, stage, 64)), { pixelRatio: 2 });
    for (const look of looks) {
      this.chart.addImage(`shelter-${look}`, image(32, pen => paintShelter(pen, 16, 16, 11, look)), { pixelRatio: 2 });
      for (const role of [0, 1, 2, 3, 4, 5, 6] as MetroRole[])
        this.chart.addImage(`station-${role}-${look}`, image(64, pen => paintStation(pen, 30, 34, 19, role, look)), { pixelRatio: 2 });
    }
  }

  fitCity() { this.fit(this.city.zones.filter(z => z.id === this.city.city.zone)); }
  fitAll() { this.fit(this.city.zones); }
  private fit(zones: Zone[]) {
    if (zones.length) this.chart.fitBounds(boundsOf(zones.flatMap(z => z.rings)) as LngLatBoundsLike, { padding: 24, duration: 0 });
  }
  private source(id: string) { return this.chart.getSource(id) as GeoJSONSource; }

  // Only leaves are filled: a parent's stage shows in each of them.
  showZones(of: Map<string, Stage>, arrivals: Map<string, string>) {
    const key = JSON.stringify([...of]);
    if (key !== this.zoneKey) {
      this.zoneKey = key;
      const parents = new Set(this.city.zones.map(z => z.parent));
      this.source('zones').setData({ type: 'FeatureCollection', features: this.city.zones.map(zone => {
        const stage = of.get(zone.id) ?? Stage.UNSPECIFIED;
        return { type: 'Feature', properties: { kind: zone.kind, stage: parents.has(zone.id) || stage === Stage.ALL_CLEAR ? -1 : stage },
          geometry: { type: 'MultiPolygon', coordinates: zone.rings.map(ring => [[...ring, ring[0]!]]) } };
      }) });
    }
    this.showNames(of, arrivals);
  }
  private showNames(of: Map<string, Stage>, arrivals: Map<string, string>) {
    const close = this.chart.getZoom() >= 9.3, key = JSON.stringify([[...of], isUkrainian(), close]), arrivalKey = JSON.stringify([...arrivals]);
    const now = performance.now();
    if (key === this.nameKey && (arrivalKey === this.arrivalKey || now - this.namedAt < arrivalsEveryMs)) return;
    [this.nameKey, this.arrivalKey, this.namedAt] = [key, arrivalKey, now];
    const parents = new Set(this.city.zones.map(z => z.parent));
    const features = this.city.zones.filter(z => z.kind !== 'country' && (z.kind === 'district' || z.kind === 'hromada' ? close : !(close && z.id === this.city.city.zone)))
      .map((zone): GeoJSON.Feature => {
        const stage = of.get(zone.id) ?? Stage.UNSPECIFIED, name = (isUkrainian() ? zone.uk : zone.en).replace(kindWord, '');
        const told = stage === Stage.ALL_CLEAR || parents.has(zone.id) && zone.id !== this.city.city.zone ? '' : `\n${say(stages[stage]!)}`;
        const arrival = arrivals.get(zone.id);
        return { type: 'Feature', geometry: { type: 'Point', coordinates: middle(largest(zone)) }, properties: {
          text: name + told + (told && arrival ? `\n${arrival}` : ''), size: zone.kind === 'oblast' ? 11 : 12.5, rank: -stage,
          colour: stageText[stage]! } };
      });
    this.source('names').setData({ type: 'FeatureCollection', features });
  }

  showShelters(all: Iterable<Shelter>) {
    const features: GeoJSON.Feature[] = [];
    for (const s of all) if (s.position) features.push(this.featureOf(s));
    this.source('shelters').setData({ type: 'FeatureCollection', features });
  }
  changeShelters(changed: Shelter[]) {
    if (changed.length === 0) return;
    this.source('shelters').updateData({ add: changed.filter(s => s.position).map(s => this.featureOf(s)) });
  }
  private featureOf(s: Shelter): GeoJSON.Feature {
    const look = lookOf(s), metro = isMetro(s);
    return { type: 'Feature', id: s.shelterId, geometry: { type: 'Point', coordinates: [s.position!.longitudeDeg, s.position!.latitudeDeg] },
      properties: { id: s.shelterId, look, metro, icon: metro ? `station-${s.metroRole}-${look}` : '', name: metro ? (isUkrainian() ? s.nameUk : s.nameEn) : '' } };
  }
  showChosen(chosen: Shelter[]) {
    this.source('chosen').setData({ type: 'FeatureCollection', features: chosen.filter(s => s.position).map(s => this.featureOf(s)) });
  }

  // What a click or a box with shift held means.
  onChoose(choose: (ids: string[], more: boolean) => void) {
    const layers = ['stations', 'shelters'];
    const idsAt = (box: [chart.PointLike, chart.PointLike]) => {
      const found = this.chart.queryRenderedFeatures(box, { layers });
      return [...new Set(found.map(f => String(f.properties['id'])))];
    };
    this.chart.on('click', e => {
      const near = idsAt([[e.point.x - 5, e.point.y - 5], [e.point.x + 5, e.point.y + 5]]);
      if (near[0]) choose([near[0]], e.originalEvent.shiftKey);
    });
    this.chart.on('mousemove', e => {
      const over = this.chart.queryRenderedFeatures(e.point, { layers }).length > 0;
      this.chart.getCanvas().style.cursor = over ? 'pointer' : '';
    });
    this.chart.on('mousedown', e => {
      if (!e.originalEvent.shiftKey) return;
      e.preventDefault();
      const from = e.point, box = document.createElement('div');
      box.className = 'choosing';
      this.chart.getContainer().append(box);
      const draw = (to: { x: number; y: number }) => Object.assign(box.style, { left: `${Math.min(from.x, to.x)}px`, top: `${Math.min(from.y, to.y)}px`,
        width: `${Math.abs(from.x - to.x)}px`, height: `${Math.abs(from.y - to.y)}px` });
      const move = (event: chart.MapMouseEvent) => draw(event.point);
      this.chart.on('mousemove', move);
      this.chart.once('mouseup', event => {
        this.chart.off('mousemove', move);
        box.remove();
        if (Math.hypot(event.point.x - from.x, event.point.y - from.y) > 6) choose(idsAt([from, event.point]), true);
      });
    });
  }
}
