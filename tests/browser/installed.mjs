// Says in one line what is missing, where the tests themselves would fail with a stack of modules.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const html = process.argv[2];
const packages = ['playwright-core', 'typescript', 'ws'];
const missing = packages.filter((name) => !existsSync(join(html, 'node_modules', name, 'package.json')));
if (missing.length > 0) {
  console.error(`html/node_modules lacks ${missing.join(', ')}: run npm ci --prefix html (scripts/test does)`);
}
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(chromium)) console.error(`${chromium} is missing: install Debian's chromium, or set CHROMIUM`);
process.exit(missing.length > 0 || !existsSync(chromium) ? 1 : 0);
