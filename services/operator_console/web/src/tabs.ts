import { h, put } from './dom';
import type { Pair } from './words';

interface Tab { id: string; name: Pair; panel: HTMLElement; shown: () => void }

// Panels beside the map. Arrow keys move between tabs, Alt and a digit opens one from anywhere.
export class Tabs {
  current: string;
  private readonly buttons = new Map<string, HTMLButtonElement>();
  readonly element: HTMLElement;
  constructor(private readonly tabs: Tab[], private readonly changed: (id: string) => void) {
    this.current = tabs[0]!.id;
    for (const { id, name, panel } of tabs) {
      const mark = h('em', { class: 'mark', hidden: true });
      this.buttons.set(id, h('button', { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}`, onclick: () => this.open(id) }, name, mark));
      panel.id = `panel-${id}`;
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', `tab-${id}`);
    }
    const list = h('div', { role: 'tablist', class: 'tabs' }, ...this.buttons.values());
    list.addEventListener('keydown', e => {
      const step = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
      if (!step) return;
      const at = tabs.findIndex(t => t.id === this.current), next = tabs[(at + step + tabs.length) % tabs.length]!;
      this.open(next.id);
      this.buttons.get(next.id)!.focus();
      e.preventDefault();
    });
    document.addEventListener('keydown', e => {
      const next = e.altKey ? tabs[Number(e.key) - 1] : undefined;
      if (next) { this.open(next.id); e.preventDefault(); }
    });
    this.element = h('aside', {}, list, ...tabs.map(t => t.panel));
    this.open(this.current);
  }
  open(id: string) {
    this.current = id;
    for (const tab of this.tabs) {
      const on = tab.id === id, button = this.buttons.get(tab.id)!;
      tab.panel.hidden = !on;
      button.setAttribute('aria-selected', String(on));
      button.tabIndex = on ? 0 : -1;
      if (on) tab.shown();
    }
    this.changed(id);
  }
  refresh() { this.tabs.find(t => t.id === this.current)?.shown(); }
  // A number beside a tab's name: something waits there.
  mark(id: string, count: number) {
    const mark = this.buttons.get(id)!.querySelector<HTMLElement>('.mark')!;
    mark.hidden = count === 0;
    put(mark, String(count));
  }
}
