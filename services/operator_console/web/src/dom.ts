// Elements in a line, and words that follow the language.
import { say, type Pair } from './words';

type Child = Node | string | Pair | null | undefined | false;
type Props = Record<string, unknown>;

const isPair = (child: unknown): child is Pair => Array.isArray(child) && child.length === 2 && typeof child[0] === 'string';

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value as EventListener);
    else if (isPair(value)) word(element, value, key);
    else if (key === 'class') element.className = String(value);
    else if (value === true) element.setAttribute(key, '');
    else element.setAttribute(key, String(value));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(isPair(child) ? word(document.createElement('span'), child) : child);
  }
  return element;
}

// `attribute` absent: the text itself.
export function word<T extends Element>(element: T, pair: Pair, attribute?: string): T {
  const suffix = attribute ? `-${attribute}` : '';
  element.setAttribute(`data-uk${suffix}`, pair[0]);
  element.setAttribute(`data-en${suffix}`, pair[1]);
  if (attribute) element.setAttribute(attribute, say(pair));
  else element.textContent = say(pair);
  return element;
}

const attributes = ['', 'aria-label', 'title', 'placeholder', 'label'];
export function translate() {
  for (const attribute of attributes) {
    const suffix = attribute ? `-${attribute}` : '';
    for (const element of document.querySelectorAll(`[data-uk${suffix}]`)) {
      const text = say([element.getAttribute(`data-uk${suffix}`)!, element.getAttribute(`data-en${suffix}`)!]);
      if (attribute) element.setAttribute(attribute, text);
      else if (element.textContent !== text) element.textContent = text;
    }
  }
}

export function put(element: Element, text: string) {
  if (element.textContent !== text) element.textContent = text;
}

// Keeps the elements of a list by key, so that focus and selection outlive a refresh.
export class Rows<T> {
  private readonly kept = new Map<string, HTMLElement>();
  constructor(
    private readonly into: HTMLElement,
    private readonly make: (item: T) => HTMLElement,
    private readonly fill: (row: HTMLElement, item: T) => void,
  ) {}
  show(items: readonly T[], keyOf: (item: T) => string) {
    const here = new Set(items.map(keyOf));
    for (const [key, row] of this.kept)
      if (!here.has(key)) {
        row.remove();
        this.kept.delete(key);
      }
    items.forEach((item, i) => {
      const key = keyOf(item);
      let row = this.kept.get(key);
      if (!row) this.kept.set(key, (row = this.make(item)));
      this.fill(row, item);
      if (this.into.children[i] !== row) this.into.insertBefore(row, this.into.children[i] ?? null);
    });
  }
}
