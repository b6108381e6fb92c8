// The record: who did what and what was told to whom, newest first, each row chained to the one before.
import { console_, wordsFor } from './api';
import { h, put } from './dom';
import type { RecordRow } from './gen/siren/console/v1/console_service_pb';
import { millis } from './picture';
import { say, type Pair } from './words';

const chains: [string, Pair][] = [['orders', ['накази', 'orders']], ['shelters', ['укриття', 'shelters']], ['alerts', ['тривоги', 'alerts']]];
const page = 100;

export class RecordPanel {
  readonly element = h('div', { class: 'panel' });
  private readonly chain = h('select', { id: 'chain', 'aria-label': ['Ланцюг', 'Chain'] }, ...chains.map(([id, words]) => h('option', { value: id }, words)));
  private readonly head = h('p', { class: 'dim small' });
  private readonly fault = h('p', { class: 'dead', role: 'alert' });
  private readonly rows = h('tbody', { id: 'record' });
  private readonly more = h('button', { type: 'button', id: 'more', onclick: () => void this.ask(this.oldest) }, ['Раніше…', 'Earlier…']);
  private oldest = 0n;

  constructor() {
    this.element.append(h('div', { class: 'row' }, this.chain, h('button', { type: 'button', id: 'refresh', onclick: () => void this.ask(0n) }, ['Оновити', 'Refresh'])),
      this.head, this.fault,
      h('table', { class: 'grid record' }, h('thead', {}, h('tr', {}, h('th', {}, '№'), h('th', {}, ['коли (UTC)', 'when (UTC)']), h('th', {}, ['хто', 'who']), h('th', {}, ['що', 'what']), h('th', {}, ['ланка', 'link']))), this.rows),
      this.more);
    this.chain.addEventListener('change', () => void this.ask(0n));
  }
  show() { void this.ask(0n); }

  private async ask(before: bigint) {
    put(this.fault, '');
    try {
      const told = await console_.listRecord({ chain: this.chain.value, beforePlace: before, pageSize: page });
      const broken = told.rows.filter(r => !r.linked).length;
      put(this.head, told.headPlace ? `${say(['рядків', 'rows'])} ${told.headPlace} · ${say(['голова', 'head'])} ${told.headHash}` : say(['ще нічого не записано', 'nothing recorded yet']));
      if (broken) put(this.fault, say(['ЛАНЦЮГ РОЗІРВАНО: запис змінено', 'THE CHAIN IS BROKEN: the record was changed']));
      const rows = told.rows.map(r => this.row(r));
      if (before === 0n) this.rows.replaceChildren(...rows);
      else this.rows.append(...rows);
      this.oldest = told.rows.at(-1)?.place ?? 1n;
      this.more.hidden = this.oldest <= 1n;
    } catch (bad) {
      put(this.fault, wordsFor(bad));
      if (before === 0n) this.rows.replaceChildren();
      put(this.head, '');
      this.more.hidden = true;
    }
  }
  private row(r: RecordRow) {
    const when = new Date(millis(r.actedTime)).toISOString().replace('T', ' ').slice(0, 19);
    return h('tr', { class: r.linked ? '' : 'dead', title: `${r.hash}${r.traceId ? `\ntrace ${r.traceId}` : ''}` },
      h('td', {}, String(r.place)), h('td', {}, when), h('td', {}, r.actor),
      h('td', {}, h('b', {}, r.act), ` ${r.subject} `, h('span', { class: 'dim' }, r.detail), r.alert ? h('span', { class: 'dim' }, ` [${r.alert.epoch}/${r.alert.seq}]`) : null),
      h('td', {}, h('span', { title: r.hash, class: r.linked ? 'good' : 'dead' }, `${r.linked ? '✓' : '✗'} ${r.hash.slice(0, 8)}`)));
  }
}
