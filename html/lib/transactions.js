import { ConnectionError, JanusError } from './errors.js';

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
  /** @type {Map<string, Pending>} */
  #pending = new Map();
  #count = 0;
  #prefix;

  /** @param {() => number} random 0 ≤ x < 1 */
  constructor(random) {
    this.#prefix = Math.floor(random() * 2 ** 32).toString(36);
  }

  /**
   * @param {{what: string, event: boolean, timeout: number}} wait `timeout` in ms
   * @returns {{id: string, answer: Promise<JanusMessage>}}
   */
  open({ what, event, timeout }) {
    const id = `${this.#prefix}-${++this.#count}`;
    /** @type {Promise<JanusMessage>} */
    const answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new ConnectionError('timeout', `The gateway did not answer (${what})`));
      }, timeout);
      this.#pending.set(id, { event, resolve, reject, timer });
    });
    return { id, answer };
  }

  /**
   * @param {JanusMessage} message
   * @returns {boolean} whether the message belongs to a request and nobody else needs it
   */
  settle(message) {
    const pending = this.#pending.get(message.transaction ?? '');
    if (!pending) return message.janus === 'ack' || message.janus === 'success' || message.janus === 'error';
    if (message.janus === 'ack' && pending.event) return true;
    this.#pending.delete(message.transaction ?? '');
    clearTimeout(pending.timer);
    if (message.janus === 'error') {
      const { code = 490, reason = 'unknown error' } = message.error ?? {};
      pending.reject(new JanusError(code, reason));
    } else {
      pending.resolve(message);
    }
    return true;
  }

  /** @param {Error} error */
  failAll(error) {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of all) {
      clearTimeout(pending.timer);
      pending.reject(error);
    }
  }
}
