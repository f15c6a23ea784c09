// The agent dials the stand-in's service numbers: echo, recorder, and speech with a reload in mid-call.

import { listen } from '../browser.mjs';
import { envelope, likeness, tone } from '../page/signal.mjs';
import { readWav } from '../wav.mjs';
import { AGENT_TONE, agentHears, farEndHears, hertz, legs, ms } from './common.mjs';

const ECHO = '9001';
const SPEECH = '9002';
const RECORDER = '9003';
const LIKE_SPEECH = 0.8;

/** Dials, and waits for the answer; the SIP side's id of the call. */
async function dial({ agent, sim, table }, step, number) {
  const known = await sim.callIds();
  await agent.dial(number);
  await agent.callIs('established');
  const taken = Date.now() - await agent.clickedAt('dial');
  table.add(step, 'click to answered', ms(taken), '≤ 1000 ms', taken <= 1000);
  return sim.newCall(known);
}

async function hangUp({ agent, sim, table }, step, id) {
  await agent.control('hang-up').click();
  await agent.callIsGone();
  const { ended } = await sim.when(id, 'the end of the call', (call) => call.state === 'ended');
  table.add(step, 'agent hangs up', `BYE by ${ended.by}`, 'BYE by phone', ended.by === 'phone');
}

export async function echo(world) {
  const step = 'call to the echo';
  const id = await dial(world, step, ECHO);
  await farEndHears(world.table, step, world.sim, id);
  await agentHears(world.table, step, world.agent, AGENT_TONE);
  await legs(world.table, step, world.agent, world.sim, id);
  await hangUp(world, step, id);
}

export async function recorder(world) {
  const step = 'call to the recorder';
  const id = await dial(world, step, RECORDER);
  const media = await farEndHears(world.table, step, world.sim, id);
  await hangUp(world, step, id);
  const { rate, samples } = await readWav(media.recording);
  const found = tone(samples.subarray(Math.max(0, samples.length - rate), samples.length), rate);
  world.table.add(step, 'recording', `${(samples.length / rate).toFixed(1)} s of ${hertz(found.frequency)}, purity ${found.purity.toFixed(2)}`,
    `≥ 1 s of ${AGENT_TONE} Hz ±5`, samples.length >= rate && Math.abs(found.frequency - AGENT_TONE) < 5 && found.purity > 0.9);
}

/** Three seconds of what the agent hears, held against the file that the speech number plays. */
async function hearsSpeech({ agent, table, speech }, step) {
  const { rate, samples } = await readWav(speech);
  const heard = Float32Array.from(await listen(agent.page, 'record', 3000), (value) => value / 32767);
  const found = likeness(envelope(heard, 8000), envelope(samples, rate));
  table.add(step, 'agent hears the speech', `likeness ${found.toFixed(2)}`, `≥ ${LIKE_SPEECH}`, found >= LIKE_SPEECH);
}

export async function reload(world) {
  const step = 'reload in mid-call';
  const { agent, sim, table, shoot } = world;
  const id = await dial(world, step, SPEECH);
  await hearsSpeech(world, step);
  const reloaded = Date.now();
  await agent.page.reload();
  await agent.callIs('established');
  const heard = await agent.heardAfter(reloaded, 10);
  table.add(step, 'reload to sound at the agent', ms(heard - reloaded), '≤ 3000 ms', heard - reloaded <= 3000);
  await farEndHears(table, step, sim, id);
  await hearsSpeech(world, step);
  const { state } = await sim.call(id);
  table.add(step, 'the same call at the far end', state, 'answered', state === 'answered');
  await shoot('after-reload');
  await hangUp(world, step, id);
}

