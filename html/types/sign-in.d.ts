/**
 * `signing-in`: the gateway has not answered yet, or registers the DN for the first time ·
 * `in-service`: calls can come and go · `out-of-service`: signed in, but the SIP Server does not have
 * the DN; the gateway tries on · `taken-over`: another page has the DN now · `reconnecting`: the
 * connection to the gateway is away; calls go on meanwhile
 * @typedef {'signed-out' | 'signing-in' | 'in-service' | 'out-of-service' | 'taken-over' | 'reconnecting'} DnState
 */
/**
 * @typedef {object} DnStatus
 * @property {DnState} state
 * @property {string} reason in words, "" if there is nothing to say
 * @property {number} code SIP status of a failed registration, 0 otherwise
 * @property {number} retryIn ms until the gateway tries again, 0 if it does not
 */
/**
 * @typedef {object} SignInOptions
 * @property {string} url
 * @property {string} dn
 * @property {string | (() => string | Promise<string>)} [token]
 * @property {string | (() => string | Promise<string>)} [secret]
 * @property {boolean} incomingOffer whether the gateway offers in `incomingcall`
 * @property {() => Promise<boolean>} [stays] whether only the gateway of before will do when the connection is lost
 * @property {typeof WebSocket} [WebSocket]
 * @property {() => number} [random]
 */
/**
 * @typedef {object} SignInEvents
 * @property {DnStatus} status
 * @property {{result: PluginResult, jsep?: Jsep}} event
 * @property {TrickledCandidate} candidate
 * @property {{receiving: boolean}} media whether audio of ours reaches Janus, told when that changes
 * @property {{reason: string}} hangup Janus has ended the PeerConnection
 * @property {{fresh: boolean}} restored the connection is back; `fresh`: with a new handle, so that nothing of the old PeerConnection is left
 * @property {PhoneError} error
 */
/**
 * The sign-in to a DN and all that keeps it: the session and handle at Janus, `register`, the token's
 * renewal, and signing in again when Janus has forgotten us.
 *
 * @extends {Emitter<SignInEvents>}
 */
export class SignIn extends Emitter<SignInEvents> {
    /** @param {SignInOptions} options */
    constructor(options: SignInOptions);
    get status(): DnStatus;
    /** Whether the plugin has accepted this sign-in, whatever the DN's state at the SIP Server. */
    get accepted(): boolean;
    /** Connects to Janus; the DN is not touched yet. */
    connect(): Promise<void>;
    /** Signs in to the DN; the calls that it has come with the event. PluginError, ConnectionError. */
    register(): Promise<void>;
    /**
     * @returns {Promise<DnState>} `in-service` or `out-of-service` as soon as it is known
     */
    settled(): Promise<DnState>;
    /**
     * @param {Record<string, unknown> & {request: string}} body
     * @param {Jsep} [jsep]
     */
    request(body: Record<string, unknown> & {
        request: string;
    }, jsep?: Jsep): Promise<{
        result: PluginResult;
        jsep?: Jsep;
    }>;
    /**
     * @param {RTCIceCandidateInit[]} candidates
     * @param {boolean} completed
     */
    trickle(candidates: RTCIceCandidateInit[], completed: boolean): void;
    /** Ends the PeerConnection at Janus and waits until it has gone, 2 s at most. */
    hangUpPeerConnection(): Promise<void>;
    /** The network may have changed. */
    check(): void;
    /** Signs the DN out; PluginError 467 while a call lives. */
    unregister(): Promise<void>;
    /**
     * Lets go of session and connection, without a word about the DN.
     * @param {DnState} state
     * @param {string} reason
     */
    leave(state: DnState, reason: string): Promise<void>;
    #private;
}
/**
 * `signing-in`: the gateway has not answered yet, or registers the DN for the first time ·
 * `in-service`: calls can come and go · `out-of-service`: signed in, but the SIP Server does not have
 * the DN; the gateway tries on · `taken-over`: another page has the DN now · `reconnecting`: the
 * connection to the gateway is away; calls go on meanwhile
 */
export type DnState = "signed-out" | "signing-in" | "in-service" | "out-of-service" | "taken-over" | "reconnecting";
export type DnStatus = {
    state: DnState;
    /**
     * in words, "" if there is nothing to say
     */
    reason: string;
    /**
     * SIP status of a failed registration, 0 otherwise
     */
    code: number;
    /**
     * ms until the gateway tries again, 0 if it does not
     */
    retryIn: number;
};
export type SignInOptions = {
    url: string;
    dn: string;
    token?: string | (() => string | Promise<string>) | undefined;
    secret?: string | (() => string | Promise<string>) | undefined;
    /**
     * whether the gateway offers in `incomingcall`
     */
    incomingOffer: boolean;
    /**
     * whether only the gateway of before will do when the connection is lost
     */
    stays?: (() => Promise<boolean>) | undefined;
    WebSocket?: {
        new (url: string | URL, protocols?: string | string[]): WebSocket;
        prototype: WebSocket;
        readonly CONNECTING: 0;
        readonly OPEN: 1;
        readonly CLOSING: 2;
        readonly CLOSED: 3;
    } | undefined;
    random?: (() => number) | undefined;
};
export type SignInEvents = {
    status: DnStatus;
    event: {
        result: PluginResult;
        jsep?: Jsep;
    };
    candidate: TrickledCandidate;
    /**
     * whether audio of ours reaches Janus, told when that changes
     */
    media: {
        receiving: boolean;
    };
    /**
     * Janus has ended the PeerConnection
     */
    hangup: {
        reason: string;
    };
    /**
     * the connection is back; `fresh`: with a new handle, so that nothing of the old PeerConnection is left
     */
    restored: {
        fresh: boolean;
    };
    error: PhoneError;
};
import { Emitter } from './emitter.js';
import type { Jsep } from './protocol.js';
import type { PluginResult } from './protocol.js';
import type { TrickledCandidate } from './protocol.js';
import type { PhoneError } from './errors.js';
