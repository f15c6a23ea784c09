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
export function volumeOf({ muted, peer_muted, gain_db, peer_gain_db }?: CallInfo["volume"]): Volume;
/**
 * @param {Partial<Volume>} volume
 * @returns {{request: string} & Record<string, unknown>} without what is left out
 */
export function volumeRequest({ muted, peerMuted, gainDb, peerGainDb }: Partial<Volume>): {
    request: string;
} & Record<string, unknown>;
/**
 * How loud a call is. Set in the gateway, whatever this page's own mute does; it outlives the page.
 */
export type Volume = {
    /**
     * the far end does not hear the agent
     */
    muted: boolean;
    /**
     * the agent does not hear the far end
     */
    peerMuted: boolean;
    /**
     * of the agent for the far end, dB, −20 to 20
     */
    gainDb: number;
    /**
     * of the far end for the agent, dB, −20 to 20
     */
    peerGainDb: number;
};
import type { CallInfo } from './protocol.js';
