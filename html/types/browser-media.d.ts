/** @typedef {'none' | 'connecting' | 'connected' | 'disconnected'} MediaState */
/**
 * @typedef {object} BrowserMediaOptions
 * @property {SignIn} signIn
 * @property {Headset} headset
 * @property {typeof RTCPeerConnection} Connection
 * @property {RTCConfiguration} [rtcConfiguration] ice servers of the gateway are added
 */
/**
 * @typedef {object} BrowserMediaEvents
 * @property {MediaState} state
 * @property {PhoneError} error
 */
/**
 * Keeps the agent's browser leg up for as long as it is wanted: brings it up by `update`, restarts ICE
 * when the network changes and replaces the PeerConnection when that does not help or Janus ended it.
 *
 * @extends {Emitter<BrowserMediaEvents>}
 */
export class BrowserMedia extends Emitter<BrowserMediaEvents> {
    /** @param {BrowserMediaOptions} options */
    constructor({ signIn, headset, Connection, rtcConfiguration }: BrowserMediaOptions);
    get state(): MediaState;
    /** Whether a PeerConnection stands or is being negotiated. */
    get standing(): boolean;
    /** @returns {Promise<RTCStatsReport | null>} */
    stats(): Promise<RTCStatsReport | null>;
    /** Whether audio has come since the last question: a gateway may be alive that no request reaches. */
    flows(): Promise<boolean>;
    /** Brings the leg up by `update` and keeps it up until `close`. Resolves when it is negotiated. */
    stand(): Promise<void>;
    /**
     * An offer to go with `call` or `accept`; undefined if a leg stands, for the call to ride on.
     * @returns {Promise<Jsep | undefined>}
     */
    offer(): Promise<Jsep | undefined>;
    /**
     * @param {Jsep} offer of the gateway
     * @returns {Promise<Jsep>}
     */
    answer(offer: Jsep): Promise<Jsep>;
    /** The gateway has our description: candidates may go. */
    delivered(): void;
    /** @param {PluginResult} result any event: its ice_servers are kept */
    learn({ ice_servers: servers }: PluginResult): void;
    /** @param {Jsep} answer that came with an event of a call */
    accept(answer: Jsep): Promise<void>;
    /** The network has changed: ICE looks for a new way unless the old one still works. */
    check(): void;
    /** The leg is wanted no more, the handle lives on: Janus's side is ended before the next leg begins. */
    release(): void;
    /** The leg is wanted no more. */
    close(): void;
    #private;
}
export type MediaState = "none" | "connecting" | "connected" | "disconnected";
export type BrowserMediaOptions = {
    signIn: SignIn;
    headset: Headset;
    Connection: typeof RTCPeerConnection;
    /**
     * ice servers of the gateway are added
     */
    rtcConfiguration?: RTCConfiguration | undefined;
};
export type BrowserMediaEvents = {
    state: MediaState;
    error: PhoneError;
};
import { Emitter } from './emitter.js';
import type { Jsep } from './protocol.js';
import type { PluginResult } from './protocol.js';
import type { SignIn } from './sign-in.js';
import type { Headset } from './headset.js';
import { PhoneError } from './errors.js';
