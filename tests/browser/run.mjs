// The console in a real browser, over a real Siren with a raid: what duty officers do, step by step. Screenshots and figures are
// kept in --out. Exit status 0: every step and every measure is as promised.
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { startInstance, until } from './instance.mjs';
import { steps } from './steps.mjs';

const args = Object.fromEntries(process.argv.slice(2).map((a, i, all) => (a.startsWith('--') ? [a.slice(2), all[i + 1]] : null)).filter(Boolean));
const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
const out = resolve(args.out ?? `${root}/build/browser`);
const speed = 6; // world seconds a second: the raid is over the city in some minutes

mkdirSync(out, { recursive: true });
const siren = await startInstance({ programs: resolve(args.programs), root, city: resolve(args.city), raid: `${root}/tests/browser/raid.csv`, speed, phones: 200 });
console.log(`console  http://${siren.console}/   logs ${siren.data}`);
const browser = await chromium.launch({ handleSIGINT: false, handleSIGTERM: false, executablePath: args.chromium ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic', '--disable-gpu-compositing', '--disable-accelerated-2d-canvas', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] });

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, async () => {
  await siren.stop();
  process.exit(130);
});
// Several windows share this machine's processors with a whole Siren: each draws some ten frames a second, and all it can while it is
// being measured.
function unhurried() {
  const ask = window.requestAnimationFrame.bind(window), drop = window.cancelAnimationFrame.bind(window), far = 1e9;
  window.frameEveryMs = 90;
  window.requestAnimationFrame = draw => (window.frameEveryMs ? far + setTimeout(() => ask(draw), window.frameEveryMs) : ask(draw));
  window.cancelAnimationFrame = id => (id > far ? clearTimeout(id - far) : drop(id));
  localStorage.setItem('language', localStorage.getItem('language') ?? 'en');
}

const report = { steps: [], figures: {}, errors: [] };
const pages = new Map();
const world = {
  siren, until, report,
  // A window of its own for each person, with their link of the demo's.
  async as(person, { link = true } = {}) {
    if (pages.has(person)) return pages.get(person);
    const context = await browser.newContext({ viewport: { width: 1366, height: 800 }, locale: 'uk-UA' });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on('pageerror', bad => report.errors.push(`${person}: ${bad.message}`));
    page.on('console', said => { if (said.type() === 'error' && !/Failed to load resource|net::ERR/.test(said.text())) report.errors.push(`${person}: ${said.text()}`); });
    page.on('request', asked => { if (!asked.url().startsWith(`http://${siren.console}/`) && !/^(blob|data):/.test(asked.url())) report.errors.push(`asked elsewhere: ${asked.url()}`); });
    await page.addInitScript(unhurried);
    await page.goto(`http://${siren.console}/${link ? `#token=${siren.token(person)}` : ''}`);
    await page.waitForSelector('body[data-ready]');
    pages.set(person, page);
    return page;
  },
  async leave(person) {
    await pages.get(person)?.context().close();
    pages.delete(person);
  },
  async picture(page, name) { await page.screenshot({ path: `${out}/${name}.png` }); },
  // Without a promise: only told.
  figure(name, value, promised = '', good = true) {
    report.figures[name] = { value, promised, good };
    console.log(`         ${name} ${value}${promised && ` (promised ${promised})`}${good ? '' : '   MISSED'}`);
  },
};

let failed = 0;
try {
  for (const { name, run } of steps) {
    if (args.only && !new RegExp(args.only).test(name)) continue;
    const begun = performance.now();
    let fault = '';
    try {
      await run(world);
    } catch (bad) {
      fault = bad.stack ?? String(bad);
      ++failed;
      for (const [person, page] of pages) await page.screenshot({ path: `${out}/failed-${report.steps.length}-${person}.png` }).catch(() => {});
    }
    report.steps.push({ name, seconds: (performance.now() - begun) / 1000, fault });
    console.log(`${fault ? 'FAILED ' : 'ok     '} ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)${fault ? `\n${fault}` : ''}`);
  }
} finally {
  await browser.close();
  await siren.stop();
}
for (const each of new Set(report.errors)) console.log(`ERROR    ${each}`);
const missed = Object.values(report.figures).filter(f => !f.good).length;
writeFileSync(`${out}/report.json`, JSON.stringify(report, null, 1));
console.log(`${report.steps.length - failed} of ${report.steps.length} steps, ${missed} figures missed, ${report.errors.length} errors of the page; pictures in ${out}`);
process.exit(failed || missed || report.errors.length ? 1 : 0);
