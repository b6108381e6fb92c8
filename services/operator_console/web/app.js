'use strict';

const stages = { 2: ['ПРИГОТУЙТЕСЯ', 'PREPARE'], 3: ['ІДІТЬ', 'GO'], 4: ['В УКРИТТЯ ЗАРАЗ', 'TAKE COVER'] };
// Colour-blind-safe hues (Okabe and Ito), each with its own hatch so that colour is never the only sign.
const fills = { 2: 'rgba(86,180,233,.22)', 3: 'rgba(240,228,66,.26)', 4: 'rgba(213,94,0,.38)' };
const states = { 0: ['невідомо', 'unknown', 'lost'], 1: ['дані наживо', 'live', 'live'], 2: ['частина джерел мовчить', 'some feeds silent', 'degraded'], 3: ['ДАНИХ НЕМАЄ', 'NO DATA', 'lost'] };
const marks = { drone: 'd', jet_drone: 'j', cruise_missile: 'c', supersonic_missile: 's', unknown: '?' };
const pollMs = 500, staleMs = 3000;

const $ = id => document.getElementById(id);
const canvas = $('map'), pen = canvas.getContext('2d');
let uk = true, map = null, now = null, heardAt = 0;
const view = { lon: 0, lat: 0, scale: 900 };

const say = pair => pair[uk ? 0 : 1];
const point = ([lon, lat]) => [
  canvas.width / 2 + (lon - view.lon) * Math.cos(view.lat * Math.PI / 180) * view.scale,
  canvas.height / 2 - (lat - view.lat) * view.scale];

function path(ring) {
  pen.beginPath();
  ring.forEach((vertex, i) => { const [x, y] = point(vertex); i ? pen.lineTo(x, y) : pen.moveTo(x, y); });
  pen.closePath();
}

function hatch(ring, stage) {
  path(ring);
  pen.save();
  pen.clip();
  pen.strokeStyle = fills[stage].replace(/[\d.]+\)$/, '.5)');
  pen.lineWidth = 1;
  const gap = { 2: 28, 3: 16, 4: 8 }[stage];
  for (let x = -canvas.height; x < canvas.width; x += gap) {
    pen.beginPath(); pen.moveTo(x, canvas.height); pen.lineTo(x + canvas.height, 0); pen.stroke();
  }
  pen.restore();
}

function drawZones() {
  const stage = {};
  if (Array.isArray(now?.alerts)) for (const a of now.alerts) stage[a.zone] = a.partly ? 0 : a.stage;
  const parents = new Set(map.zones.map(z => z.parent));
  for (const zone of map.zones) for (const ring of zone.rings) {
    path(ring);
    if (stage[zone.id] && !parents.has(zone.id)) { pen.fillStyle = fills[stage[zone.id]]; pen.fill(); hatch(ring, stage[zone.id]); path(ring); }
    pen.strokeStyle = zone.kind === 'district' ? '#3d4a5c' : '#5a6a80';
    pen.lineWidth = zone.kind === 'city' ? 2 : 1;
    pen.stroke();
  }
}

function drawWater() {
  for (const feature of map.water?.features ?? []) {
    const shape = feature.geometry;
    const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.type === 'MultiPolygon' ? shape.coordinates : [];
    for (const rings of polygons) { path(rings[0]); pen.fillStyle = '#16314a'; pen.fill(); }
  }
}

function drawShelters() {
  if (view.scale < 1500) return;
  if (Array.isArray(now?.shelters)) for (const [lon, lat, open, capacity, occupancy, metro] of now.shelters) {
    const [x, y] = point([lon, lat]);
    if (x < 0 || y < 0 || x > canvas.width || y > canvas.height) continue;
    const full = capacity && occupancy / capacity > .9;
    pen.fillStyle = !open ? '#7a828c' : full ? '#d55e00' : '#009e73';
    const size = metro ? 7 : 3;
    if (open) pen.fillRect(x - size / 2, y - size / 2, size, size); else { pen.strokeStyle = '#7a828c'; pen.strokeRect(x - 2, y - 2, 4, 4); }
  }
  pen.font = '11px system-ui, DejaVu Sans, sans-serif';
  if (view.scale > 4000) for (const station of map.stations) {
    const [x, y] = point(station.at);
    pen.fillStyle = station.surface ? '#93a0b0' : '#e8ecf1';
    pen.fillText('М ' + (uk ? station.uk : station.en) + (station.surface ? (uk ? ' (наземна, зачинена)' : ' (surface, closed)') : ''), x + 6, y + 4);
  }
}

function drawTracks() {
  if (!Array.isArray(now?.tracks)) return;
  for (const track of now.tracks) {
    const [x, y] = point(track.at);
    const metre = view.scale / 111320;
    pen.globalAlpha = track.confirmed ? 1 : .4;
    pen.strokeStyle = '#cc79a7';
    pen.lineWidth = 1;
    pen.beginPath(); pen.arc(x, y, Math.max(2, track.sigma_m * 2 * metre), 0, 7); pen.stroke();
    pen.beginPath(); pen.moveTo(x, y); pen.lineTo(x + track.east_mps * 300 * metre, y - track.north_mps * 300 * metre); pen.stroke();
    pen.fillStyle = '#ffd7ec';
    pen.font = 'bold 13px monospace';
    pen.fillText((marks[track.kind] ?? 'B') + (track.count > 1 ? '×' + track.count : ''), x - 4, y + 4);
    pen.globalAlpha = 1;
  }
}

