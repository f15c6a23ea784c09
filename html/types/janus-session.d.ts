/**
 * @typedef {object} JanusSessionOptions
 * @property {string | (() => Promise<string>)} url `wss://…` of Janus's WebSocket transport; a function is asked for each one
 * @property {() => Promise<string[]>} [protocols] what each WebSocket offers beside `janus-protocol`
 * @property {typeof WebSocket} [WebSocket]
 * @property {() => number} [random] 0 ≤ x < 1, for jitter and transactions
 * @property {number} [keepAlive] ms between keep-alives, default 25000 (Janus's session timeout is 60 s)
 * @property {number} [timeout] ms that an answer may take, default 10000
 */
/**
 * @typedef {object} JanusSessionEvents
 * @property {{reason: string, attempt: number, delay: number}} reconnecting `delay` in ms to the next attempt
 * @property {undefined} reclaimed connected again, session and handles are the same; events in between are lost
 * @property {undefined} renewed connected again with a new session: all handles are gone
 * @property {undefined} closed by `destroy()`
 */
/**
 * A session of Janus over one WebSocket after another: when one goes away it connects again, with
 * back-off, and claims the session; when Janus has forgotten the session, it creates a new one and
 * says so (`renewed`).
 *
 * @extends {Emitter<JanusSessionEvents>}
 */
export class JanusSession extends Emitter<JanusSessionEvents> {
    /** @param {JanusSessionOptions} options */
    constructor(options: JanusSessionOptions);
    get state(): "closed" | "connecting" | "open" | "idle" | "reconnecting";
    /** The session's id at Janus, 0 before there is one. */
    get id(): number;
    /** Connects and creates the session. A first attempt that fails is not repeated: ConnectionError. */
    connect(): Promise<void>;
    /**
     * Sends a request and waits for Janus's answer (`event: false`) or the plugin's (`event: true`).
     * While the connection is being restored it waits for that first, within the same time.
     *
     * @param {Record<string, unknown> & {janus: string}} message without transaction and session_id
     * @param {{event?: boolean, timeout?: number}} [options]
     * @returns {Promise<JanusMessage>}
     */
    request(message: Record<string, unknown> & {
        janus: string;
    }, { event, timeout }?: {
        event?: boolean;
        timeout?: number;
    }): Promise<JanusMessage>;
    /**
     * From now on messages of this handle go to `receive`.
     * @param {number} handleId
     * @param {(message: JanusMessage) => void} receive
     */
    route(handleId: number, receive: (message: JanusMessage) => void): void;
    /** @param {number} handleId */
    unroute(handleId: number): void;
    /**
     * The network may have changed: asks Janus for a sign of life and connects anew if there is none;
     * an attempt that waits for its back-off is made at once.
     * @param {number} [timeout] ms
     */
    check(timeout?: number): void;
    /**
     * Leaves this gateway: connects anew, which a balancer may lead to another one, with a new session.
     * @param {string} reason
     */
    moveOn(reason: string): void;
    /** Ends the session at Janus as far as it can be reached, and the connection. Never fails. */
    destroy(): Promise<void>;
    #private;
}
export type JanusSessionOptions = {
    /**
     * `wss://…` of Janus's WebSocket transport; a function is asked for each one
     */
    url: string | (() => Promise<string>);
    /**
     * what each WebSocket offers beside `janus-protocol`
     */
    protocols?: (() => Promise<string[]>) | undefined;
    WebSocket?: {
        new (url: string | URL, protocols?: string | string[]): WebSocket;
        prototype: WebSocket;
        readonly CONNECTING: 0;
        readonly OPEN: 1;
        readonly CLOSING: 2;
        readonly CLOSED: 3;
    } | undefined;
    /**
     * 0 ≤ x < 1, for jitter and transactions
     */
    random?: (() => number) | undefined;
    /**
     * ms between keep-alives, default 25000 (Janus's session timeout is 60 s)
     */
    keepAlive?: number | undefined;
    /**
     * ms that an answer may take, default 10000
     */
    timeout?: number | undefined;
};
export type JanusSessionEvents = {
    /**
     * `delay` in ms to the next attempt
     */
    reconnecting: {
        reason: string;
        attempt: number;
        delay: number;
    };
    /**
     * connected again, session and handles are the same; events in between are lost
     */
    reclaimed: undefined;
    /**
     * connected again with a new session: all handles are gone
     */
    renewed: undefined;
    /**
     * by `destroy()`
     */
    closed: undefined;
};
import { Emitter } from './emitter.js';
import type { JanusMessage } from './protocol.js';
