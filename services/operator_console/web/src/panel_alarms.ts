// Alarms by people: one proposes, another approves the very same words, either cancels. Drills are a call of their own.
import { alarms, isRefusal, requestId, saidName, wordsFor } from './api';
import type { City } from './city';
import { h, put, Rows, translate } from './dom';
import type { AlarmProposal } from './gen/siren/alerts/v1/alarm_service_pb';
import type { Alert } from './gen/siren/alerts/v1/alert_pb';
import { Issuer, Stage } from './gen/siren/zones/v1/zone_pb';
import { store } from './picture';
import { hasRole, whoAmI } from './session';
import { isUkrainian, say, stages, type Pair } from './words';

const askEveryMs = 1000, mostText = 280;
const templates: { name: Pair; stage: Stage; text: string; cancel: Pair }[] = [
  { name: ['Дрони', 'Drones'], stage: Stage.GO, text: 'Дрони на підльоті. Прямуйте в укриття. / Drones approaching. Go to a shelter.', cancel: ['Загроза дронів минула', 'The drones are gone'] },
  { name: ['Балістика', 'Ballistic'], stage: Stage.TAKE_COVER, text: 'Балістична загроза! Ховайтеся негайно там, де ви є. / Ballistic threat! Take cover where you are.', cancel: ['Балістична загроза минула', 'The ballistic threat is over'] },
  { name: ['Хімічна', 'Chemical'], stage: Stage.TAKE_COVER, text: 'Хімічна небезпека. Зачиніть вікна, не виходьте. / Chemical hazard. Shut windows, stay inside.', cancel: ['Хімічна небезпека минула', 'The hazard is over'] },
  { name: ['Готовність', 'Get ready'], stage: Stage.PREPARE, text: 'Можлива загроза. Підготуйтеся. / Possible threat. Get ready.', cancel: ['Загрози немає', 'No threat'] },
];

export class AlarmsPanel {
  readonly element = h('div', { class: 'panel' });
  private readonly zone = h('select', { id: 'zone' });
  private readonly stage = h('select', { id: 'alarm-stage' }, ...[Stage.PREPARE, Stage.GO, Stage.TAKE_COVER].map(s => h('option', { value: s }, stages[s]!)));
  private readonly words = h('textarea', { id: 'words', rows: 3, maxlength: mostText });
  private readonly left = h('span', { class: 'dim' });
  private readonly fault = h('p', { class: 'dead', role: 'alert', id: 'alarm-fault' });
  private readonly done = h('p', { class: 'good', role: 'status', id: 'alarm-done' });
  private readonly waiting = h('ul', { class: 'proposals', id: 'proposals' });
  private readonly none = h('p', { class: 'dim' });
  private readonly ours = h('ul', { class: 'proposals', id: 'raised' });
  private readonly rows: Rows<AlarmProposal>;
  private readonly raised: Rows<Alert>;
  private readonly confirm = h('dialog', { class: 'confirm', 'aria-labelledby': 'confirm-title' });
  private readonly propose = h('button', { type: 'submit', class: 'main', id: 'propose' }, ['Запропонувати', 'Propose']);
  private heard = 0; // when proposals were last told
  private visible = false;

  constructor(private readonly city: City, exercise: boolean) {
    const own = city.zones.filter(z => z.id === city.city.zone || z.parent === city.city.zone);
    this.zone.append(...own.map(z => h('option', { value: z.id }, [z.uk, z.en])));
    const drill = exercise ? h('button', { type: 'button', id: 'drill', onclick: () => void this.raise() }, ['Навчальна тривога одним', 'Drill by one']) : null;
    const form = h('form', { class: 'card', onsubmit: (e: Event) => { e.preventDefault(); void this.suggest(); } },
      h('h3', {}, ['Запропонувати тривогу', 'Propose an alarm']),
      h('div', { class: 'row templates' }, ...templates.map(t => h('button', { type: 'button', onclick: () => this.use(t) }, t.name))),
      h('div', { class: 'fields' }, h('label', { for: 'zone' }, ['де', 'where']), this.zone, h('label', { for: 'alarm-stage' }, ['ступінь', 'stage']), this.stage),
      h('label', { for: 'words' }, ['Слова, які побачать люди', 'Words that people will see']), this.words, this.left,
      h('div', { class: 'row' }, this.propose, drill));
    this.element.append(form, this.fault, this.done, h('h2', {}, ['Чекають на другу людину', 'Waiting for a second person']), this.none, this.waiting,
      h('h2', {}, ['Тривоги від людей', 'Alarms by people']), this.ours, this.confirm);
    this.rows = new Rows(this.waiting, p => this.makeRow(p), (row, p) => this.fillRow(row, p));
    this.raised = new Rows(this.ours, a => this.makeRaised(a), (row, a) => this.fillRaised(row, a));
    this.words.addEventListener('input', () => put(this.left, `${this.words.value.length}/${mostText}`));
    setInterval(() => void this.ask(), askEveryMs);
  }
  setVisible(visible: boolean) { this.visible = visible; if (visible) void this.ask(); }

