/** @import { Jsep, TrickledCandidate } from './protocol.js' */
/**
 * @typedef {object} BrowserLegEvents
 * @property {RTCPeerConnectionState} state
 * @property {MediaStream} remote the far side's audio
 * @property {{candidates: RTCIceCandidateInit[], completed: boolean}} candidates to be trickled
 */
/**
 * The browser leg: one RTCPeerConnection with one audio line, from its first offer to its end. Local
 * candidates are held back until the other side has the description that they belong to.
 *
 * @extends {Emitter<BrowserLegEvents>}
 */
export class BrowserLeg extends Emitter<BrowserLegEvents> {
    /**
     * @param {typeof RTCPeerConnection} Connection
     * @param {RTCConfiguration} configuration
     * @param {MediaStreamTrack} track what is sent
     */
    constructor(Connection: typeof RTCPeerConnection, configuration: RTCConfiguration, track: MediaStreamTrack);
    get state(): RTCPeerConnectionState;
    /** Whether an offer of ours waits for its answer. */
    get owedAnswer(): boolean;
    /** @param {RTCIceServer[]} iceServers for candidates gathered from now on */
    useServers(iceServers: RTCIceServer[]): void;
    /**
     * @param {{iceRestart?: boolean, iceServers?: RTCIceServer[]}} [options]
     * @returns {Promise<Jsep>}
     */
    offer({ iceRestart, iceServers }?: {
        iceRestart?: boolean;
        iceServers?: RTCIceServer[];
    }): Promise<Jsep>;
    /**
     * @param {Jsep} offer
     * @returns {Promise<Jsep>}
     */
    answer(offer: Jsep): Promise<Jsep>;
    /** @param {Jsep} answer */
    accept(answer: Jsep): Promise<void>;
    /** Takes an offer back that was refused. */
    rollback(): Promise<void>;
    /** The other side has our description: candidates may go. */
    release(): void;
    /** @param {TrickledCandidate} candidate of Janus */
    add(candidate: TrickledCandidate): void;
    /** @param {MediaStreamTrack} track sent from now on, without a new negotiation */
    replaceTrack(track: MediaStreamTrack): Promise<void>;
    /** @returns {Promise<RTCStatsReport>} */
    stats(): Promise<RTCStatsReport>;
    close(): void;
    #private;
}
export type BrowserLegEvents = {
    state: RTCPeerConnectionState;
    /**
     * the far side's audio
     */
    remote: MediaStream;
    /**
     * to be trickled
     */
    candidates: {
        candidates: RTCIceCandidateInit[];
        completed: boolean;
    };
};
import { Emitter } from './emitter.js';
import type { Jsep } from './protocol.js';
import type { TrickledCandidate } from './protocol.js';
