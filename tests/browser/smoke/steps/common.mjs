// What several steps measure alike.

/** The tones of this test, Hz: none is a harmonic of another, of 50 or of 60. */
export const AGENT_TONE = 700;
export const CALLER_TONE = 1130;

/** dB: what both ends play, by the measure of page/signal.mjs and of the stand-in. */
export const PLAYED_LEVEL = -15;
export const LEVEL_TOLERANCE = 3;

/** ms from the agent's click to sound, on a PeerConnection that stands. */
export const MOST_DELAY = 100;

export const isTone = (found, frequency) =>
  Math.abs(found.frequency - frequency) < 5 && found.purity > 0.9;
export const isLevel = (level) => Math.abs(level - PLAYED_LEVEL) <= LEVEL_TOLERANCE;

export const hertz = (value) => `${Math.round(value)} Hz`;
export const decibel = (value) => `${value.toFixed(1)} dB`;
export const ms = (value) => `${Math.round(value)} ms`;

/** The agent hears `frequency`, clean and as loud as it was played. */
export async function agentHears(table, step, agent, frequency, level = isLevel) {
  const found = await agent.hears();
  table.add(step, 'agent hears', `${hertz(found.frequency)}, ${decibel(found.level)}, purity ${found.purity.toFixed(2)}`,
    `${frequency} Hz ±5, ${PLAYED_LEVEL} dB ±${LEVEL_TOLERANCE}`, isTone(found, frequency) && level(found.level));
}

/** The far end of call `id` hears the agent's tone. */
export async function farEndHears(table, step, sim, id) {
  const media = await sim.hears(id, AGENT_TONE);
  table.add(step, 'far end hears', `${hertz(media.frequency_hz)}, ${decibel(media.level_dbfs)}`,
    `${AGENT_TONE} Hz ±5, ${PLAYED_LEVEL} dB ±${LEVEL_TOLERANCE}`, isLevel(media.level_dbfs));
  return media;
}

/** Codecs of both legs, and that no packet was lost on either. */
export async function legs(table, step, agent, sim, id) {
  const codecs = await agent.codecs();
  table.add(step, 'codecs', `${codecs.browser} | ${codecs.sip}`, 'Opus | PCMU or PCMA',
    /^opus/i.test(codecs.browser) && /^PCM[UA]/.test(codecs.sip));
  const [browser, { media }] = [await agent.stats(), await sim.call(id)];
  table.add(step, 'packets browser in/out, lost', `${browser.received}/${browser.sent}, ${browser.lost}`,
    'some, 0', browser.received > 25 && browser.sent > 25 && browser.lost === 0);
  table.add(step, 'packets SIP in/out, lost', `${media.packets_received}/${media.packets_sent}, ${media.lost}`,
    'some, 0', media.packets_received > 25 && media.packets_sent > 25 && media.lost === 0);
}
