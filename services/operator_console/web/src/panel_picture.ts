// The state of things at a glance: the city, what flies, what is delivered, what sources say, which alarms run.
import { arrivalOf, isMetro, lookOf, millis, store, type Known } from './picture';
import type { City } from './city';
import { ConditionsCard } from './conditions';
import { h, put, Rows } from './dom';
import type { Alert } from './gen/siren/alerts/v1/alert_pb';
import type { GatewayNow, Picture } from './gen/siren/console/v1/console_service_pb';
import { Issuer, Stage } from './gen/siren/zones/v1/zone_pb';
import { isUkrainian, noData, number, say, stages, threats, type Pair } from './words';

export interface Scene { picture: Picture | null; known: Known; stages: Map<string, Stage>; past: boolean; worldNow: number }

const windowMs = 300_000; // p99 is of the last five minutes
const stalePlaces = 1n; // a gateway that many entries behind the log is late
const text = {
  partly: ['частково', 'partly'] as Pair,
  silent: ['МОВЧИТЬ', 'SILENT'] as Pair,
  none: ['немає', 'none'] as Pair,
  rest: ['решта зон: невідомо', 'all other zones: unknown'] as Pair,
  unreadable: ['Запис про тривогу не читається.', 'The alert of this zone can’t be read.'] as Pair,
};
const issuers: Record<number, Pair> = {
  [Issuer.OFFICIAL]: ['офіційно', 'official'], [Issuer.ANALYSIS]: ['аналіз', 'analysis'], [Issuer.CITY_OPERATOR]: ['оператори міста', 'city operators'],
};

export const arrivalWords = (span: [number, number] | null) => {
  if (!span) return '';
  const [first, last] = span.map(m => Math.round(m)) as [number, number];
  const unit = isUkrainian() ? 'хв' : 'min';
  if (last < 1) return isUkrainian() ? 'зараз' : 'now';
  return first === last ? `~${first} ${unit}` : `${first}–${last} ${unit}`;
};

interface Sample { at: number; counts: Map<number, bigint> }
const samples = new Map<string, Sample[]>();
// From the buckets that grew within the window: the limit of the one that holds the 99th of a hundred, in ms.
function p99Of(gateway: GatewayNow): number | null {
  const counts = new Map((gateway.delivery?.delays ?? []).map(d => [d.atMost ? Number(d.atMost.seconds) * 1000 + d.atMost.nanos / 1e6 : Infinity, d.count]));
  const kept = samples.get(gateway.address) ?? [];
  const now = performance.now();
  if (!kept.length || now - kept.at(-1)!.at > 5000) kept.push({ at: now, counts });
  while (kept.length > 1 && now - kept[0]!.at > windowMs) kept.shift();
  samples.set(gateway.address, kept);
  const before = kept.length > 1 ? kept[0]!.counts : new Map<number, bigint>();
  const grown = [...counts].map(([limit, count]) => [limit, Number(count - (before.get(limit) ?? 0n))] as const).sort((a, b) => a[0] - b[0]);
  const all = grown.reduce((sum, g) => sum + g[1], 0);
  let sum = 0;
  for (const [limit, count] of grown) if (all > 0 && (sum += count) >= 0.99 * all) return limit;
  return null;
}

export class PicturePanel {
  readonly element = h('div', { class: 'panel' });
  private readonly ownName = h('span');
  private readonly ownStage = h('strong');
  private readonly own = h('section', { class: 'own s0', role: 'status' }, this.ownName, this.ownStage);
  private readonly tracks = h('div', { class: 'figures' });
  private readonly shelters = h('div', { class: 'figures' });
  private readonly gateways = h('tbody');
  private readonly gatewayRemark = h('p', { class: 'dead' });
  private readonly feeds = h('ul', { class: 'chips' });
  private readonly counts = h('p', { class: 'strong' });
  private readonly remark = h('p', { class: 'dead' });
  private readonly list = h('ul', { class: 'alarms' });
  private readonly alarmRows: Rows<Alert>;
  private readonly far = new Map<string, number>();

