// Puts the page together. The page's own clock repaints, so a server that hangs is noticed too.
import { askCity, askInstance, type City } from './city';
import { h, put, translate } from './dom';
import { Stage } from './gen/siren/zones/v1/zone_pb';
import { CityMap } from './map';
import { AlarmsPanel } from './panel_alarms';
import { arrivalWords, clockWords, millis, PicturePanel, type Scene } from './panel_picture';
import { RecordPanel } from './panel_record';
import { SheltersPanel } from './panel_shelters';
import { arrivalOf, stagesOf, store } from './picture';
import { wordsFor } from './api';
import { legend } from './legend';
import { resume, whoAmI } from './session';
import { SignIn } from './sign_in';
import './style.css';
import { Tabs } from './tabs';
import { Timeline } from './timeline';
import { TrackLayer } from './tracks';
import { isUkrainian, noData, pictures, say, speak, stages } from './words';

const repaintMs = 500;

function mapIn(box: HTMLElement, city: City) {
  try {
    return new CityMap(box, city);
  } catch (bad) {
    box.append(h('p', { class: 'dead', role: 'alert' }, ['Мапу не намалювати: у браузері немає WebGL.', 'The map can’t be drawn: this browser has no WebGL.']));
    throw bad;
  }
}

async function begin() {
  speak(isUkrainian());
  resume();
  store.begin();
  const [instance, city] = await Promise.all([askInstance(), askCity()]);
  const exercise = instance.world !== 'live';
  document.body.classList.toggle('exercise', exercise);
  document.title = `${exercise ? '[НАВЧАННЯ · EXERCISE] ' : ''}Siren — ${city.city.en}`;

  const sign = new SignIn(instance.sign_in);
  const state = h('span', { id: 'state', class: 'state lost', role: 'status' }), time = h('span', { id: 'time' });
  const language = h('button', { type: 'button', id: 'language', 'aria-label': ['Мова: English', 'Language: українська'] });
  const box = h('div', { id: 'map', class: 'map' }), sky = h('canvas', { class: 'sky', 'aria-hidden': 'true' }), cones = h('canvas', { class: 'sky', 'aria-hidden': 'true' });
  const veilTitle = h('strong'), veilText = h('span'), veil = h('div', { id: 'veil', role: 'alert' }, veilTitle, veilText);
  const banner = h('div', { id: 'past', class: 'past-banner', hidden: true });
  const timeline = new Timeline(() => show());
  const picturePanel = new PicturePanel(city), alarms = new AlarmsPanel(city, exercise), record = new RecordPanel();
  const sheltersPanel = new SheltersPanel(fly => {
    map.showChosen(sheltersPanel.marked);
    if (fly?.position) map.chart.easeTo({ center: [fly.position.longitudeDeg, fly.position.latitudeDeg], zoom: Math.max(14, map.chart.getZoom()), duration: 0 });
  });
  const tabs = new Tabs([
    { id: 'picture', name: ['Обстановка', 'Picture'], panel: picturePanel.element, shown: () => {} },
    { id: 'shelters', name: ['Укриття', 'Shelters'], panel: sheltersPanel.element, shown: () => sheltersPanel.show() },
    { id: 'alarms', name: ['Тривоги', 'Alarms'], panel: alarms.element, shown: () => alarms.show() },
    { id: 'record', name: ['Журнал', 'Record'], panel: record.element, shown: () => record.show() },
  ], id => alarms.setVisible(id === 'alarms'));
  alarms.onCount = waiting => tabs.mark('alarms', waiting);

  document.body.append(
    h('header', {}, h('strong', { class: 'brand' }, 'SIREN'), exercise && h('span', { id: 'world' }, 'НАВЧАННЯ · EXERCISE'),
      h('span', { class: 'city' }, [city.city.uk, city.city.en]), city.generated && h('span', { id: 'generated' }, [city.label.uk, city.label.en]),
      h('span', { class: 'right' }, time, state, language, sign.chip)),
    h('main', {}, h('div', { id: 'stage' }, box, cones, sky, veil, banner,
      h('div', { class: 'tools' }, h('button', { type: 'button', 'aria-label': ['Ближче', 'Closer'], onclick: () => map.chart.zoomIn({ duration: 0 }) }, '+'),
        h('button', { type: 'button', 'aria-label': ['Далі', 'Farther'], onclick: () => map.chart.zoomOut({ duration: 0 }) }, '−'),
        h('button', { type: 'button', onclick: () => map.fitCity() }, ['місто', 'city']), h('button', { type: 'button', onclick: () => map.fitAll() }, ['країна', 'country'])),
      legend()), tabs.element),
    timeline.element, sign.dialog);

  const map = mapIn(box, city);
  map.chart.getCanvas().setAttribute('aria-label', say(['Мапа: стрілки рухають, плюс і мінус масштабують', 'Map: arrows move, plus and minus zoom']));
  await map.ready;
  map.onChoose((ids, more) => {
    tabs.open('shelters');
    sheltersPanel.choose(ids, more);
  });
  const scene = (): Scene => {
    const past = timeline.picture, picture = past ?? (store.fresh ? store.picture : null), known = past ? 'degraded' : store.known;
    return { picture, known, past: past !== null, stages: stagesOf(city, picture, known), worldNow: past ? millis(past.nowTime) : store.worldNow() };
  };
  const tracks = new TrackLayer(map.chart, sky, cones, () => {
    const past = timeline.picture;
    if (past) return { tracks: past.tracks, worldNow: millis(past.nowTime) };
    return { tracks: store.fresh ? store.picture?.tracks ?? [] : [], worldNow: store.worldNow() };
  });

  let newestShelters: 'all' | Set<string> | null = 'all';
  store.onNews(changed => {
    newestShelters = changed === 'all' || newestShelters === 'all' ? 'all' : new Set([...(newestShelters ?? []), ...changed]);
    show();
  });
  function showShelters() {
    if (newestShelters === null || (newestShelters !== 'all' && newestShelters.size === 0)) return;
    if (newestShelters === 'all') map.showShelters(store.shelters.values());
    else map.changeShelters([...newestShelters].map(id => store.shelters.get(id)).filter(s => s !== undefined));
    newestShelters = null;
    map.showChosen(sheltersPanel.marked);
    if (tabs.current === 'shelters') sheltersPanel.show();
  }
  function show() {
    const now = scene(), live = store.known;
    put(state, say(pictures[live]!));
    state.className = `state ${live}`;
    put(time, now.picture ? `${clockWords(now.worldNow, 'Europe/Kyiv')} · ${clockWords(now.worldNow)} UTC` : '');
    put(language, isUkrainian() ? 'EN' : 'УК');
    showVeil();
    timeline.showLive();
    banner.hidden = !now.past;
    if (now.past) put(banner, `${say(['МИНУЛЕ', 'THE PAST'])} ${clockWords(now.worldNow)} UTC — ${say(['укриття показано теперішні', 'shelters are today’s'])}`);
    document.body.classList.toggle('in-past', now.past);
    const arrivals = new Map((now.picture?.alerts ?? []).map(a => [a.zoneId, arrivalWords(arrivalOf(a, now.worldNow))]));
    map.showZones(now.stages, arrivals);
    picturePanel.show(now);
    showShelters();
    if (tabs.current === 'alarms') alarms.show();
  }
  function showVeil() {
    const lost = store.known === 'lost';
    veil.hidden = !lost;
    if (!lost) return;
    put(veilTitle, isUkrainian() ? `${noData[0]} · ${noData[1]}` : `${noData[1]} · ${noData[0]}`);
    put(veilText, !whoAmI() ? say(['Увійдіть, щоб бачити обстановку.', 'Sign in to see the picture.']) : store.refused ? wordsFor(store.refused)
      : store.fresh ? say(['Аналіз мовчить: зони без тривоги — невідомі.', 'The analysis is silent: zones without an alarm are unknown.'])
      : say(['Сторінка не отримує свіжих даних від Siren.', 'The page gets no fresh data from Siren.']));
  }
  language.addEventListener('click', () => {
    speak(!isUkrainian());
    translate();
    newestShelters = 'all';
    sign.show();
    show();
    tabs.refresh();
  });
  translate();
  show();
  setInterval(show, repaintMs);
  if (!whoAmI()) sign.open();
  // For tests: what has been drawn, and when the page could first be used.
  Object.assign(window, { siren: { tracks, store, map, scene, interactiveAt: performance.now(), Stage, stages } });
  document.body.dataset['ready'] = 'yes';
}
void begin();
