import { ConnectionError } from './errors.js';

/** @import { JanusMessage } from './protocol.js' */

/**
 * One WebSocket to Janus from opening to closing: JSON in, JSON out. It tells its owner once that it
 * has gone, whoever closed it; `JanusSession` decides what then.
 */
export class JanusSocket {
  /** @type {WebSocket} */
  #socket;
  #open = false;
  #gone = false;
  /** @type {(message: JanusMessage) => void} */
  #onMessage;
  /** @type {(reason: string) => void} */
  #onGone;

  /**
   * @param {WebSocket} socket not yet open
   * @param {{message: (message: JanusMessage) => void, gone: (reason: string) => void}} owner
   */
  constructor(socket, owner) {
    this.#socket = socket;
    this.#onMessage = owner.message;
    this.#onGone = owner.gone;
  }

  /**
   * @param {string} url
   * @param {string[]} protocols offered; Janus picks `janus-protocol`
   * @param {typeof WebSocket} Socket
   * @param {number} timeout ms
   * @param {{message: (message: JanusMessage) => void, gone: (reason: string) => void}} owner
   * @returns {Promise<JanusSocket>} once it is open; ConnectionError `unreachable` otherwise
   */
  static connect(url, protocols, Socket, timeout, owner) {
    return new Promise((resolve, reject) => {
      const socket = new Socket(url, protocols);
      const self = new JanusSocket(socket, owner);
      const timer = setTimeout(() => refuse('it did not answer'), timeout);
      /** @param {string} why */
      const refuse = (why) => {
        clearTimeout(timer);
        self.close();
        reject(new ConnectionError('unreachable', `The gateway cannot be reached: ${why}`));
      };
      socket.onopen = () => {
        clearTimeout(timer);
        self.#open = true;
        resolve(self);
      };
      socket.onmessage = (event) => self.#receive(event.data);
      socket.onclose = (event) => {
        if (!self.#open) refuse(event.reason || 'the connection was refused');
        else self.#leave(event.reason || 'the connection was closed');
      };
    });
  }

  /** @param {object} message */
  send(message) {
    if (this.#open && !this.#gone) this.#socket.send(JSON.stringify(message));
  }

  /** Closes without a word to the owner. */
  close() {
    this.#gone = true;
    this.#socket.close();
  }

  /**
   * Gives a dead connection up at once: the closing handshake of a socket without a network takes minutes.
   * @param {string} reason
   */
  abandon(reason) {
    if (this.#gone) return;
    this.#socket.close();
    this.#leave(reason);
  }

  /** @param {string} reason */
  #leave(reason) {
    if (this.#gone) return;
    this.#gone = true;
    this.#onGone(reason);
  }

  /** @param {unknown} data */
  #receive(data) {
    if (this.#gone) return;
    let message;
    try {
      message = JSON.parse(String(data));
    } catch {
      return this.abandon('the gateway sent something that is not JSON');
    }
    if (typeof message === 'object' && message !== null && typeof message.janus === 'string') {
      this.#onMessage(message);
    }
  }
}
