// Agents at their browsers: pages of the demo in one Chromium, driven by commands, a line of JSON each on
// standard input; each is answered by a line on standard output. Ends with its input.
import path from 'node:path';
import { createInterface } from 'node:readline';

import { Agent } from '../browser/smoke/agent.mjs';
import { openPage, startBrowser } from '../browser/smoke/browser.mjs';
import { writeTone } from '../browser/smoke/wav.mjs';

const pages = new Map();
let browser;
let stack;

/** Notes in the page when what changes with its sign-in, its PeerConnection and its calls. */
const keepDiary = () => {
  const diary = [];
  const note = (what, value) => diary.push({ at: performance.timeOrigin + performance.now(), what, value });
  globalThis.smoke.diary = diary;
  globalThis.phone.on('state', ({ state }) => note('state', state));
  globalThis.phone.on('media', (state) => note('media', state));
  globalThis.phone.on('call', ({ id, state }) => note('call', `${id} ${state}`));
};

const inPage = (page, method) =>
  page.evaluate(async (name) => (await import('/smoke/presence.mjs'))[name](), method);

const commands = {
  async start(task) {
    stack = task;
    const microphone = path.join(stack.directory, 'microphone.wav');
    // A sine's RMS lies 3 dB below its peak.
    await writeTone(microphone, { frequency: stack.tone, seconds: 1, peak: 10 ** ((stack.level + 3.01) / 20) });
    browser = await startBrowser({ ...stack, microphone });
  },

  async open({ dn, token, relayOnly }) {
    const page = await openPage(browser, stack.origin, [], { relayOnly });
    const agent = new Agent(page, { origin: stack.origin, dn, password: token });
    pages.set(dn, agent);
    await agent.open();
    await agent.signIn();
    await page.locator('[data-testid=media-state][data-state=connected]').waitFor({ timeout: 10_000 });
    await page.evaluate(keepDiary);
    await inPage(page, 'watch');
    return page.evaluate(() => globalThis.smoke.localCandidate());
  },

  async answer({ dn }) {
    await pages.get(dn).control('answer').click();
    await pages.get(dn).callIs('established');
  },

  diary: ({ dn }) => pages.get(dn).page.evaluate(() => globalThis.smoke.diary),
  heard: ({ dn }) => inPage(pages.get(dn).page, 'heard'),
  stats: ({ dn }) => pages.get(dn).stats(),
};

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, command, ...given } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ id, result: (await commands[command](given)) ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ id, error: error.message }));
  }
}).on('close', async () => {
  await browser?.close();
  process.exit(0);
});
