/** @import { CallInfo, Jsep, PluginResult } from './protocol.js' */
/** @import { Volume } from './volume.js' */
/**
 * `ringing`: incoming, to be answered · `answering` · `calling`: outgoing, nothing heard yet ·
 * `alerting`: outgoing, it rings at the far end · `early`: outgoing, the far end's announcements are
 * heard · `established` · `ending` · `ended`
 * @typedef {'ringing' | 'answering' | 'calling' | 'alerting' | 'early' | 'established' | 'ending' | 'ended'} CallState
 */
/**
 * How a call ended.
 * @typedef {object} CallEnd
 * @property {number} code SIP status, 200 for a normal end, 0 if it is not known
 * @property {string} reason in words
 * @property {string} reasonHeader the far end's Reason as it came, "" if none
 */
/**
 * How far a transfer is.
 * @typedef {object} TransferProgress
 * @property {number} code SIP status of the new call
 * @property {string} reason
 * @property {boolean} final a final code under 300: the far end is connected there, and this call ends
 */
/**
 * SIP Server asks this phone to call somebody (REFER).
 * @typedef {object} Referral
 * @property {string} to URI
 * @property {string} by URI of who asks
 * @property {boolean} accepted the gateway calls by itself; else one of these decides
 * @property {() => Promise<void>} take makes the call
 * @property {() => Promise<void>} decline
 */
/** @typedef {{sender: string, type: string, content: string}} CallText */
/**
 * @typedef {object} CallEvents
 * @property {CallState} state
 * @property {undefined} changed name, codecs, headers, hold, mute or digits are news
 * @property {{digit: string, duration: number}} digit a key pressed at the far end, `duration` in ms
 * @property {{missing: boolean, side: string, reason: string}} audio it is heard one way at best ("far_end" or "browser" is not), or is back
 * @property {{answers: boolean, waitingFor: string}} talk the desktop asks to answer: "agent" has to, "audio" is waited for
 * @property {TransferProgress} transfer
 * @property {{request: string, code: number, reason: string}} failed a hold or retrieve was refused; `call`: one that a referral asked for is not made
 * @property {Referral} referral
 * @property {CallText} info
 * @property {CallText} message
 * @property {CallEnd} ended
 */
/**
 * What a call needs of its phone.
 * @typedef {object} CallActions
 * @property {(call: Call, headers?: Record<string, string>) => Promise<void>} answer
 * @property {(call: Call, code?: number) => Promise<void>} decline
 * @property {(call: Call) => Promise<void>} hangUp
 * @property {(call: Call, digit: string, duration: number) => Promise<void>} sendDigit
 * @property {(call: Call, body: {request: string} & Record<string, unknown>) => Promise<void>} request
 *   any other request about a call
 * @property {(body: {request: 'call' | 'decline', refer_id: number}) => Promise<void>} refer
 * @property {() => void} muted the mute of a call has changed
 */
/**
 * One call of this phone.
 * @extends {Emitter<CallEvents>}
 */
