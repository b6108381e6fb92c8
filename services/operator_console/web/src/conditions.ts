// What is true outside for everybody who walks: light, ice, bridges, trains, power. Plans follow it.
import { conditions, requestId, saidName, wasAborted, wordsFor } from './api';
import { h, put, translate } from './dom';
import { LightRule, type Conditions } from './gen/siren/shelters/v1/conditions_pb';
import { hasRole, whoAmI } from './session';
import { noData, say, type Pair } from './words';

const askEveryMs = 5000;
const lights: [LightRule, Pair][] = [[LightRule.AUTO, ['за сонцем', 'by the sun']], [LightRule.DAY, ['день', 'day']], [LightRule.DARK, ['темрява', 'dark']], [LightRule.BLACKOUT, ['без ліхтарів', 'blackout']]];

export class ConditionsCard {
  private readonly light = h('select', { id: 'light' }, ...lights.map(([k, w]) => h('option', { value: k }, w)));
  private readonly ice = h('input', { type: 'checkbox', id: 'ice' });
  private readonly trains = h('input', { type: 'checkbox', id: 'trains' });
  private readonly power = h('input', { type: 'checkbox', id: 'power' });
  private readonly bridges = h('input', { id: 'bridges', placeholder: ['вулиці мостів через кому', 'streets of bridges, by commas'] });
  private readonly save = h('button', { type: 'submit', id: 'save-conditions' }, ['Змінити умови', 'Change conditions']);
  private readonly fault = h('p', { class: 'dead', role: 'alert' });
  private readonly since = h('p', { class: 'dim small' });
  readonly element = h('form', { class: 'card', onsubmit: (e: Event) => { e.preventDefault(); void this.send(); } },
    h('div', { class: 'fields' }, h('label', { for: 'light' }, ['світло', 'light']), this.light, h('label', { for: 'bridges' }, ['закриті мости', 'closed bridges']), this.bridges),
    h('div', { class: 'row' }, h('label', { class: 'check' }, this.ice, ['ожеледь', 'ice']), h('label', { class: 'check' }, this.trains, ['поїзди ходять', 'trains run']),
      h('label', { class: 'check' }, this.power, ['метро зі струмом', 'metro has power']), this.save),
    this.fault, this.since);
  private now: Conditions | null = null;
  private dirty = false;

  constructor() {
    this.element.addEventListener('input', () => { this.dirty = true; });
    setInterval(() => void this.ask(), askEveryMs);
    void this.ask();
  }
  private async ask() {
    if (!whoAmI()) return;
    try {
      const told = (await conditions.getConditions({})).conditions ?? null;
      if (!this.dirty) this.show(told);
    } catch (bad) {
      this.now = null;
      put(this.fault, `${say(noData)}: ${wordsFor(bad)}`);
    }
    this.save.disabled = !this.now || !hasRole('shelter_editor');
  }
  private show(told: Conditions | null) {
    this.now = told;
    this.dirty = false;
    put(this.fault, '');
    if (!told) return;
    this.light.value = String(told.light || LightRule.AUTO);
    [this.ice.checked, this.trains.checked, this.power.checked] = [told.ice, told.trainsRunning, told.metroPower];
    this.bridges.value = told.closedBridges.join(', ');
    put(this.since, told.changedBy ? `${say(['змінено', 'changed by'])}: ${told.changedBy} · ${say(['ревізія', 'revision'])} ${told.revision}` : '');
    translate();
  }
  private async send() {
    if (!this.now) return;
    try {
      const answer = await conditions.setConditions({ requestId: requestId(), operatorName: saidName(), expectedRevision: this.now.revision,
        light: Number(this.light.value), ice: this.ice.checked, trainsRunning: this.trains.checked, metroPower: this.power.checked,
        closedBridges: { names: this.bridges.value.split(',').map(b => b.trim()).filter(Boolean) } });
      this.show(answer.conditions ?? null);
    } catch (bad) {
      const fault = wordsFor(bad);
      if (wasAborted(bad)) {
        this.dirty = false;
        await this.ask();
      }
      put(this.fault, fault);
    }
  }
}
