/** @import { JanusMessage } from './protocol.js' */
/**
 * @typedef {object} Pending
 * @property {boolean} event wait for the plugin's event, not only for Janus's ack
 * @property {(message: JanusMessage) => void} resolve
 * @property {(error: Error) => void} reject
 * @property {ReturnType<typeof setTimeout>} timer
 */
/** Requests under way, each known to Janus by its transaction, each answered or failed exactly once. */
export class Transactions {
    /** @param {() => number} random 0 ≤ x < 1 */
    constructor(random: () => number);
    /**
     * @param {{what: string, event: boolean, timeout: number}} wait `timeout` in ms
     * @returns {{id: string, answer: Promise<JanusMessage>}}
     */
    open({ what, event, timeout }: {
        what: string;
        event: boolean;
        timeout: number;
    }): {
        id: string;
        answer: Promise<JanusMessage>;
    };
    /**
     * @param {JanusMessage} message
     * @returns {boolean} whether the message belongs to a request and nobody else needs it
     */
    settle(message: JanusMessage): boolean;
    /** @param {Error} error */
    failAll(error: Error): void;
    #private;
}
export type Pending = {
    /**
     * wait for the plugin's event, not only for Janus's ack
     */
    event: boolean;
    resolve: (message: JanusMessage) => void;
    reject: (error: Error) => void;
    timer: ReturnType<typeof setTimeout>;
};
import type { JanusMessage } from './protocol.js';
