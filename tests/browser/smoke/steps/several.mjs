// Two customers and one agent: hold and retrieve, a second call, all three in one conversation.
import { CALLER_TONE, agentHears, decibel, farEndHears, hertz, isLevel } from './common.mjs';

const STEP = 'two calls';
const SECOND_TONE = 1490; // Hz
const SILENCE = -45; // dB: what is no more than comfort noise

async function silent({ sim, table }, what, id) {
  const { media } = await sim.when(id, 'nothing but comfort noise', (call) => call.media.level_dbfs < SILENCE);
  table.add(STEP, what, decibel(media.level_dbfs), `< ${SILENCE} dB`, media.level_dbfs < SILENCE);
}

async function answerNext({ agent, sim }, from, tone) {
  const call = await sim.ring(agent.dn, { from, play: `tone:${tone}:-15` });
  await agent.control('answer').click();
  await agent.callIs('established');
  await sim.when(call.id, 'the answer', ({ state }) => state === 'answered');
  return call.id;
}

export async function several(world) {
  const { agent, sim, table, shoot } = world;
  const first = await answerNext(world, '5550001', CALLER_TONE);
  await agent.control('hold').click();
  await agent.control('retrieve').waitFor();
  await silent(world, 'held far end hears', first);
  await agent.control('retrieve').click();
  await agent.callIs('established');
  await farEndHears(table, `${STEP}, retrieved`, sim, first);
  await agentHears(table, `${STEP}, retrieved`, agent, CALLER_TONE);

  const second = await answerNext(world, '5550002', SECOND_TONE);
  await agentHears(table, `${STEP}, the second`, agent, SECOND_TONE);
  await farEndHears(table, `${STEP}, the second`, sim, second);
  await silent(world, 'the first, held by itself, hears', first);
  await shoot('one-held');
  await merge(world, first, second);
  await sim.hangUp(first);
  await sim.hangUp(second);
  await agent.callIsGone();
}

/** Of two tones the louder one is named: one of the three is louder at a time, or silent. */
async function merge({ agent, sim, table, shoot }, first, second) {
  await agent.control('merge').click();
  await agent.control('held').waitFor({ state: 'hidden' });
  await sim.play(second, 'silence');
  await agentHears(table, `${STEP}, merged`, agent, CALLER_TONE);
  await farEndHears(table, `${STEP}, merged`, sim, first);
  await sim.play(first, `tone:${CALLER_TONE}:-6`);
  const media = await sim.hears(second, CALLER_TONE);
  table.add(`${STEP}, merged`, 'the second hears the first', hertz(media.frequency_hz), `${CALLER_TONE} Hz ±5`);
  await sim.play(first, 'silence');
  const { media: quiet } = await sim.when(second, 'the agent alone', (call) => isLevel(call.media.level_dbfs));
  table.add(`${STEP}, merged`, 'the second hears the agent', `${hertz(quiet.frequency_hz)}, ${decibel(quiet.level_dbfs)}`,
    '700 Hz ±5', Math.abs(quiet.frequency_hz - 700) < 5);
  await shoot('merged');
}
