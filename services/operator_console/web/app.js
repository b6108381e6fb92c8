// Asks for the newest picture, judges how much of it may be believed, and has map and panel show it. Whatever is not
// known to be current is shown as unknown, never as calm.
'use strict';
import { CityMap, paintShelter, paintStage, paintTrack } from './map.js';
import { showPanel } from './panel.js';
import { legend, noAlarm, stages } from './words.js';

const pollMs = 500, answerWithinMs = 1500, staleMs = 3000;
const $ = id => document.getElementById(id);
const city = new CityMap($('map'));
let uk = true, map = null, now = null, heardAt = -Infinity;

// The stage of every zone: its own or that of the zone it lies in, whichever is more urgent; null is calm, 0 unknown.
function stagesOfZones(known) {
  const own = {}, result = {};
  const alarms = Array.isArray(now?.alerts) ? now.alerts : [];
  for (const a of alarms) if (!a.partly) own[a.zone] = a.stage;
  const believed = known !== 'lost' && Array.isArray(now?.alerts);
  for (const zone of map.zones) {
    const parent = zone.parent === null ? undefined : result[zone.parent];
    const stage = Math.max(own[zone.id] ?? -1, parent ?? -1);
    result[zone.id] = stage > 0 ? stage : stage === 0 || !believed ? 0 : null;
  }
  return result;
}

function show() {
  const heard = performance.now() - heardAt < staleMs;
  const known = !heard || !now ? 'lost' : now.picture === 1 ? 'live' : now.picture === 2 ? 'degraded' : 'lost';
  const zones = map ? (heard ? stagesOfZones(known) : Object.fromEntries(map.zones.map(z => [z.id, 0]))) : {};
  showPanel({ map, now, known, heard, zones, uk });
  if (map) city.show({ map, zones, shelters: heard ? now.shelters : null, tracks: heard ? now.tracks : null, uk });
}

async function ask(path) {
  const answer = await fetch(path, { signal: AbortSignal.timeout(answerWithinMs) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

// The page's own clock calls `show`, so a server that hangs is noticed too.
async function poll() {
  try {
    now = await ask('/api/now');
    heardAt = performance.now();
  } catch { /* show() sees that nothing fresh came */ }
  setTimeout(poll, pollMs);
}

async function begin() {
  try {
    const world = (await ask('/api/instance')).world;
    $('world').textContent = world === 'live' ? '' : 'НАВЧАННЯ / EXERCISE';
    document.body.classList.toggle('exercise', world !== 'live');
    map = await ask('/api/map');
  } catch {
    setTimeout(begin, pollMs);
    return;
  }
  fitCity();
  poll();
}

const fitCity = () => map && city.fit(map.zones.find(z => z.id === map.city.zone)?.rings ?? map.zones[0].rings);
const fitAll = () => map && city.fit(map.zones.flatMap(z => z.rings), .95);
const speak = () => {
  uk = !uk;
  document.documentElement.lang = uk ? 'uk' : 'en';
  showLegend();
  show();
};
const keys = {
  ArrowLeft: () => city.move(-80, 0), ArrowRight: () => city.move(80, 0), ArrowUp: () => city.move(0, -80), ArrowDown: () => city.move(0, 80),
  '+': () => city.zoom(1.25), '=': () => city.zoom(1.25), '-': () => city.zoom(.8), 0: fitCity, 9: fitAll,
};
$('map').addEventListener('keydown', e => {
  if (!keys[e.key] || e.ctrlKey || e.metaKey || e.altKey) return;
  keys[e.key]();
  e.preventDefault();
});
$('map').addEventListener('wheel', e => { e.preventDefault(); city.zoom(e.deltaY < 0 ? 1.2 : 1 / 1.2); }, { passive: false });
$('map').addEventListener('pointermove', e => { if (e.buttons) city.move(-e.movementX, -e.movementY); });
$('language').addEventListener('click', speak);
$('closer').addEventListener('click', keys['+']);
$('farther').addEventListener('click', keys['-']);
$('whole-city').addEventListener('click', fitCity);
$('whole-map').addEventListener('click', fitAll);

function showLegend() {
  const row = (paint, words) => {
    const li = document.createElement('li'), swatch = document.createElement('canvas');
    [swatch.width, swatch.height] = [34, 18];
    paint(swatch.getContext('2d'));
    li.append(swatch, words[uk ? 0 : 1]);
    return li;
  };
  const stage = s => pen => { pen.beginPath(); pen.rect(0, 0, 34, 18); paintStage(pen, s, { left: 0, right: 34, top: 0, bottom: 18 }, 34, 18); };
  const other = kind => pen => kind === 'track' ? paintTrack(pen, 10, 9, 9, [22, 0]) : paintShelter(pen, 17, 9, 8, kind);
  $('legend').replaceChildren(...[4, 3, 2].map(s => row(stage(s), stages[s])), row(() => {}, noAlarm), row(stage(0), stages[0]),
    ...legend.map(([kind, words]) => row(other(kind), words)));
}

showLegend();
show();
setInterval(show, pollMs);
begin();
