// A strip of the raid so far: the city's stage as colour and hatch, tracks as height. Moving along it looks back; LIVE returns.
import { console_ } from './api';
import { h, put } from './dom';
import type { Moment, Picture } from './gen/siren/console/v1/console_service_pb';
import { PictureState } from './gen/siren/alerts/v1/alert_service_pb';
import { stageColour } from './looks';
import { clockWords, millis } from './panel_picture';
import { store } from './picture';
import { Stage } from './gen/siren/zones/v1/zone_pb';
import { say } from './words';

const askEveryMs = 4000, playEveryMs = 250;

export class Timeline {
  private moments: Moment[] = [];
  private past: Picture | null = null;
  private playing: ReturnType<typeof setInterval> | null = null;
  private asked = 0;
  private readonly strip = h('canvas', { 'aria-hidden': 'true' });
  private readonly slider = h('input', { type: 'range', id: 'timeline', min: 0, max: 0, value: 0, step: 1, 'aria-label': ['Повернутися в часі', 'Look back in time'] });
  private readonly label = h('output', { for: 'timeline' });
  private readonly play = h('button', { type: 'button', id: 'play', 'aria-label': ['Програти', 'Play'], onclick: () => this.togglePlay() }, '▶');
  private readonly live = h('button', { type: 'button', id: 'live', class: 'live', onclick: () => this.goLive() }, ['● НАЖИВО', '● LIVE']);
  readonly element = h('section', { class: 'timeline', 'aria-label': ['Хронологія нальоту', 'The raid in time'] },
    this.play, h('div', { class: 'strip' }, this.strip, this.slider), this.label, this.live);

  constructor(private readonly changed: () => void) {
    this.slider.addEventListener('input', () => void this.look(Number(this.slider.value)));
    new ResizeObserver(() => this.draw()).observe(this.strip);
    setInterval(() => void this.ask(), askEveryMs);
    void this.ask();
  }
  // Null: what is now.
  get picture() { return this.past; }

  private async ask() {
    if (!store.fresh) return;
    try {
      const newest = () => this.moments.at(-1)?.number ?? 0n, more = await console_.listMoments({ afterNumber: newest() });
      const after = newest(); // of now: a slow answer may come after the next one
      this.moments = this.moments.filter(m => m.number >= more.keptFromNumber).concat(more.moments.filter(m => m.number > after));
      this.slider.max = String(Math.max(0, this.moments.length - 1));
      if (!this.past) this.slider.value = this.slider.max;
      this.draw();
    } catch { /* shown as lost elsewhere */ }
  }
  private async look(index: number) {
    if (index >= this.moments.length - 1) return this.goLive();
    const mine = ++this.asked, moment = this.moments[index];
    if (!moment) return;
    try {
      const { picture } = await console_.getMoment({ number: moment.number });
      if (mine !== this.asked || !picture) return;
      this.past = picture;
    } catch {
      this.moments.splice(index, 1); // kept no more
      return;
    }
    this.draw();
    this.changed();
  }
  goLive() {
    ++this.asked;
    this.past = null;
    this.stop();
    this.slider.value = this.slider.max;
    this.draw();
    this.changed();
  }
  private stop() {
    if (this.playing) clearInterval(this.playing);
    this.playing = null;
    put(this.play, '▶');
  }
  private togglePlay() {
    if (this.playing) return this.stop();
    if (!this.past) this.slider.value = '0';
    put(this.play, '❚❚');
    this.playing = setInterval(() => {
      this.slider.value = String(Number(this.slider.value) + 1);
      void this.look(Number(this.slider.value));
    }, playEveryMs);
  }

  // Never green while nothing is known to be current.
  showLive() {
    const lost = store.known === 'lost';
    this.live.classList.toggle('on', !this.past && !lost);
    this.live.hidden = !this.past && lost;
  }
  // When the strip begins and how many tracks its highest bar stands for.
  private drawScale(pen: CanvasRenderingContext2D, most: number, height: number) {
    const first = this.moments[0];
    if (!first) return;
    pen.font = '11px system-ui, "DejaVu Sans", sans-serif';
    pen.lineWidth = 3;
    pen.strokeStyle = '#0b1016';
    pen.fillStyle = '#cbd5e0';
    [`${clockWords(millis(first.nowTime)).slice(0, 5)} UTC`, `${say(['щонайбільше цілей', 'most tracks'])} ${most}`].forEach((words, i) => {
      pen.strokeText(words, 6 + i * 72, height - 20);
      pen.fillText(words, 6 + i * 72, height - 20);
    });
  }
  private draw() {
    const ratio = 2, width = this.strip.clientWidth, height = this.strip.clientHeight, pen = this.strip.getContext('2d')!;
    [this.strip.width, this.strip.height] = [width * ratio, height * ratio];
    pen.scale(ratio, ratio);
    const most = Math.max(1, ...this.moments.map(m => m.tracks)), each = width / Math.max(1, this.moments.length);
    this.moments.forEach((m, i) => {
      const unknown = m.state !== PictureState.LIVE && m.state !== PictureState.DEGRADED && m.stage <= Stage.ALL_CLEAR;
      pen.fillStyle = unknown ? '#3a4452' : m.stage <= Stage.ALL_CLEAR ? '#1f3a33' : stageColour[m.stage]!;
      const tall = m.stage === Stage.TAKE_COVER ? 12 : m.stage === Stage.GO ? 9 : m.stage === Stage.PREPARE ? 6 : 3;
      pen.fillRect(i * each, height - tall, Math.max(1, each + 0.5), tall);
      pen.fillStyle = 'rgba(255,159,208,.75)';
      const up = (m.tracks / most) * (height - 16);
      pen.fillRect(i * each, height - 14 - up, Math.max(1, each + 0.5), up);
    });
    this.drawScale(pen, most, height);
    const at = this.moments[Number(this.slider.value)];
    put(this.label, this.past ? `${clockWords(millis(this.past.nowTime))} UTC` : at ? say(['зараз', 'now']) : '');
    this.element.classList.toggle('past', Boolean(this.past));
    this.showLive();
  }
}
