// The words beside the map. Alarm rows live as long as their alarm, so that an opened one stays open.
'use strict';
import { noAlarm, noData, pictures, stages, texts, threats } from './words.js';

const $ = id => document.getElementById(id);
const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };
const rows = new Map();

// what: {map, now, known: 'live' | 'degraded' | 'lost', heard, zones: {id: stage}, uk}; heard: whether `now` is fresh.
export function showPanel(what) {
  const say = pair => pair[what.uk ? 0 : 1];
  document.querySelectorAll('[data-uk]').forEach(e => put(e, what.uk ? e.dataset.uk : e.dataset.en));
  put($('language'), what.uk ? 'EN' : 'УК');
  put($('state'), say(pictures[what.known]));
  $('state').className = what.known;
  const when = what.now ? what.now.now.replace('T', ' ').slice(0, 16) + ' UTC' : '';
  put($('time'), when);
  $('time').className = what.heard ? '' : 'old';
  showVeil(what, say, when);
  document.body.classList.toggle('old', !what.heard);
  if (!what.map) return;
  put($('city'), what.uk ? what.map.city.uk : what.map.city.en);
  put($('generated'), what.map.generated ? say([what.map.label.uk, what.map.label.en]) : '');
  put($('attribution'), what.map.attribution.join(' · '));
  showCity(what, say);
  showAlarms(what, say);
  showFigures(what, say);
}

function showVeil(what, say, when) {
  $('veil').hidden = what.known !== 'lost';
  put($('veil-title'), what.uk ? `${noData[0]} · ${noData[1]}` : `${noData[1]} · ${noData[0]}`);
  put($('veil-text'), what.heard ? say(texts.engineSilent) : `${say(texts.noAnswer)} ${say(texts.lastKnown)}: ${when || say(texts.never)}`);
}

// The most urgent of the city and its parts: a part in alarm is never shown as a calm city.
function showCity(what, say) {
  const whole = what.zones[what.map.city.zone], parts = what.map.zones.filter(z => z.parent === what.map.city.zone).map(z => what.zones[z.id]);
  const most = Math.max(whole ?? -1, ...parts.map(s => s ?? -1)), calm = most < 0;
  const partly = most > 0 && most > (whole ?? -1) ? ` (${say(texts.partly)})` : '';
  put($('own-stage'), calm ? say(noAlarm) : say(stages[most]) + partly);
  put($('own-name'), what.uk ? what.map.city.uk : what.map.city.en);
  $('own').className = calm ? 'calm' : 's' + most;
}

function distanceTo(map) {
  const far = {}, [lon, lat] = map.centre;
  for (const zone of map.zones) {
    const spots = zone.rings.flat();
    far[zone.id] = Math.min(...spots.map(([x, y]) => Math.hypot((x - lon) * .64, y - lat)));
    if (zone.id === map.city.zone) far[zone.id] = -2;
    if (zone.parent === map.city.zone) far[zone.id] = -1;
  }
  return far;
}
let distances = null;

