/** @import { JanusSession } from './janus-session.js' */
/** @import { JanusMessage, Jsep, PluginEnvelope, PluginResult, TrickledCandidate } from './protocol.js' */
export const pluginName: "janus.plugin.genesys";
/**
 * @typedef {object} PluginHandleEvents
 * @property {{result: PluginResult, jsep?: Jsep}} event every event of the plugin in its order, answers included
 * @property {PluginError} error an error that answers no request of ours
 * @property {TrickledCandidate} candidate trickled by Janus
 * @property {undefined} webrtcup ICE and DTLS of the PeerConnection are up
 * @property {{receiving: boolean}} media audio of ours reaches Janus, or no longer
 * @property {{uplink: boolean, lost: number}} slowlink
 * @property {{reason: string}} hangup Janus has ended the PeerConnection; the handle lives on
 * @property {undefined} detached the handle is gone
 */
/**
 * One handle of the plugin: requests with their answers, and its events.
 * @extends {Emitter<PluginHandleEvents>}
 */
export class PluginHandle extends Emitter<PluginHandleEvents> {
    /**
     * @param {JanusSession} session open
     * @param {string} [plugin]
     * @returns {Promise<PluginHandle>}
     */
    static attach(session: JanusSession, plugin?: string): Promise<PluginHandle>;
    /**
     * @param {JanusSession} session
     * @param {number} id
     */
    constructor(session: JanusSession, id: number);
    get id(): number;
    /**
     * @param {Record<string, unknown> & {request: string}} body
     * @param {Jsep} [jsep]
     * @param {{timeout?: number}} [options] ms, default that of the session
     * @returns {Promise<{result: PluginResult, jsep?: Jsep}>} the event with the same transaction;
     *   PluginError if the plugin refuses, JanusError if Janus does, ConnectionError if nobody answers
     */
    request(body: Record<string, unknown> & {
        request: string;
    }, jsep?: Jsep, options?: {
        timeout?: number;
    }): Promise<{
        result: PluginResult;
        jsep?: Jsep;
    }>;
    /**
     * @param {RTCIceCandidateInit[]} candidates
     * @param {boolean} completed no more will come
     */
    trickle(candidates: RTCIceCandidateInit[], completed: boolean): Promise<void>;
    /** Ends the PeerConnection at Janus; the handle, its sign-in and its calls live on. */
    hangUpPeerConnection(): Promise<void>;
    /** Never fails: a handle that cannot be detached is gone with its session. */
    detach(): Promise<void>;
    #private;
}
export type PluginHandleEvents = {
    /**
     * every event of the plugin in its order, answers included
     */
    event: {
        result: PluginResult;
        jsep?: Jsep;
    };
    /**
     * an error that answers no request of ours
     */
    error: PluginError;
    /**
     * trickled by Janus
     */
    candidate: TrickledCandidate;
    /**
     * ICE and DTLS of the PeerConnection are up
     */
    webrtcup: undefined;
    /**
     * audio of ours reaches Janus, or no longer
     */
    media: {
        receiving: boolean;
    };
    slowlink: {
        uplink: boolean;
        lost: number;
    };
    /**
     * Janus has ended the PeerConnection; the handle lives on
     */
    hangup: {
        reason: string;
    };
    /**
     * the handle is gone
     */
    detached: undefined;
};
import { Emitter } from './emitter.js';
import type { Jsep } from './protocol.js';
import type { PluginResult } from './protocol.js';
import type { JanusSession } from './janus-session.js';
import { PluginError } from './errors.js';
import type { TrickledCandidate } from './protocol.js';
