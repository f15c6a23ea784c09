import { Emitter } from './emitter.js';
import { ConnectionError, JanusError, PhoneError } from './errors.js';
import { JanusSocket } from './janus-socket.js';
import { Transactions } from './transactions.js';

/** @import { JanusMessage } from './protocol.js' */

const backOffFirst = 500; // ms
const backOffMost = 3000; // ms: what restarts is found again within that time

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
export class JanusSession extends Emitter {
  #options;
  /** @type {JanusSocket | null} */
  #socket = null;
  #transactions;
  /** @type {Map<number, (message: JanusMessage) => void>} */
  #handles = new Map();
  #id = 0;
  /** @type {'idle' | 'connecting' | 'open' | 'reconnecting' | 'closed'} */
  #state = 'idle';
  #attempt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retryTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #keepAliveTimer;
  /** @type {{resolve: () => void, reject: (error: Error) => void}[]} */
  #waiting = [];

  /** @param {JanusSessionOptions} options */
  constructor(options) {
    super();
    this.#options = {
      protocols: async () => /** @type {string[]} */ ([]),
      WebSocket: globalThis.WebSocket,
      random: Math.random,
      keepAlive: 25000,
      timeout: 10000,
      ...options,
    };
    this.#transactions = new Transactions(this.#options.random);
  }

  get state() {
    return this.#state;
  }

  /** The session's id at Janus, 0 before there is one. */
  get id() {
    return this.#id;
  }

  /** Connects and creates the session. A first attempt that fails is not repeated: ConnectionError. */
  async connect() {
    if (this.#state !== 'idle') throw new PhoneError('The session is connected already');
    this.#state = 'connecting';
    try {
      await this.#openSocket();
      await this.#create();
      this.#opened();
    } catch (error) {
      if (this.state !== 'closed') this.#state = 'idle';
      this.#dropSocket();
      throw error;
    }
  }

  /**
   * Sends a request and waits for Janus's answer (`event: false`) or the plugin's (`event: true`).
   * While the connection is being restored it waits for that first, within the same time.
   *
   * @param {Record<string, unknown> & {janus: string}} message without transaction and session_id
   * @param {{event?: boolean, timeout?: number}} [options]
   * @returns {Promise<JanusMessage>}
   */
  async request(message, { event = false, timeout = this.#options.timeout } = {}) {
    if (this.#state === 'reconnecting') await this.#whenOpen(message.janus, timeout);
    if (this.#state !== 'open') throw new ConnectionError('closed', 'There is no connection to the gateway');
    if ('handle_id' in message && !this.#handles.has(Number(message.handle_id))) {
      throw new ConnectionError('lost', 'The gateway has lost this sign-in');
    }
    return this.#transact(message, event, timeout);
  }

  /**
   * From now on messages of this handle go to `receive`.
   * @param {number} handleId
   * @param {(message: JanusMessage) => void} receive
   */
  route(handleId, receive) {
    this.#handles.set(handleId, receive);
  }

  /** @param {number} handleId */
  unroute(handleId) {
    this.#handles.delete(handleId);
  }

  /**
   * The network may have changed: asks Janus for a sign of life and connects anew if there is none;
   * an attempt that waits for its back-off is made at once.
   * @param {number} [timeout] ms
   */
  check(timeout = 2000) {
    if (this.#state === 'open') this.#probe(timeout);
    if (this.#state === 'reconnecting' && this.#retryTimer !== undefined) {
      clearTimeout(this.#retryTimer);
      this.#reconnect();
    }
  }

  /**
   * Leaves this gateway: connects anew, which a balancer may lead to another one, with a new session.
   * @param {string} reason
   */
  moveOn(reason) {
    if (this.#state !== 'open') return;
    this.#transact({ janus: 'destroy' }, false, 2000).catch(() => undefined);
    this.#id = 0;
    this.#socket?.abandon(reason);
  }

  /** Ends the session at Janus as far as it can be reached, and the connection. Never fails. */
  async destroy() {
    const wasOpen = this.#state === 'open';
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#keepAliveTimer);
    const error = new ConnectionError('closed', 'The session was closed');
    if (wasOpen) await this.#transact({ janus: 'destroy' }, false, 2000).catch(() => undefined);
    this.#transactions.failAll(error);
    this.#handles.clear();
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
    this.#dropSocket();
    this.emit('closed', undefined);
  }

  async #openSocket() {
    const { url, WebSocket, timeout } = this.#options;
    const protocols = ['janus-protocol', ...(await this.#options.protocols())];
    const address = typeof url === 'function' ? await url() : url;
    const socket = await JanusSocket.connect(address, protocols, WebSocket, timeout, {
      message: (message) => this.#receive(message),
      gone: (reason) => this.#lost(reason),
    });
    if (this.#state === 'closed') {
      socket.close();
      throw new ConnectionError('closed', 'The session was closed');
    }
    this.#socket = socket;
  }

  #dropSocket() {
    this.#socket?.close();
    this.#socket = null;
  }

  async #create() {
    this.#id = 0;
    this.#handles.clear();
    const answer = await this.#transact({ janus: 'create' }, false, this.#options.timeout);
    if (!answer.data?.id) throw new JanusError(490, 'create was answered without an id');
    this.#id = answer.data.id;
  }

  /**
   * @param {Record<string, unknown>} message
   * @param {boolean} event
   * @param {number} timeout
   */
  #transact(message, event, timeout) {
    const what = String(message.janus);
    const { id, answer } = this.#transactions.open({ what, event, timeout });
    const session = this.#id ? { session_id: this.#id } : {};
    this.#socket?.send({ ...message, ...session, transaction: id });
    return answer;
  }

  #opened() {
    this.#state = 'open';
    this.#attempt = 0;
    this.#keepAliveLater();
    for (const waiter of this.#waiting.splice(0)) waiter.resolve();
  }

  #keepAliveLater() {
    clearTimeout(this.#keepAliveTimer);
    this.#keepAliveTimer = setTimeout(() => {
      this.#probe(this.#options.timeout);
      this.#keepAliveLater();
    }, this.#options.keepAlive);
  }

  /** @param {number} timeout ms */
  #probe(timeout) {
    const socket = this.#socket;
    this.#transact({ janus: 'keepalive' }, false, timeout).catch((error) => {
      if (this.#socket !== socket || this.#state !== 'open') return;
      if (error instanceof JanusError) this.#forgotten();
      else socket?.abandon('the gateway does not answer any more');
    });
  }

  /** @param {JanusMessage} message */
  #receive(message) {
    const handle = this.#handles.get(message.sender ?? 0);
    // The plugin's answer goes to the handle before it settles the request: events keep their order.
    if (handle && message.session_id === this.#id) handle(message);
    if (this.#transactions.settle(message)) return;
    if (message.janus === 'timeout' && message.session_id === this.#id) this.#forgotten();
  }

  /** Janus has no session of ours any more, though the WebSocket stands. */
  #forgotten() {
    this.#id = 0;
    this.#socket?.abandon('the gateway has ended the session');
  }

  /** @param {string} reason */
  #lost(reason) {
    this.#socket = null;
    clearTimeout(this.#keepAliveTimer);
    this.#transactions.failAll(new ConnectionError('lost', `The connection to the gateway was lost: ${reason}`));
    if (this.#state !== 'open') return; // an attempt under way fails by its own request
    this.#state = 'reconnecting';
    this.#retryLater(reason);
  }

  /** @param {string} reason */
  #retryLater(reason) {
    const most = Math.min(backOffMost, backOffFirst * 2 ** this.#attempt);
    const delay = Math.round(most * (0.5 + this.#options.random() / 2));
    this.#attempt += 1;
    this.#retryTimer = setTimeout(() => this.#reconnect(), delay);
    this.emit('reconnecting', { reason, attempt: this.#attempt, delay });
  }

  async #reconnect() {
    this.#retryTimer = undefined;
    try {
      await this.#openSocket();
      const reclaimed = await this.#claim();
      if (!reclaimed) await this.#create();
      this.#opened();
      this.emit(reclaimed ? 'reclaimed' : 'renewed', undefined);
    } catch (error) {
      if (this.state === 'closed') return;
      this.#dropSocket();
      this.#retryLater(error instanceof Error ? error.message : String(error));
    }
  }

  /** @returns {Promise<boolean>} false if Janus knows the session no more */
  async #claim() {
    if (!this.#id) return false;
    try {
      await this.#transact({ janus: 'claim' }, false, this.#options.timeout);
      return true;
    } catch (error) {
      if (error instanceof JanusError) return false;
      throw error;
    }
  }

  /**
   * @param {string} what
   * @param {number} timeout ms
   * @returns {Promise<void>}
   */
  #whenOpen(what, timeout) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((waiter) => waiter.resolve !== done);
        reject(new ConnectionError('timeout', `No connection to the gateway (${what})`));
      }, timeout);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#waiting.push({
        resolve: done,
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
    });
  }
}