function showAlarms(what, say) {
  distances ??= distanceTo(what.map);
  const list = $('alerts'), known = Array.isArray(what.now?.alerts);
  const zones = Object.fromEntries(what.map.zones.map(z => [z.id, z]));
  const alarms = known ? [...what.now.alerts] : [];
  alarms.sort((a, b) => (distances[a.zone] ?? 99) - (distances[b.zone] ?? 99) || b.stage - a.stage || a.zone.localeCompare(b.zone));
  const here = new Set(alarms.map(a => a.zone));
  for (const [id, row] of rows) if (!here.has(id)) { row.remove(); rows.delete(id); }
  alarms.forEach((alarm, i) => {
    const row = rows.get(alarm.zone) ?? newRow(alarm.zone, alarm.zone === what.map.city.zone);
    const zone = zones[alarm.zone];
    row.className = 's' + alarm.stage;
    put(row.querySelector('b'), say(stages[alarm.stage] ?? stages[0]));
    put(row.querySelector('span'), ' ' + (zone ? (what.uk ? zone.uk : zone.en) : alarm.zone) + (alarm.partly ? ` (${say(texts.partly)})` : ''));
    put(row.querySelector('p'), alarm.stage === 0 ? say(texts.unreadable) : what.uk ? alarm.body_uk : alarm.body_en);
    if (list.children[i] !== row) list.insertBefore(row, list.children[i] ?? null);
  });
  const counts = [4, 3, 2, 0].map(s => [s, alarms.filter(a => a.stage === s).length]).filter(c => c[1]);
  put($('alert-counts'), counts.map(([s, n]) => `${say(stages[s])} ${n}`).join(' · '));
  const remark = !what.heard ? `${say(texts.lastKnown)}: ${what.now?.now.slice(11, 16) ?? say(texts.never)}`
    : !known ? `${say(noData)}: ${what.now.alerts?.trouble ?? ''}` : what.known === 'lost' ? say(texts.unknownZones) : alarms.length ? '' : say(noAlarm);
  put($('alert-remark'), remark);
  $('alert-remark').className = what.known === 'lost' || !known ? 'dead' : '';
}

function newRow(zone, open) {
  const row = document.createElement('li'), more = document.createElement('details'), head = document.createElement('summary');
  more.open = open;
  head.append(document.createElement('b'), document.createElement('span'));
  more.append(head, document.createElement('p'));
  row.append(more);
  rows.set(zone, row);
  return row;
}

function figure(id, part, say, words) {
  const good = part !== undefined && part !== null && !part.trouble;
  put($(id), good ? words(part) : `${say(noData)}${part?.trouble ? ': ' + part.trouble : ''}`);
  $(id).classList.toggle('dead', !good);
}

function showFigures(what, say) {
  const now = what.heard ? what.now : {}, number = n => n.toLocaleString(what.uk ? 'uk' : 'en');
  figure('tracks', now.tracks, say, tracks => {
    const sure = tracks.filter(t => t.confirmed), kinds = {};
    for (const t of sure) kinds[t.kind] = (kinds[t.kind] ?? 0) + t.count;
    const list = Object.entries(kinds).sort((a, b) => b[1] - a[1]).map(([k, n]) => `${say(threats[k] ?? threats.unknown)} ${n}`);
    return list.length ? `${list.join(' · ')} (${say(texts.confirmed)})` : say(texts.noTracks);
  });
  figure('delivery', now.delivery, say, d => (what.uk
    ? `телефонів ${number(d.phones)} · тривог ${number(d.alerts_sent)} · порад ${number(d.guidance_sent)} · журнал ${d.covered}/${now.log_seq ?? '?'}`
    : `${number(d.phones)} phones · ${number(d.alerts_sent)} alerts · ${number(d.guidance_sent)} guidance · log ${d.covered}/${now.log_seq ?? '?'}`)
    + (d.bus_heard ? '' : ` · ${say(texts.busSilent)}`));
  figure('shelters', now.shelters, say, all => {
    const open = all.filter(s => s[2]), places = open.reduce((sum, s) => sum + Math.max(0, s[3] - s[4]), 0);
    return what.uk ? `відкрито ${number(open.length)} з ${number(all.length)} · вільних місць ${number(places)}`
      : `${number(open.length)} of ${number(all.length)} open · ${number(places)} places free`;
  });
  const feeds = Array.isArray(now.feeds) ? now.feeds : [];
  figure('feeds-remark', now.feeds, say, () => '');
  $('feeds').replaceChildren(...feeds.map(f => {
    const chip = document.createElement('li');
    chip.className = f.alive ? '' : 'dead';
    chip.textContent = (f.official ? '★ ' : '') + f.source.replaceAll('_', ' ') + (f.alive ? '' : ' — ' + say(texts.silent));
    return chip;
  }));
}
