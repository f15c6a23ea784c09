// scripts/demo --smoke, the browser's part: an agent's working day in a minute, with what was found at
// each step. Reads the stack's description from standard input; exits 0 only if all of it happened.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';

import { Agent } from './agent.mjs';
import { openPage, startBrowser } from './browser.mjs';
import { Sim } from './sim.mjs';
import { AGENT_TONE, PLAYED_LEVEL } from './steps/common.mjs';
import { decline } from './steps/decline.mjs';
import { incoming } from './steps/incoming.mjs';
import { echo, recorder, reload } from './steps/outgoing.mjs';
import { relay } from './steps/relay.mjs';
import { several } from './steps/several.mjs';
import { signIn } from './steps/sign-in.mjs';
import { Table } from './table.mjs';
import { writeTone } from './wav.mjs';

const STEPS = [signIn, incoming, echo, recorder, reload, several, decline, relay];

const stack = JSON.parse(await text(process.stdin));
const { results, url: origin, password } = stack;
await mkdir(results, { recursive: true });

const microphone = path.join(results, 'microphone.wav');
// A sine's RMS lies 3 dB below its peak.
await writeTone(microphone, { frequency: AGENT_TONE, seconds: 1, peak: 10 ** ((PLAYED_LEVEL + 3.01) / 20) });
const browser = await startBrowser({
  directory: stack.directory, authority: path.join(stack.secrets, 'ca.crt'),
  host: stack.host, address: stack.address, microphone,
});

const problems = [];
const table = new Table();
const agent = new Agent(await openPage(browser, origin, problems), { origin, dn: '7001', password });
const relayed = [];
for (const [transport, dn] of [['udp', '7002'], ['tcp', '7003'], ['tls', '7004']]) {
  const page = await openPage(browser, origin, problems, { relayOnly: transport });
  relayed.push({ transport, agent: new Agent(page, { origin, dn, password }) });
}
let shots = 0;
const world = {
  agent, relayed, table, results,
  sim: new Sim(stack.ports.sim_http),
  speech: stack.speech,
  shoot: (name) => agent.page.screenshot({ path: path.join(results, `${++shots}-${name}.png`) }),
};

for (const step of STEPS) {
  try {
    await step(world);
  } catch (error) {
    // A step that broke off leaves the page in an unknown state: those after it would say nothing.
    table.add(step.name, 'broke off', error.message.split('\n')[0], 'to the end', false);
    await world.shoot('broke-off').catch(() => undefined);
    break;
  }
}
table.add('page', 'errors in the console', problems.length ? problems.join(' | ') : 'none', 'none', problems.length === 0);
await browser.close();

console.log(`${table}`);
await writeFile(path.join(results, 'table.txt'), `${table}\n`);
await writeFile(path.join(results, 'table.json'), JSON.stringify(table.rows, null, 1));
console.log(table.failures.length === 0 ? '\nAll of it happened.' : `\n${table.failures.length} missed.`);
process.exitCode = table.failures.length === 0 ? 0 : 1;
