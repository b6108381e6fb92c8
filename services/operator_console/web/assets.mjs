// Puts the licences of what the page holds beside it, and writes down what dist was made of: tests/style/console_assets compares
// that with what is there now.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const hashOf = file => createHash('sha256').update(readFileSync(file)).digest('hex');
const below = folder => readdirSync(folder, { withFileTypes: true }).flatMap(e =>
  e.name === 'gen' ? [] : e.isDirectory() ? below(`${folder}/${e.name}`) : [`${folder}/${e.name}`]);
// What app.js and maplibre.js are bundled of.
const bundled = Object.entries(JSON.parse(readFileSync('package-lock.json', 'utf8')).packages).filter(([path, of]) => path && !of.dev).map(([path]) => path).sort();
writeFileSync('dist/licences.txt', bundled.map(path => {
  const { name, version, license } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'));
  const file = ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'license', 'LICENCE'].map(f => `${path}/${f}`).find(existsSync);
  return `${name} ${version} (${license})\n\n${file ? readFileSync(file, 'utf8').trim() : ''}\n`;
}).join(`\n${'-'.repeat(80)}\n\n`));

const files = [...below('src'), ...below('public'), ...below('dist').filter(f => !f.endsWith('SOURCES')),
  'index.html', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'buf.gen.yaml', 'assets.mjs'];
writeFileSync('dist/SOURCES', files.sort().map(f => `${hashOf(f)}  ${f}\n`).join(''));
