/** @import { CallInfo } from './protocol.js' */

/**
 * How loud a call is. Set in the gateway, whatever this page's own mute does; it outlives the page.
 * @typedef {object} Volume
 * @property {boolean} muted the far end does not hear the agent
 * @property {boolean} peerMuted the agent does not hear the far end
 * @property {number} gainDb of the agent for the far end, dB, −20 to 20
 * @property {number} peerGainDb of the far end for the agent, dB, −20 to 20
 */

/**
 * @param {CallInfo['volume']} info undefined while nobody is muted and both gains are 0
 * @returns {Volume}
 */
export function volumeOf({ muted = false, peer_muted = false, gain_db = 0, peer_gain_db = 0 } = {}) {
  return { muted, peerMuted: peer_muted, gainDb: gain_db, peerGainDb: peer_gain_db };
}

/**
 * @param {Partial<Volume>} volume
 * @returns {{request: string} & Record<string, unknown>} without what is left out
 */
export function volumeRequest({ muted, peerMuted, gainDb, peerGainDb }) {
  const body = { muted, peer_muted: peerMuted, gain_db: gainDb, peer_gain_db: peerGainDb };
  return { request: 'volume', ...Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) };
}
