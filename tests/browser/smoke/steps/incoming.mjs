// A customer rings; the agent answers; both hear each other at once; digits go both ways; the customer
// hangs up.
import path from 'node:path';

import { level, onset, tone } from '../page/signal.mjs';
import { readWav } from '../wav.mjs';
import { until } from '../wait.mjs';
import { CALLER_TONE, MOST_DELAY, agentHears, farEndHears, hertz, legs, ms } from './common.mjs';

const STEP = 'incoming call';
const CALLER = '5557788';

export async function incoming({ agent, sim, table, shoot, results }) {
  const recording = path.join(results, 'incoming.wav');
  const call = await sim.ring(agent.dn, {
    from: CALLER, play: `tone:${CALLER_TONE}:-15`, record: recording, headers: { 'X-Genesys-Case': '4711 <b>' },
  });
  await agent.control('answer').waitFor({ timeout: 5000 });
  table.add(STEP, 'INVITE to ringing in the page', ms(Date.now() - call.startedAt), '≤ 500 ms', Date.now() - call.startedAt <= 500);
  const shown = await agent.control('caller-number').innerText();
  table.add(STEP, 'caller shown', shown, CALLER, shown === CALLER);
  const facts = await agent.control('call-headers').innerText();
  table.add(STEP, 'attached header, as text', facts.includes('4711 <b>') ? '4711 <b>' : facts, '4711 <b>', facts.includes('4711 <b>'));
  await shoot('ringing');

  await agent.control('answer').click();
  const clicked = await agent.clickedAt('answer');
  await agent.callIs('established');
  const heard = await agent.heardAfter(clicked);
  table.add(STEP, 'answer to sound at the agent', ms(heard - clicked), `≤ ${MOST_DELAY} ms`, heard - clicked <= MOST_DELAY);
  await agentHears(table, STEP, agent, CALLER_TONE);
  await farEndHears(table, STEP, sim, call.id);
  await shoot('in-call');
  await digits({ agent, sim, table, id: call.id });
  await legs(table, STEP, agent, sim, call.id);

  await sim.hangUp(call.id, 'Q.850;cause=16;text="Normal call clearing"');
  await agent.callIsGone();
  table.add(STEP, 'far end hangs up', 'page is idle', 'page is idle');
  await soundAtFarEnd({ sim, table, call, clicked, recording });
}

/** From the click to the first sound of the agent's in the far end's recording. */
async function soundAtFarEnd({ sim, table, call, clicked, recording }) {
  const ended = await sim.call(call.id);
  const { rate, samples } = await readWav(recording);
  const at = onset(samples, rate, 0, -45);
  const firstPacket = call.startedAt + ended.answered_ms + ended.media.first_rtp_in_ms;
  const delay = firstPacket + (at * 1000) / rate - clicked;
  table.add(STEP, 'answer to sound at the far end', at < 0 ? 'none' : ms(delay), `≤ ${MOST_DELAY} ms`, at >= 0 && delay <= MOST_DELAY);
  const second = samples.subarray(at, at + rate);
  const found = tone(second, rate);
  table.add(STEP, 'recording at the far end', `${hertz(found.frequency)}, ${level(second).toFixed(1)} dB`, '700 Hz ±5',
    Math.abs(found.frequency - 700) < 5);
}

async function digits({ agent, sim, table, id }) {
  await agent.press('159#');
  const { media } = await sim.when(id, 'the digits 159#', (call) => call.media.digits === '159#');
  table.add(STEP, 'digits sent', media.digits, '159#');
  await agent.noteDigits();
  await sim.sendDigits(id, '42*');
  const received = await until('digits in the page', () => agent.digits(), (found) => found.length >= 3);
  table.add(STEP, 'digits received', received, '42*', received === '42*');
}
