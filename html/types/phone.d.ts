/** @import { Call } from './call.js' */
/** @import { PhoneError } from './errors.js' */
/** @import { AudioDevice } from './headset.js' */
/** @import { MediaState } from './browser-media.js' */
/** @import { MediaStats } from './media-stats.js' */
/** @import { DnState, DnStatus } from './sign-in.js' */
/** @import { Jsep, PluginResult } from './protocol.js' */
/**
 * @typedef {object} PhoneOptions
 * @property {string} url Janus's WebSocket, `wss://…`
 * @property {string} dn
 * @property {string | (() => string | Promise<string>)} [token] JWT; a function is asked again before it expires
 * @property {string | (() => string | Promise<string>)} [secret] the DN's agent password, where the gateway allows it
 * @property {HTMLAudioElement} [audio] where the far end is heard; made if left out
 * @property {'agent' | 'call'} [peerConnection] one PeerConnection from sign-in to sign-out (the default), or one per call
 * @property {MediaTrackConstraints} [constraints] for getUserMedia; by default echo, noise and level are taken care of
 * @property {boolean} [ringTone] whether the phone rings and plays the ring-back tone, default true
 * @property {RTCConfiguration} [rtcConfiguration] the gateway's ice_servers are added
 * @property {typeof WebSocket} [WebSocket]
 * @property {typeof RTCPeerConnection} [RTCPeerConnection]
 * @property {MediaDevices} [mediaDevices]
 * @property {typeof AudioContext} [AudioContext]
 * @property {() => number} [random] 0 ≤ x < 1
 */
/**
 * @typedef {object} PhoneEvents
 * @property {DnStatus} state the DN's state and the reason for it
 * @property {Call} incoming a call rings; also one that still rings after a reload
 * @property {Call} outgoing
 * @property {Call} resumed a call found at sign-in: its audio comes back by itself
 * @property {Call} call any news of any call
 * @property {MediaState} media the state of the PeerConnection
 * @property {PhoneError} error what went wrong without anyone having asked
 * @property {undefined} audioblocked the browser plays nothing before a click or key: then call `unlockAudio`
 * @property {undefined} devices microphones or loudspeakers came or went
 */
/**
 * An agent's phone on one DN.
 * @extends {Emitter<PhoneEvents>}
 */