  private use(t: (typeof templates)[number]) {
    this.stage.value = String(t.stage);
    this.words.value = t.text;
    this.words.dispatchEvent(new Event('input'));
  }
  private zoneName(id: string) {
    const zone = this.city.zones.find(z => z.id === id);
    return zone ? (isUkrainian() ? zone.uk : zone.en) : id;
  }
  private async run(call: () => Promise<unknown>, good: Pair) {
    put(this.fault, '');
    put(this.done, '');
    try {
      await call();
      put(this.done, say(good));
      await this.ask();
      return true;
    } catch (bad) {
      put(this.fault, wordsFor(bad));
      return false;
    }
  }
  private order() {
    return { requestId: requestId(), operatorName: saidName(), zoneId: this.zone.value, stage: Number(this.stage.value) as Stage, text: this.words.value.trim() };
  }
  private async suggest() {
    if (await this.run(() => alarms.proposeAlarm(this.order()), ['Запропоновано. Ще ніщо не лунає: потрібна друга людина за 120 с.', 'Proposed. Nothing sounds yet: a second person is needed within 120 s.'])) this.words.value = '';
  }
  private async raise() { await this.run(() => alarms.raiseAlarm(this.order()), ['Навчальну тривогу подано.', 'The drill is raised.']); }
  private async cancel(zoneId: string) {
    await this.run(() => alarms.cancelAlarm({ requestId: requestId(), operatorName: saidName(), zoneId }), ['Скасовано. Офіційна тривога, якщо є, лишається.', 'Cancelled. An official alarm, if any, stays.']);
  }

  private async ask() {
    if (!whoAmI() || (!this.visible && performance.now() - this.heard < 5000)) return this.tick();
    try {
      const { proposals } = await alarms.listAlarmProposals({ operatorName: saidName() });
      this.heard = performance.now();
      this.rows.show(proposals, p => p.proposalId);
      put(this.none, proposals.length ? '' : say(['нічого', 'nothing']));
      this.none.className = 'dim';
      this.onCount(proposals.length);
    } catch (bad) {
      this.rows.show([], p => p.proposalId);
      put(this.none, isRefusal(bad) ? wordsFor(bad) : `${say(['Невідомо', 'Unknown'])}: ${wordsFor(bad)}`);
      this.none.className = isRefusal(bad) ? 'dim' : 'dead';
      this.onCount(0);
    }
    this.tick();
  }
  onCount: (waiting: number) => void = () => {};
  private tick() {
    const may = hasRole('alarm_proposer');
    this.propose.disabled = !may;
  }
  show() {
    const people = (store.picture?.alerts ?? []).filter(a => a.threats.some(t => t.issuer === Issuer.CITY_OPERATOR));
    this.raised.show(people, a => a.alertId);
    translate();
  }

  private makeRow(p: AlarmProposal) {
    return h('li', { class: `card s${p.stage}` }, h('p', { class: 'strong what' }), h('blockquote'), h('p', { class: 'dim by' }), h('progress', { max: 120 }),
      h('div', { class: 'row' }, h('button', { type: 'button', class: 'main approve', onclick: () => this.askToApprove(p) }, ['Схвалити…', 'Approve…']),
        h('button', { type: 'button', class: 'withdraw', onclick: () => void this.cancel(p.zoneId) }, ['Відкликати', 'Withdraw'])));
  }
  private fillRow(row: HTMLElement, p: AlarmProposal) {
    const seconds = Number(p.timeLeft?.seconds ?? 0n), mine = p.proposer === whoAmI()?.name;
    put(row.querySelector('.what')!, `${say(stages[p.stage] ?? stages[0]!)} · ${this.zoneName(p.zoneId)}`);
    put(row.querySelector('blockquote')!, p.text);
    put(row.querySelector('.by')!, `${p.proposer}${mine ? ` (${say(['ви', 'you'])})` : ''} · ${seconds} ${say(['с лишилося', 's left'])}`);
    row.querySelector('progress')!.value = seconds;
    const approve = row.querySelector<HTMLButtonElement>('.approve')!;
    approve.disabled = mine || !hasRole('alarm_approver');
    approve.title = mine ? say(['Потрібна друга людина', 'A second person is needed']) : '';
  }
  // The approver signs what is before his eyes, not what a list may have become meanwhile.
  private askToApprove(p: AlarmProposal) {
    const close = () => this.confirm.close();
    this.confirm.replaceChildren(h('h2', { id: 'confirm-title' }, ['Схвалити й подати тривогу?', 'Approve and raise the alarm?']),
      h('p', { class: `strong banner s${p.stage}` }, `${say(stages[p.stage] ?? stages[0]!)} · ${this.zoneName(p.zoneId)}`), h('blockquote', {}, p.text),
      h('p', { class: 'dim' }, `${say(['пропонує', 'proposed by'])} ${p.proposer}`),
      h('div', { class: 'row' }, h('button', { type: 'button', class: 'danger', id: 'approve-now', onclick: () => { close(); void this.approve(p); } }, ['Схвалюю ці слова: подати', 'I approve these words: raise']),
        h('button', { type: 'button', autofocus: true, onclick: close }, ['Ні, назад', 'No, back'])));
    this.confirm.showModal();
  }
  private async approve(p: AlarmProposal) {
    await this.run(() => alarms.approveAlarm({ requestId: requestId(), operatorName: saidName(), proposalId: p.proposalId, zoneId: p.zoneId, stage: p.stage, text: p.text }),
      ['Схвалено: тривогу подано.', 'Approved: the alarm is raised.']);
  }

  private makeRaised(a: Alert) {
    return h('li', { class: 'card' }, h('p', { class: 'strong' }), h('blockquote'), h('button', { type: 'button', class: 'danger cancel', onclick: () => void this.cancel(a.zoneId) }, ['Скасувати', 'Cancel it']));
  }
  private fillRaised(row: HTMLElement, a: Alert) {
    row.className = `card s${a.stage}`;
    put(row.querySelector('.strong')!, `${say(stages[a.stage] ?? stages[0]!)} · ${this.zoneName(a.zoneId)}`);
    put(row.querySelector('blockquote')!, isUkrainian() ? a.bodyUk : a.bodyEn);
    row.querySelector<HTMLButtonElement>('.cancel')!.disabled = !hasRole('alarm_proposer', 'alarm_approver');
  }
}
