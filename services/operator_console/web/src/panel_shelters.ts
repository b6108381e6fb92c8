// Shelters: find, look, change one or many. What somebody else changed meanwhile is shown and never overwritten.
import { change, changeAll, type Change, type Outcome } from './edit';
import { h, put, Rows, translate } from './dom';
import { MetroRole, OpenState, type Shelter } from './gen/siren/shelters/v1/shelter_pb';
import { paintShelter, paintStation, swatch } from './looks';
import { isMetro, lookOf, millis, store, type Look } from './picture';
import { hasRole } from './session';
import { metroRoles, named, number, openStates, say, shelterTypes, type Pair } from './words';

const mostRows = 120;
const lookWords: Record<Look, Pair> = { open: ['відкриті', 'open'], filling: ['майже повні', 'nearly full'], full: ['повні', 'full'], closed: ['зачинені', 'closed'], unknown: ['невідомо', 'unknown'] };

const glyph = (s: Shelter) => swatch(20, 20, pen => isMetro(s) ? paintStation(pen, 10, 10, 8, s.metroRole, lookOf(s)) : paintShelter(pen, 10, 10, 6, lookOf(s)));
const agoWords = (at: number, now: number) => {
  if (!Number.isFinite(at)) return say(['ніколи', 'never']);
  const hours = (now - at) / 3.6e6;
  return hours < 1 ? say(['щойно', 'just now']) : hours < 48 ? `${Math.round(hours)} ${say(['год тому', 'h ago'])}` : `${Math.round(hours / 24)} ${say(['дн. тому', 'days ago'])}`;
};

export class SheltersPanel {
  readonly element = h('div', { class: 'panel' });
  readonly chosen = new Set<string>();
  private readonly search = h('input', { type: 'search', id: 'search', placeholder: ['назва, адреса або номер…', 'name, address or id…'], 'aria-label': ['Пошук укриттів', 'Search shelters'] });
  private readonly filter = h('select', { id: 'filter', 'aria-label': ['Стан', 'State'] });
  private readonly kind = h('select', { id: 'kind', 'aria-label': ['Тип', 'Type'] });
  private readonly found = h('p', { class: 'dim' });
  private readonly list = h('ul', { class: 'shelters', id: 'shelter-list' });
  private readonly rows: Rows<Shelter>;
  private readonly card = h('section', { class: 'card', id: 'card', hidden: true });
  private readonly bulk = h('section', { class: 'card', id: 'bulk', hidden: true });
  private readonly bulkTitle = h('h3');
  private readonly bulkWords = h('p', { role: 'status' });
  private readonly conflicts = h('ul', { class: 'conflicts' });
  private open: { shelter: Shelter; dirty: boolean } | null = null;

  constructor(private readonly choiceChanged: (fly: Shelter | null) => void) {
    this.filter.append(h('option', { value: '' }, ['усі стани', 'all states']), ...Object.entries(lookWords).map(([k, w]) => h('option', { value: k }, w)));
    this.kind.append(h('option', { value: '' }, ['усі типи', 'all types']), ...Object.entries(shelterTypes).filter(([k]) => k !== '0').map(([k, w]) => h('option', { value: k }, w)));
    this.rows = new Rows(this.list, s => this.makeRow(s), (row, s) => this.fillRow(row, s));
    this.makeBulk();
    this.element.append(h('div', { class: 'row' }, this.search), h('div', { class: 'row' }, this.filter, this.kind,
      h('button', { type: 'button', id: 'choose-shown', onclick: () => this.chooseShown() }, ['Вибрати знайдені', 'Select found'])),
      this.bulk, this.card, this.found, this.list);
    for (const input of [this.search, this.filter, this.kind]) input.addEventListener('input', () => this.show());
    this.search.addEventListener('keydown', e => { if (e.key === 'Enter') this.matching()[0] && this.pick(this.matching()[0]!); });
  }