export class Phone extends Emitter<PhoneEvents> {
    /** @param {PhoneOptions} options */
    constructor(options: PhoneOptions);
    get dn(): string;
    /** @returns {DnState} */
    get state(): DnState;
    /** The state with its reason in words. */
    get status(): DnStatus;
    /** Live calls by their id. */
    get calls(): ReadonlyMap<string, Call>;
    /** @returns {MediaState} */
    get media(): MediaState;
    /** What the phone plays by itself now. */
    get ringing(): "ring" | "ringback" | null;
    /** Whether what the microphone hears is being sent. */
    get live(): boolean;
    /**
     * Signs in to the DN, opens the microphone and brings up the PeerConnection.
     * @returns {Promise<DnState>} `in-service`, or `out-of-service` if the SIP Server does not have the DN
     *   now: the gateway tries on. PluginError (wrong credential, DN in use, …), MediaError (microphone),
     *   ConnectionError: then the phone is signed out.
     */
    signIn(): Promise<DnState>;
    /** Signs out and gives the microphone back. PluginError 467 while a call lives. */
    signOut(): Promise<void>;
    /** Lets go of everything at once; the gateway keeps calls for its `resume_window`. */
    close(): Promise<void>;
    /**
     * @param {string} number "5551234" or "sip:5551234@anything"
     * @param {{headers?: Record<string, string>}} [options] headers must be on the gateway's allow-list
     * @returns {Promise<Call>} as soon as the gateway calls
     */
    call(number: string, { headers }?: {
        headers?: Record<string, string>;
    }): Promise<Call>;
    /** @param {Call[]} [calls] one conversation of 2 to 4 answered calls; of all if left out */
    merge(calls?: Call[]): Promise<void>;
    /** @param {string} number outside of every call @param {string} content at most 4096 octets */
    sendMessage(number: string, content: string): Promise<void>;
    /** @param {boolean} muted all calls of the moment */
    mute(muted: boolean): void;
    /** @param {string} deviceId another microphone, in mid-call too; "" for the browser's default */
    setInput(deviceId: string): Promise<void>;
    /** @param {string} deviceId another loudspeaker, "" for the browser's default */
    setOutput(deviceId: string): Promise<void>;
    /** @param {string} deviceId where it rings, "" for the browser's default */
    setRinger(deviceId: string): Promise<void>;
    /** @returns {Promise<{inputs: AudioDevice[], outputs: AudioDevice[]}>} */
    devices(): Promise<{
        inputs: AudioDevice[];
        outputs: AudioDevice[];
    }>;
    /** How loud microphone and far end are now, in dBFS from 0 down to -100. */
    levels(): {
        input: number;
        output: number;
    };
    /** To be called from a click or key after `audioblocked`. */
    unlockAudio(): void;
    /** @returns {Promise<MediaStats | null>} null without a PeerConnection */
    stats(): Promise<MediaStats | null>;
    #private;
}
export type PhoneOptions = {
    /**
     * Janus's WebSocket, `wss://…`
     */
    url: string;
    dn: string;
    /**
     * JWT; a function is asked again before it expires
     */
    token?: string | (() => string | Promise<string>) | undefined;
    /**
     * the DN's agent password, where the gateway allows it
     */
    secret?: string | (() => string | Promise<string>) | undefined;
    /**
     * where the far end is heard; made if left out
     */
    audio?: HTMLAudioElement | undefined;
    /**
     * one PeerConnection from sign-in to sign-out (the default), or one per call
     */
    peerConnection?: "call" | "agent" | undefined;
    /**
     * for getUserMedia; by default echo, noise and level are taken care of
     */
    constraints?: MediaTrackConstraints | undefined;
    /**
     * whether the phone rings and plays the ring-back tone, default true
     */
    ringTone?: boolean | undefined;
    /**
     * the gateway's ice_servers are added
     */
    rtcConfiguration?: RTCConfiguration | undefined;
    WebSocket?: {
        new (url: string | URL, protocols?: string | string[]): WebSocket;
        prototype: WebSocket;
        readonly CONNECTING: 0;
        readonly OPEN: 1;
        readonly CLOSING: 2;
        readonly CLOSED: 3;
    } | undefined;
    RTCPeerConnection?: {
        new (configuration?: RTCConfiguration): RTCPeerConnection;
        prototype: RTCPeerConnection;
        generateCertificate(keygenAlgorithm: AlgorithmIdentifier): Promise<RTCCertificate>;
    } | undefined;
    mediaDevices?: MediaDevices | undefined;
    AudioContext?: {
        new (contextOptions?: AudioContextOptions): AudioContext;
        prototype: AudioContext;
    } | undefined;
    /**
     * 0 ≤ x < 1
     */
    random?: (() => number) | undefined;
};
export type PhoneEvents = {
    /**
     * the DN's state and the reason for it
     */
    state: DnStatus;
    /**
     * a call rings; also one that still rings after a reload
     */
    incoming: Call;
    outgoing: Call;
    /**
     * a call found at sign-in: its audio comes back by itself
     */
    resumed: Call;
    /**
     * any news of any call
     */
    call: Call;
    /**
     * the state of the PeerConnection
     */
    media: MediaState;
    /**
     * what went wrong without anyone having asked
     */
    error: PhoneError;
    /**
     * the browser plays nothing before a click or key: then call `unlockAudio`
     */
    audioblocked: undefined;
    /**
     * microphones or loudspeakers came or went
     */
    devices: undefined;
};
import { Emitter } from './emitter.js';
import type { DnState } from './sign-in.js';
import type { DnStatus } from './sign-in.js';
import type { Call } from './call.js';
import type { MediaState } from './browser-media.js';
import type { AudioDevice } from './headset.js';
import type { MediaStats } from './media-stats.js';
import type { PhoneError } from './errors.js';