function draw() {
  requestAnimationFrame(draw);
  const width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
  pen.fillStyle = '#10141a';
  pen.fillRect(0, 0, width, height);
  if (!map) return;
  drawWater(); drawZones(); drawShelters(); drawTracks();
}

function item(list, text, kind, small) {
  const li = document.createElement('li');
  if (kind) li.className = kind;
  li.textContent = text;
  if (small) { const more = document.createElement('small'); more.textContent = small; li.append(more); }
  list.append(li);
}

function showPanel() {
  document.querySelectorAll('h2').forEach(h => { h.textContent = uk ? h.dataset.uk : h.dataset.en; });
  $('language').textContent = uk ? 'EN' : 'УК';
  if (map) {
    $('city').textContent = uk ? map.city.uk : map.city.en;
    $('generated').textContent = map.generated ? (uk ? map.label.uk : map.label.en) : '';
    $('attribution').textContent = map.attribution.join(' · ');
  }
  const stale = Date.now() - heardAt > staleMs;
  const state = stale ? states[3] : states[now?.picture ?? 0];
  $('state').textContent = say(state);
  $('state').className = state[2];
  if (!now || stale) return;
  $('time').textContent = now.now.replace('T', ' ').slice(0, 16) + ' UTC';
  const names = Object.fromEntries((map?.zones ?? []).map(z => [z.id, uk ? z.uk : z.en]));
  const alerts = $('alerts');
  alerts.replaceChildren();
  if (!Array.isArray(now.alerts)) item(alerts, now.alerts.trouble, 'dead');
  else {
    for (const a of [...now.alerts].sort((a, b) => b.stage - a.stage))
      item(alerts, `${say(stages[a.stage] ?? ['', ''])} — ${names[a.zone] ?? a.zone}${a.partly ? (uk ? ' (частково)' : ' (partly)') : ''}`, 's' + a.stage, uk ? a.body_uk : a.body_en);
    if (!now.alerts.length) item(alerts, now.picture === 3 ? say(states[3]) : uk ? 'тривог немає' : 'no alarms');
  }
  const tracks = Array.isArray(now.tracks) ? now.tracks.filter(t => t.confirmed) : [];
  const kinds = {};
  for (const t of tracks) kinds[t.kind] = (kinds[t.kind] ?? 0) + 1;
  $('tracks').textContent = Array.isArray(now.tracks) ? `${tracks.length}: ` + Object.entries(kinds).map(([k, n]) => `${k.replaceAll('_', ' ')} ${n}`).join(', ') : now.tracks.trouble;
  const d = now.delivery;
  $('delivery').textContent = d.trouble ?? (uk ? `телефонів ${d.phones}, тривог надіслано ${d.alerts_sent}, порад ${d.guidance_sent}, журнал ${d.covered}/${now.log_seq}` : `${d.phones} phones, ${d.alerts_sent} alerts and ${d.guidance_sent} guidance sent, log ${d.covered}/${now.log_seq}`) + (d.bus_heard ? '' : (uk ? ', шина мовчить' : ', bus silent'));
  if (Array.isArray(now.shelters)) {
    const open = now.shelters.filter(s => s[2]).length;
    $('shelters').textContent = uk ? `відкрито ${open} з ${now.shelters.length}` : `${open} of ${now.shelters.length} open`;
  } else $('shelters').textContent = now.shelters.trouble;
  const feeds = $('feeds');
  feeds.replaceChildren();
  for (const f of now.feeds ?? []) item(feeds, `${f.source}${f.official ? ' ★' : ''}: ${f.alive ? (uk ? 'живе' : 'alive') : (uk ? 'МОВЧИТЬ' : 'SILENT')}`, f.alive ? '' : 'dead');
}

async function poll() {
  try {
    const answer = await fetch('/api/now');
    if (answer.ok) { now = await answer.json(); heardAt = Date.now(); }
  } catch { /* shown as stale */ }
  showPanel();
  setTimeout(poll, pollMs);
}

function zoom(factor) { view.scale = Math.min(60000, Math.max(40, view.scale * factor)); }
canvas.addEventListener('wheel', e => { e.preventDefault(); zoom(e.deltaY < 0 ? 1.2 : 1 / 1.2); }, { passive: false });
canvas.addEventListener('pointermove', e => {
  if (!e.buttons) return;
  view.lon -= e.movementX / view.scale / Math.cos(view.lat * Math.PI / 180);
  view.lat += e.movementY / view.scale;
});
canvas.addEventListener('keydown', e => {
  const step = 60 / view.scale;
  const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
  if (moves[e.key]) { view.lon += moves[e.key][0]; view.lat += moves[e.key][1]; e.preventDefault(); }
  if (e.key === '+' || e.key === '=') zoom(1.2);
  if (e.key === '-') zoom(1 / 1.2);
});
$('language').addEventListener('click', () => { uk = !uk; document.documentElement.lang = uk ? 'uk' : 'en'; showPanel(); });

(async () => {
  const info = await (await fetch('/api/instance')).json();
  $('world').textContent = info.world === 'exercise' ? 'НАВЧАННЯ / EXERCISE' : '';
  map = await (await fetch('/api/map')).json();
  [view.lon, view.lat] = map.centre;
  const city = map.zones.find(z => z.id === map.city.zone);
  const lats = city.rings.flat().map(v => v[1]);
  view.scale = canvas.clientHeight / (Math.max(...lats) - Math.min(...lats)) * .85;
  draw();
  poll();
})();