  private matching(): Shelter[] {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean), look = this.filter.value, kind = Number(this.kind.value);
    return [...store.shelters.values()].filter(s => (!look || lookOf(s) === look) && (!kind || s.type === kind) &&
      words.every(w => `${s.shelterId} ${s.nameUk} ${s.nameEn} ${s.address}`.toLowerCase().includes(w)));
  }
  show() {
    const all = this.matching();
    put(this.found, `${number(all.length)} ${say(['з', 'of'])} ${number(store.shelters.size)}${all.length > mostRows ? ` · ${say(['показано перші', 'showing the first'])} ${mostRows}` : ''}`);
    this.rows.show(all.slice(0, mostRows), s => s.shelterId);
    if (this.open && !this.open.dirty) {
      const now = store.shelters.get(this.open.shelter.shelterId);
      if (now && now.revision !== this.open.shelter.revision || now && now.occupancy !== this.open.shelter.occupancy) this.showCard(now);
    }
    this.showBulk();
  }
  private makeRow(s: Shelter) {
    const box = h('input', { type: 'checkbox', 'aria-label': ['Вибрати', 'Select'], onchange: () => this.toggle(s.shelterId, box.checked) });
    return h('li', {}, box, h('button', { type: 'button', class: 'plain', onclick: () => this.pick(store.shelters.get(s.shelterId) ?? s) }, h('i'), h('span', { class: 'name' }), h('span', { class: 'room' })));
  }
  private fillRow(row: HTMLElement, s: Shelter) {
    const key = `${lookOf(s)}${s.metroRole}`, icon = row.querySelector('i')!;
    if (icon.dataset['of'] !== key) {
      icon.dataset['of'] = key;
      icon.replaceChildren(glyph(s));
    }
    put(row.querySelector('.name')!, named(s) || s.address || s.shelterId);
    put(row.querySelector('.room')!, isMetro(s) && s.metroRole ? say(metroRoles[s.metroRole]!) : `${number(s.occupancy)}/${number(s.capacity)}`);
    row.querySelector('input')!.checked = this.chosen.has(s.shelterId);
    row.classList.toggle('on', this.open?.shelter.shelterId === s.shelterId);
  }

  // From the list or from the map; `more`: beside those chosen already.
  choose(ids: string[], more: boolean) {
    if (ids.length === 1 && !more) {
      const one = store.shelters.get(ids[0]!);
      if (one) this.pick(one, false);
      return;
    }
    put(this.bulkWords, '');
    for (const id of ids) this.chosen.add(id);
    this.afterChoice();
  }
  private toggle(id: string, on: boolean) {
    put(this.bulkWords, '');
    if (on) this.chosen.add(id);
    else this.chosen.delete(id);
    this.afterChoice();
  }
  private chooseShown() {
    put(this.bulkWords, '');
    for (const s of this.matching()) this.chosen.add(s.shelterId);
    this.afterChoice();
  }
  private afterChoice() {
    this.show();
    this.choiceChanged(null);
  }
  get marked(): Shelter[] {
    const ids = new Set(this.chosen);
    if (this.open) ids.add(this.open.shelter.shelterId);
    return [...ids].map(id => store.shelters.get(id)).filter(s => s !== undefined);
  }
  private pick(s: Shelter, fly = true) {
    this.showCard(s);
    this.show();
    this.choiceChanged(fly ? s : null);
  }
  private closeCard() {
    this.open = null;
    this.card.hidden = true;
    this.afterChoice();
  }

  private showCard(s: Shelter, fault = '', good = '') {
    this.open = { shelter: s, dirty: false };
    const metro = isMetro(s), may = hasRole('shelter_editor');
    const capacity = h('input', { type: 'number', id: 'capacity', min: 0, max: 100000, value: s.capacity, disabled: !may });
    const occupancy = h('input', { type: 'number', id: 'occupancy', min: 0, max: 100000, value: s.occupancy, disabled: !may });
    const role = h('select', { id: 'role', disabled: !may }, ...Object.entries(metroRoles).map(([k, w]) => h('option', { value: k, selected: Number(k) === s.metroRole }, w)));
    const verified = h('input', { type: 'checkbox', id: 'verified', disabled: !may });
    const state = h('select', { id: 'shelter-state', disabled: !may }, ...Object.entries(openStates).map(([k, w]) => h('option', { value: k, selected: Number(k) === s.state }, w)));
    const save = (more: Change = {}) => void this.save(s, {
      ...(Number(state.value) !== s.state ? { state: Number(state.value) as OpenState } : {}),
      ...(metro && Number(role.value) !== s.metroRole ? { metroRole: Number(role.value) as MetroRole } : {}),
      ...(Number(capacity.value) !== s.capacity ? { capacity: Number(capacity.value) } : {}),
      ...(Number(occupancy.value) !== s.occupancy ? { occupancy: Number(occupancy.value) } : {}),
      ...(verified.checked ? { verified: true } : {}), ...more });
    const facts = [say(shelterTypes[s.type] ?? shelterTypes[0]!), s.address, s.stepFree ? say(['без сходів', 'step-free']) : '', s.pets ? say(['з тваринами', 'pets']) : '',
      s.surface ? say(['наземна: у тривогу зачинена', 'surface: closed in every alarm']) : '', s.depthM !== undefined ? `${Math.round(s.depthM)} ${say(['м під землею', 'm deep'])}` : '',
      `${say(['перевірено', 'verified'])} ${agoWords(millis(s.verifiedTime), millis(store.picture?.nowTime))}`, s.generated ? say(['ЗГЕНЕРОВАНО: не справжнє', 'GENERATED: not real']) : ''];
    this.card.replaceChildren(
      h('h3', {}, glyph(s), h('span', {}, named(s) || s.shelterId), h('button', { type: 'button', class: 'close', 'aria-label': ['Закрити', 'Close'], onclick: () => this.closeCard() }, '×')),
      h('p', { class: 'dim' }, facts.filter(Boolean).join(' · ')),
      h('div', { class: 'fields' }, h('label', { for: 'shelter-state' }, ['стан', 'state']), state, ...(metro ? [h('label', { for: 'role' }, ['роль', 'role']), role] : []),
        h('label', { for: 'capacity' }, ['місць', 'places']), capacity, h('label', { for: 'occupancy' }, ['людей', 'people']), occupancy),
      h('label', { class: 'check' }, verified, ['перевірено на місці', 'verified on the spot']),
      h('div', { class: 'row' },
        h('button', { type: 'button', class: 'main', id: 'save', disabled: !may, onclick: () => save() }, ['Зберегти', 'Save']),
        h('button', { type: 'button', id: 'close-now', disabled: !may, onclick: () => save({ state: OpenState.CLOSED, ...(metro ? { metroRole: MetroRole.CLOSED } : {}) }) }, ['Зачинити', 'Close']),
        h('button', { type: 'button', id: 'open-now', disabled: !may, onclick: () => save({ state: OpenState.OPEN, ...(metro && s.metroRole === MetroRole.CLOSED ? { metroRole: MetroRole.TRAIN } : {}) }) }, ['Відкрити', 'Open'])),
      h('p', { class: 'dead', role: 'alert', id: 'fault' }, fault), h('p', { class: 'good', role: 'status', id: 'saved' }, good),
      h('p', { class: 'dim small' }, `${s.shelterId} · ${say(['ревізія', 'revision'])} ${s.revision}${may ? '' : ` · ${say(['лише перегляд', 'read only'])}`}`));
    this.card.oninput = () => { if (this.open) this.open.dirty = true; };
    this.card.hidden = false;
    translate();
  }
  private async save(s: Shelter, wanted: Change) {
    if (Object.keys(wanted).length === 0) return;
    const { shelter, conflict, fault } = await change(s, wanted);
    const now = store.shelters.get(s.shelterId) ?? shelter;
    if (fault) this.showCard(conflict ? now : s, fault);
    else this.showCard(now, '', say(['Збережено.', 'Saved.']));
    this.show();
    if (conflict) this.awaitNews(s);
  }
  // What the other one did may still be on its way here.
  private awaitNews(s: Shelter) {
    const fault = this.card.querySelector('#fault')?.textContent ?? '';
    const timer = setInterval(() => {
      const now = store.shelters.get(s.shelterId);
      if (this.open?.shelter.shelterId !== s.shelterId) return clearInterval(timer);
      if (!now || now.revision === s.revision) return;
      clearInterval(timer);
      this.showCard(now, fault);
    }, 100);
  }

  private makeBulk() {
    const people = h('input', { type: 'number', min: 0, id: 'bulk-occupancy', 'aria-label': ['людей у кожному', 'people in each'] });
    const button = (id: string, words: Pair, wanted: () => Change | null) => h('button', { type: 'button', id, onclick: () => { const w = wanted(); if (w) void this.changeChosen(w); } }, words);
    this.bulk.append(this.bulkTitle, h('div', { class: 'row' },
      button('bulk-close', ['Зачинити', 'Close'], () => ({ state: OpenState.CLOSED })), button('bulk-open', ['Відкрити', 'Open'], () => ({ state: OpenState.OPEN })),
      button('bulk-verify', ['Перевірено', 'Verified'], () => ({ verified: true })),
      h('button', { type: 'button', id: 'bulk-none', onclick: () => { this.chosen.clear(); this.conflicts.replaceChildren(); put(this.bulkWords, ''); this.afterChoice(); } }, ['Зняти вибір', 'Clear selection'])),
      h('div', { class: 'row' }, people, button('bulk-people', ['людей у кожному', 'people in each'], () => (people.value === '' ? null : { occupancy: Number(people.value) }))),
      this.bulkWords, this.conflicts);
  }
  private showBulk() {
    // What a change came to stays until something is chosen anew.
    this.bulk.hidden = (this.chosen.size === 0 && !this.bulkWords.textContent) || !hasRole('shelter_editor');
    put(this.bulkTitle, `${say(['Вибрано', 'Selected'])}: ${number(this.chosen.size)}`);
  }
  private async changeChosen(wanted: Change) {
    const chosen = [...this.chosen].map(id => store.shelters.get(id)).filter(s => s !== undefined);
    this.conflicts.replaceChildren();
    const outcomes = await changeAll(chosen, wanted, done => put(this.bulkWords, `${number(done)} / ${number(chosen.length)}`));
    const bad = outcomes.filter(o => o.fault);
    put(this.bulkWords, `${say(['Змінено', 'Changed'])}: ${number(outcomes.length - bad.length)}${bad.length ? ` · ${say(['не змінено', 'not changed'])}: ${number(bad.length)}` : ''}`);
    this.conflicts.replaceChildren(...bad.slice(0, 50).map(o => this.conflictRow(o)));
    this.chosen.clear();
    for (const each of bad) this.chosen.add(each.shelter.shelterId);
    this.afterChoice();
  }
  private conflictRow({ shelter, fault }: Outcome) {
    return h('li', {}, h('button', { type: 'button', class: 'plain', onclick: () => this.pick(store.shelters.get(shelter.shelterId) ?? shelter) }, named(shelter) || shelter.shelterId), ` — ${fault}`);
  }
}