export class Call extends Emitter<CallEvents> {
    /**
     * @param {CallInfo} info
     * @param {CallActions} actions
     * @param {{now: number, resumed: boolean}} origin `now` in ms since 1970
     */
    constructor(info: CallInfo, actions: CallActions, { now, resumed }: {
        now: number;
        resumed: boolean;
    });
    /** @readonly */
    readonly id: string;
    /** @readonly */
    readonly direction: "in" | "out";
    /** Found at sign-in, after a reload of the page or a lost connection. @readonly */
    readonly resumed: boolean;
    /** The far end's URI. */
    peer: string;
    /** The far end's display name, "" if none. */
    name: string;
    /** X-Genesys-CallUUID: the call's id in the desktop and its statistics. */
    uuid: string;
    /** @type {Record<string, string>} headers that the gateway hands to the page */
    headers: Record<string, string>;
    /** @type {{sip: string, browser: string}} such as "PCMU/8000" and "opus/48000/2", "" before they are known */
    codecs: {
        sip: string;
        browser: string;
    };
    /** ms since 1970 */
    startedAt: number;
    /** ms since 1970, 0 before the answer */
    answeredAt: number;
    /** ms since 1970, 0 before the end */
    endedAt: number;
    /** @type {CallEnd | null} */
    end: CallEnd | null;
    /** Who has put the call on hold. @type {'none' | 'local' | 'remote' | 'both'} */
    hold: "none" | "local" | "remote" | "both";
    /** In one conversation with other calls of this phone. */
    merged: boolean;
    /** Whether its audio is what the agent hears. */
    heard: boolean;
    /** What the gateway does to how loud it is. @type {Volume} */
    volume: Volume;
    /** What the INVITE says of who sent the call here: `referredBy`, `diversion`, … @type {Record<string, string>} */
    origin: Record<string, string>;
    /** The gateway answers by itself after so many ms; null: the agent has to. @type {number | null} */
    autoAnswer: number | null;
    /** The digits sent in this call, as a person would write them down. */
    digitsSent: string;
    /** The gateway's own offer, in `peerConnection: 'call'`. @type {Jsep | undefined} @internal */
    offer: Jsep | undefined;
    get state(): CallState;
    /** The user part of `peer`: what an agent calls the number. */
    get number(): string;
    get muted(): boolean;
    /** Whether the far end should hear the agent's microphone now. */
    get talking(): boolean;
    /**
     * @param {{headers?: Record<string, string>}} [options]
     * @returns {Promise<void>}
     */
    answer({ headers }?: {
        headers?: Record<string, string>;
    }): Promise<void>;
    /** @param {number} [code] SIP status 400–699, by default 486 Busy Here */
    decline(code?: number): Promise<void>;
    /** Ends the call in any state; an incoming one that still rings is declined. */
    hangUp(): Promise<void>;
    /** Held by this side: the far end is not heard and hears comfort noise, or SIP Server's music. */
    get held(): boolean;
    /** @returns {Promise<void>} when the gateway asks SIP Server; `hold` changes when that agrees */
    putOnHold(): Promise<void>;
    /** Retrieves the call; the others are held first. */
    retrieve(): Promise<void>;
    /** @param {Partial<Volume>} volume what is left out stays as it is; `volume` changes when the gateway says so */
    setVolume(volume: Partial<Volume>): Promise<void>;
    /** @param {string} number sends the far end there; `transfer` tells how it goes */
    transfer(number: string): Promise<void>;
    /** @param {Call} other connects the far ends of both calls and leaves */
    transferTo(other: Call): Promise<void>;
    /**
     * @param {string} type such as "application/x-www-form-urlencoded": user data of the call
     * @param {string} content at most 4096 octets
     */
    sendInfo(type: string, content: string): Promise<void>;
    /** @param {string} content a text for the far end, at most 4096 octets */
    sendMessage(content: string): Promise<void>;
    /** @param {boolean} muted the far end hears silence; until the call ends */
    mute(muted: boolean): void;
    /**
     * @param {string} digits of 0-9 * # A-D
     * @param {{duration?: number, gap?: number}} [options] ms
     * @returns {Promise<void>} when the last has been sent; further digits queue behind these
     */
    sendDigits(digits: string, { duration, gap }?: {
        duration?: number;
        gap?: number;
    }): Promise<void>;
    /**
     * The state as this side has just made it; events of the gateway go through `apply`.
     * @param {CallState} state
     * @internal
     */
    enter(state: CallState): void;
    /**
     * @param {PluginResult} result an event of this call
     * @param {number} now ms since 1970
     * @internal
     */
    apply(result: PluginResult, now: number): void;
    /**
     * What the gateway lists after the connection was away.
     * @param {CallInfo} info
     * @param {number} now ms since 1970
     * @internal
     */
    reconcile(info: CallInfo, now: number): void;
    /**
     * @param {CallEnd} end
     * @param {number} now ms since 1970
     * @internal
     */
    finish(end: CallEnd, now: number): void;
    #private;
}
/**
 * `ringing`: incoming, to be answered · `answering` · `calling`: outgoing, nothing heard yet ·
 * `alerting`: outgoing, it rings at the far end · `early`: outgoing, the far end's announcements are
 * heard · `established` · `ending` · `ended`
 */
export type CallState = "ringing" | "answering" | "calling" | "alerting" | "early" | "established" | "ending" | "ended";
/**
 * How a call ended.
 */
export type CallEnd = {
    /**
     * SIP status, 200 for a normal end, 0 if it is not known
     */
    code: number;
    /**
     * in words
     */
    reason: string;
    /**
     * the far end's Reason as it came, "" if none
     */
    reasonHeader: string;
};
/**
 * How far a transfer is.
 */
export type TransferProgress = {
    /**
     * SIP status of the new call
     */
    code: number;
    reason: string;
    /**
     * a final code under 300: the far end is connected there, and this call ends
     */
    final: boolean;
};
/**
 * SIP Server asks this phone to call somebody (REFER).
 */
export type Referral = {
    /**
     * URI
     */
    to: string;
    /**
     * URI of who asks
     */
    by: string;
    /**
     * the gateway calls by itself; else one of these decides
     */
    accepted: boolean;
    /**
     * makes the call
     */
    take: () => Promise<void>;
    decline: () => Promise<void>;
};
export type CallText = {
    sender: string;
    type: string;
    content: string;
};
export type CallEvents = {
    state: CallState;
    /**
     * name, codecs, headers, hold, mute or digits are news
     */
    changed: undefined;
    /**
     * a key pressed at the far end, `duration` in ms
     */
    digit: {
        digit: string;
        duration: number;
    };
    /**
     * it is heard one way at best ("far_end" or "browser" is not), or is back
     */
    audio: {
        missing: boolean;
        side: string;
        reason: string;
    };
    /**
     * the desktop asks to answer: "agent" has to, "audio" is waited for
     */
    talk: {
        answers: boolean;
        waitingFor: string;
    };
    transfer: TransferProgress;
    /**
     * a hold or retrieve was refused; `call`: one that a referral asked for is not made
     */
    failed: {
        request: string;
        code: number;
        reason: string;
    };
    referral: Referral;
    info: CallText;
    message: CallText;
    ended: CallEnd;
};
/**
 * What a call needs of its phone.
 */
export type CallActions = {
    answer: (call: Call, headers?: Record<string, string>) => Promise<void>;
    decline: (call: Call, code?: number) => Promise<void>;
    hangUp: (call: Call) => Promise<void>;
    sendDigit: (call: Call, digit: string, duration: number) => Promise<void>;
    /**
     *   any other request about a call
     */
    request: (call: Call, body: {
        request: string;
    } & Record<string, unknown>) => Promise<void>;
    refer: (body: {
        request: "call" | "decline";
        refer_id: number;
    }) => Promise<void>;
    /**
     * the mute of a call has changed
     */
    muted: () => void;
};
import { Emitter } from './emitter.js';
import type { Volume } from './volume.js';
import type { Jsep } from './protocol.js';
import type { PluginResult } from './protocol.js';
import type { CallInfo } from './protocol.js';
