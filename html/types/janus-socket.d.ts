/** @import { JanusMessage } from './protocol.js' */
/**
 * One WebSocket to Janus from opening to closing: JSON in, JSON out. It tells its owner once that it
 * has gone, whoever closed it; `JanusSession` decides what then.
 */
export class JanusSocket {
    /**
     * @param {string} url
     * @param {string[]} protocols offered; Janus picks `janus-protocol`
     * @param {typeof WebSocket} Socket
     * @param {number} timeout ms
     * @param {{message: (message: JanusMessage) => void, gone: (reason: string) => void}} owner
     * @returns {Promise<JanusSocket>} once it is open; ConnectionError `unreachable` otherwise
     */
    static connect(url: string, protocols: string[], Socket: typeof WebSocket, timeout: number, owner: {
        message: (message: JanusMessage) => void;
        gone: (reason: string) => void;
    }): Promise<JanusSocket>;
    /**
     * @param {WebSocket} socket not yet open
     * @param {{message: (message: JanusMessage) => void, gone: (reason: string) => void}} owner
     */
    constructor(socket: WebSocket, owner: {
        message: (message: JanusMessage) => void;
        gone: (reason: string) => void;
    });
    /** @param {object} message */
    send(message: object): void;
    /** Closes without a word to the owner. */
    close(): void;
    /**
     * Gives a dead connection up at once: the closing handshake of a socket without a network takes minutes.
     * @param {string} reason
     */
    abandon(reason: string): void;
    #private;
}
import type { JanusMessage } from './protocol.js';
