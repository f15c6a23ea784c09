// Headless Chromium as an agent's browser: it trusts the stack's own CA, hears a tone in its
// microphone, and resolves no name but the stack's.
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const require = createRequire(new URL('../../../html/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const HERE = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);

/** A scratch home whose certificate store holds the stack's CA. */
async function makeHome(directory, authority) {
  const store = path.join(directory, '.pki', 'nssdb');
  await mkdir(store, { recursive: true });
  await run('certutil', ['-d', `sql:${store}`, '-N', '--empty-password']);
  await run('certutil', ['-d', `sql:${store}`, '-A', '-t', 'C,,', '-n', 'stack', '-i', authority]);
  return directory;
}

/**
 * @param {{directory: string, authority: string, host: string, address: string, microphone: string}} stack
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function startBrowser({ directory, authority, host, address, microphone }) {
  const home = await makeHome(path.join(directory, 'home'), authority);
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    env: { ...process.env, HOME: home },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
      '--disable-background-networking', '--disable-component-update',
      '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone}`,
      '--autoplay-policy=no-user-gesture-required',
      `--host-resolver-rules=MAP ${host} ${address}, MAP * ~NOTFOUND, EXCLUDE ${address}`],
  });
}

/**
 * A page that carries our ear. `problems` fills with what the browser complains of: errors in the
 * console (a Content-Security-Policy violation is one), uncaught exceptions, requests to elsewhere.
 * With `relayOnly` its PeerConnections may use nothing but TURN, over "udp", "tcp" or "tls".
 */
export async function openPage(browser, origin, problems, { relayOnly = '' } = {}) {
  const context = await browser.newContext({ permissions: ['microphone'], viewport: { width: 1280, height: 800 } });
  await context.addInitScript((only) => { globalThis.smokeRelayOnly = only; }, relayOnly);
  await context.addInitScript({ path: path.join(HERE, 'page', 'before-page.js') });
  await context.route('**/smoke/*', servePageFile);
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && problems.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin) {
      problems.push(`request to another host: ${request.url()}`);
    }
  });
  return page;
}

/** Our own modules as if nginx served them: the page's policy lets nothing else in. */
async function servePageFile(route) {
  const name = path.basename(new URL(route.request().url()).pathname);
  const body = await readFile(path.join(HERE, 'page', name));
  await route.fulfill({ body, contentType: 'text/javascript' });
}

/** Calls a method of the ear in the page. */
export function listen(page, method, ...given) {
  return page.evaluate(async ([name, values]) => {
    const { ear } = await import('/smoke/ear.mjs');
    return (await ear())[name](...values);
  }, [method, given]);
}