  constructor(private readonly city: City) {
    this.element.append(this.own,
      h('h2', {}, ['Цілі', 'Tracks']), this.tracks,
      h('h2', {}, ['Тривоги', 'Alarms']), this.counts, this.remark, this.list,
      h('h2', {}, ['Доставка на телефони', 'Delivery to phones']), this.gatewayRemark,
      h('table', { class: 'grid' }, h('thead', {}, h('tr', {}, h('th', {}, ['шлюз', 'gateway']), h('th', {}, ['телефонів', 'phones']), h('th', {}, ['p99', 'p99']),
        h('th', {}, ['журнал', 'log']), h('th', {}, ['стан', 'state']))), this.gateways),
      h('h2', {}, ['Укриття', 'Shelters']), this.shelters,
      h('h2', {}, ['Умови надворі', 'Conditions outside']), new ConditionsCard().element,
      h('h2', {}, ['Джерела (★ офіційні)', 'Feeds (★ official)']), this.feeds,
      h('footer', {}, city.attribution.join(' · ')));
    this.alarmRows = new Rows(this.list, a => this.makeAlarm(a), (row, a) => this.fillAlarm(row, a));
    const [lon, lat] = city.centre;
    for (const zone of city.zones) {
      const nearest = Math.min(...zone.rings.flat().map(([x, y]) => Math.hypot((x - lon) * 0.64, y - lat)));
      this.far.set(zone.id, zone.id === city.city.zone ? -2 : zone.parent === city.city.zone ? -1 : nearest);
    }
  }

  private scene: Scene | null = null;
  show(scene: Scene) {
    this.scene = scene;
    const { picture } = scene;
    this.showCity(scene);
    this.showTracks(picture);
    this.showAlarms(scene);
    this.showDelivery(picture);
    this.showShelters(picture);
    this.feeds.replaceChildren(...(picture?.feeds ?? []).map(f => h('li', { class: f.alive ? '' : 'dead' },
      `${f.official ? '★ ' : ''}${f.source.replaceAll('_', ' ')}${f.alive ? '' : ` — ${say(text.silent)}`}`)));
  }

  // The most urgent of the city and its parts: a part in alarm is never shown as a calm city.
  private showCity({ stages: of }: Scene) {
    const whole = of.get(this.city.city.zone) ?? Stage.UNSPECIFIED;
    const parts = this.city.zones.filter(z => z.parent === this.city.city.zone).map(z => of.get(z.id) ?? Stage.UNSPECIFIED);
    const worst = Math.max(whole, ...parts), unknown = worst <= Stage.ALL_CLEAR && [whole, ...parts].includes(Stage.UNSPECIFIED);
    const most = unknown ? Stage.UNSPECIFIED : worst;
    put(this.ownName, isUkrainian() ? this.city.city.uk : this.city.city.en);
    put(this.ownStage, say(stages[most]!) + (most > whole && most > Stage.ALL_CLEAR ? ` (${say(text.partly)})` : ''));
    this.own.className = `own s${most}`;
  }

  private showTracks(picture: Picture | null) {
    if (!picture || picture.tracksTrouble) return this.lack(this.tracks, picture?.tracksTrouble);
    const kinds = new Map<number, number>();
    for (const t of picture.tracks) if (t.confirmed) kinds.set(t.threatClass, (kinds.get(t.threatClass) ?? 0) + Math.max(1, t.count));
    const unsure = picture.tracks.filter(t => !t.confirmed).length;
    this.figures(this.tracks, [...kinds].sort((a, b) => b[1] - a[1]).map(([k, n]) => [number(n), say(threats[k] ?? threats[0]!)]),
      unsure ? [[number(unsure), isUkrainian() ? 'не підтверджено' : 'unconfirmed']] : []);
    if (!kinds.size && !unsure) put(this.tracks, say(text.none));
  }
  private figures(into: HTMLElement, ...groups: [string, string][][]) {
    into.classList.remove('dead');
    into.replaceChildren(...groups.flat().map(([n, of]) => h('span', {}, h('b', {}, n), ` ${of}`)));
  }
  private lack(into: HTMLElement, why: string | undefined) {
    into.classList.add('dead');
    put(into, say(noData) + (why ? `: ${why}` : ''));
  }

