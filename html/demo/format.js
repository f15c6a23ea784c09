/**
 * @param {number} ms
 * @returns {string} "1:02:03" or "02:03"
 */
export function duration(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}

/**
 * @param {string} codec as in SDP: "opus/48000/2"
 * @returns {string} "Opus 48 kHz"
 */
export function codecName(codec) {
  const [name, rate] = codec.split('/');
  if (!name) return '–';
  const spoken = name.toLowerCase() === 'opus' ? 'Opus' : name.toUpperCase();
  // RFC 3551 section 4.5.2: the clock of G.722 is given as 8000 though it samples at 16 kHz.
  const khz = spoken === 'G722' ? 16 : Number(rate) / 1000;
  return khz ? `${spoken} ${khz} kHz` : spoken;
}

/** @type {Record<import('../lib/sign-in.js').DnState, string>} */
export const dnStates = {
  'signed-out': 'Signed out',
  'signing-in': 'Signing in…',
  'in-service': 'In service',
  'out-of-service': 'Out of service',
  'taken-over': 'Taken over',
  reconnecting: 'Reconnecting…',
};

/** @type {Record<import('../lib/call.js').CallState, string>} */
export const callStates = {
  ringing: 'Ringing',
  answering: 'Answering…',
  calling: 'Calling…',
  alerting: 'Ringing at the far end…',
  early: 'Connecting…',
  established: 'In call',
  ending: 'Hanging up…',
  ended: 'Ended',
};

/** @type {Record<import('../lib/browser-media.js').MediaState, string>} */
export const mediaStates = {
  none: 'Not connected',
  connecting: 'Connecting…',
  connected: 'Connected',
  disconnected: 'Interrupted, reconnecting…',
};

/**
 * @param {import('../lib/sign-in.js').DnStatus} status
 * @returns {string} the reason in a sentence, "" if the state says it all
 */
export function reasonOf({ state, reason, code, retryIn }) {
  switch (state) {
    case 'out-of-service': {
      const status = code > 0 ? ` (${code})` : '';
      const retry = retryIn > 0 ? ` Next attempt in ${Math.ceil(retryIn / 1000)} s.` : '';
      return `${reason.replace(/\.$/, '')}${status}.${retry}`;
    }
    case 'reconnecting':
      return `The connection to the gateway is away; a call in progress goes on. ${reason}`;
    case 'signing-in':
      return reason;
    default:
      return '';
  }
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
