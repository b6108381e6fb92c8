// A whole Siren of the demo's, with its raid and its city, as processes of its own.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function until(what, within, every = 100) {
  const end = Date.now() + within;
  for (;;) {
    const got = await what();
    if (got) return got;
    if (Date.now() > end) throw new Error(`did not come within ${within} ms: ${what}`);
    await new Promise(resolve => setTimeout(resolve, every));
  }
}

export async function startInstance({ programs, root, city, raid, speed, phones }) {
  const data = mkdtempSync(join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), 'siren-browser-'));
  const demo = spawn(join(programs, 'siren_demo'), ['--programs', programs, '--migrations', join(root, 'migrations'), '--raid', raid, '--city', city,
    '--data', data, '--phones', String(phones), '--speed', String(speed), '--minutes', '30', '--headless', '--keep'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', text => { said += text; });
  const walkers = [];
  const file = name => (existsSync(join(data, name)) ? readFileSync(join(data, name), 'utf8').trim() : '');
  const stop = async () => {
    const ended = demo.exitCode !== null ? Promise.resolve() : new Promise(resolve => demo.once('exit', resolve));
    for (const walker of walkers) walker.kill('SIGTERM');
    demo.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await until(() => {
      if (demo.exitCode !== null) throw new Error(`the demo ended:\n${said}`);
      return said.includes('the raid begins');
    }, 120_000);
  } catch (bad) {
    await stop();
    throw new Error(`${bad.message}\n${said}`);
  }
  return {
    data, stop,
    console: /^operator_console = "(.*)"$/m.exec(file('instance.toml'))[1],
    token: person => file(`${person}.token`),
    said: () => said,
    // Somebody on the street with a phone, and what it told last: where to go, and since when.
    walker(lat, lon) {
      const phone = spawn(join(programs, 'siren'), ['--instance', join(data, 'instance.toml'), 'watch', '--lat', String(lat), '--lon', String(lon), '--json'],
        { stdio: ['ignore', 'pipe', 'ignore'] });
      walkers.push(phone);
      const told = { to: '', since: 0, leave: () => phone.kill('SIGTERM') };
      let rest = '';
      phone.stdout.setEncoding('utf8').on('data', text => {
        const lines = (rest + text).split('\n');
        rest = lines.pop();
        for (const { event, guidance } of lines.filter(Boolean).map(line => JSON.parse(line))) {
          if (event !== 'guidance') continue;
          const to = guidance.destination?.shelter_id ?? '';
          if (to !== told.to) Object.assign(told, { to, since: performance.now() });
        }
      });
      return told;
    },
    // One of the demo's own children, by its program's name.
    pidOf: name => Number(readdirSync('/proc').filter(p => /^\d+$/.test(p)).find(pid => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === demo.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(name);
      } catch {
        return false;
      }
    })),
  };
}