  private makeAlarm(alarm: Alert) {
    return h('li', {}, h('details', alarm.zoneId === this.city.city.zone ? { open: true } : {},
      h('summary', {}, h('b'), h('span', { class: 'zone' }), h('span', { class: 'when' })), h('p'), h('ul')));
  }
  private fillAlarm(row: HTMLElement, alarm: Alert) {
    row.className = `s${alarm.stage}`;
    const zone = this.city.zones.find(z => z.id === alarm.zoneId);
    put(row.querySelector('b')!, say(stages[alarm.stage] ?? stages[0]!));
    put(row.querySelector('.zone')!, (zone ? (isUkrainian() ? zone.uk : zone.en) : alarm.zoneId) + (alarm.partly ? ` (${say(text.partly)})` : ''));
    put(row.querySelector('.when')!, arrivalWords(arrivalOf(alarm, this.scene!.worldNow)));
    put(row.querySelector('p')!, alarm.stage === Stage.UNSPECIFIED ? say(text.unreadable) : isUkrainian() ? alarm.bodyUk : alarm.bodyEn);
    const causes = alarm.threats.map(t => `${say(issuers[t.issuer] ?? ['?', '?'])}${t.issuerName ? ` ${t.issuerName.replaceAll('_', ' ')}` : ''}: ${say(stages[t.asks] ?? stages[0]!)}`);
    const list = row.querySelector('ul')!;
    if (list.dataset['of'] !== causes.join()) {
      list.dataset['of'] = causes.join();
      list.replaceChildren(...causes.map(c => h('li', {}, c)));
    }
  }
  private showAlarms({ picture, known }: Scene) {
    const bad = !picture ? say(noData) : picture.alertsTrouble ? `${say(noData)}: ${picture.alertsTrouble}` : known === 'lost' ? say(text.rest) : '';
    const alarms = picture?.alertsTrouble ? [] : [...(picture?.alerts ?? [])];
    alarms.sort((a, b) => (this.far.get(a.zoneId) ?? 99) - (this.far.get(b.zoneId) ?? 99) || b.stage - a.stage || a.zoneId.localeCompare(b.zoneId));
    this.alarmRows.show(alarms, a => a.zoneId);
    const of = [Stage.TAKE_COVER, Stage.GO, Stage.PREPARE, Stage.UNSPECIFIED].map(s => [s, alarms.filter(a => a.stage === s).length] as const);
    put(this.counts, of.filter(c => c[1]).map(([s, n]) => `${say(stages[s]!)} ${n}`).join(' · ') || (bad ? '' : say(stages[Stage.ALL_CLEAR]!)));
    put(this.remark, bad);
  }

  private showDelivery(picture: Picture | null) {
    const all = picture?.gateways ?? [];
    put(this.gatewayRemark, !picture ? say(noData) : '');
    this.gateways.replaceChildren(...all.map(g => {
      const d = g.delivery, behind = d && d.covered && picture?.head ? picture.head.seq - d.covered.seq : null;
      const late = behind !== null && behind > stalePlaces, p99 = p99Of(g);
      const state: Pair = !d ? ['НЕ ВІДПОВІДАЄ', 'NO ANSWER'] : !d.head ? ['НЕ ЧИТАЄ ЖУРНАЛУ', 'CAN’T READ THE LOG'] : late ? ['ВІДСТАЄ', 'BEHIND'] : !d.busHeard ? ['шина мовчить', 'bus silent'] : ['добре', 'good'];
      const good = d && d.head && !late;
      return h('tr', { class: good ? '' : 'dead', title: g.trouble || g.address }, h('td', {}, g.address.replace(/^unix:.*\//, '').replace('.sock', '')),
        h('td', {}, d ? number(d.phones) : '?'), h('td', {}, p99 === null ? '—' : p99 === Infinity ? '> 30 s' : p99 >= 1000 ? `≤ ${p99 / 1000} s` : `≤ ${p99} ms`),
        h('td', {}, d?.covered ? `${d.covered.seq}${behind ? ` (−${behind})` : ''}` : '?'), h('td', {}, say(state)));
    }));
  }

  private showShelters(picture: Picture | null) {
    if (!picture || picture.sheltersTrouble) return this.lack(this.shelters, picture?.sheltersTrouble);
    let open = 0, room = 0, people = 0, closed = 0, full = 0;
    for (const s of store.shelters.values()) {
      const look = lookOf(s);
      people += s.occupancy;
      if (look === 'closed' || look === 'unknown') ++closed;
      else if (look === 'full') ++full;
      else { ++open; room += Math.max(0, s.capacity - s.occupancy); }
    }
    const stations = [...store.shelters.values()].filter(isMetro), openStations = stations.filter(s => lookOf(s) !== 'closed').length;
    const uk = isUkrainian();
    this.figures(this.shelters, [[number(open), uk ? 'відкрито' : 'open'], [number(full), uk ? 'повних' : 'full'], [number(closed), uk ? 'зачинено або невідомо' : 'closed or unknown'],
      [number(room), uk ? 'вільних місць' : 'places free'], [number(people), uk ? 'людей усередині' : 'people inside'], [`${openStations}/${stations.length}`, uk ? 'станцій метро' : 'metro stations']]);
  }
}
export const clockWords = (at: number, zone?: string) =>
  Number.isFinite(at) ? new Date(at).toLocaleTimeString('uk', { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: zone ?? 'UTC' }) : '—';
export { millis };
