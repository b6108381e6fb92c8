import { h } from './dom';
import { MetroRole } from './gen/siren/shelters/v1/shelter_pb';
import { ThreatClass } from './gen/siren/threats/v1/threat_pb';
import { Stage } from './gen/siren/zones/v1/zone_pb';
import { paintHatch, paintShelter, paintStation, swatch, traceThreat } from './looks';
import type { Look } from './picture';
import { stages, type Pair } from './words';

const shelterLooks: [Look, Pair][] = [['open', ['укриття відкрите', 'shelter open']], ['filling', ['майже повне', 'nearly full']], ['full', ['повне', 'full']],
  ['closed', ['зачинене', 'closed']], ['unknown', ['невідомо', 'unknown']]];
const stationRoles: [MetroRole, Look, Pair][] = [[MetroRole.TRAIN, 'open', ['метро: поїзди', 'metro: trains']], [MetroRole.SHELTER_ONLY, 'open', ['лише укриття', 'shelter only']],
  [MetroRole.NO_ESCALATOR, 'open', ['без ескалаторів', 'no escalators']], [MetroRole.NO_POWER, 'open', ['без струму', 'no power']], [MetroRole.CLOSED, 'closed', ['зачинена', 'closed']]];
const kinds: [ThreatClass, boolean, Pair][] = [[ThreatClass.DRONE, true, ['дрон', 'drone']], [ThreatClass.CRUISE_MISSILE, true, ['крилата ракета', 'cruise missile']],
  [ThreatClass.BALLISTIC_MISSILE, true, ['балістика', 'ballistic']], [ThreatClass.DRONE, false, ['не підтверджено', 'unconfirmed']]];

const folded = 'legend-folded'; // who knows the signs wants the map
const row = (picture: HTMLCanvasElement, words: Pair) => h('li', {}, picture, words);

export function legend() {
  const stage = (s: Stage) => row(swatch(34, 16, pen => { pen.scale(0.5, 0.5); for (const x of [0, 64]) { pen.save(); pen.translate(x, 0); paintHatch(pen, s, 64); pen.restore(); } }), stages[s]!);
  const box = h('details', { class: 'legend', open: localStorage.getItem(folded) === null }, h('summary', {}, ['Позначення', 'Legend']), h('ul', {},
    ...[Stage.TAKE_COVER, Stage.GO, Stage.PREPARE, Stage.UNSPECIFIED].map(stage),
    ...kinds.map(([kind, sure, words]) => row(swatch(34, 16, pen => {
      pen.translate(17, 8);
      traceThreat(pen, kind, 7);
      pen.fillStyle = sure ? '#ffe3f2' : '#10141a';
      pen.fill();
      pen.strokeStyle = '#ff9fd0';
      pen.stroke();
    }), words)),
    ...shelterLooks.map(([look, words]) => row(swatch(34, 16, pen => paintShelter(pen, 17, 8, 5, look)), words)),
    ...stationRoles.map(([role, look, words]) => row(swatch(34, 20, pen => paintStation(pen, 17, 11, 8.5, role, look)), words)),
    h('li', { class: 'dim' }, ['конус: де може бути за 5 хв, 2σ', 'cone: where it may be in 5 min, 2σ']), h('li', { class: 'dim' }, ['Shift і рамка: вибрати укриття', 'Shift and a box: select shelters'])));
  box.addEventListener('toggle', () => (box.open ? localStorage.removeItem(folded) : localStorage.setItem(folded, 'yes')));
  return box;
}
