import { Credential } from './credential.js';
import { Emitter } from './emitter.js';
import { ConnectionError, StateError, asPhoneError, isDraining, refusedForGood } from './errors.js';
import { GatewayAddress } from './gateway-address.js';
import { JanusSession } from './janus-session.js';
import { PluginHandle } from './plugin-handle.js';

/** @import { PhoneError } from './errors.js' */
/** @import { Jsep, PluginResult, TrickledCandidate } from './protocol.js' */

const firstStateWait = 10000; // ms that a DN may take to come into service before the sign-in returns
const renewalLead = 60; // s before its end that a token is renewed, at most a fifth of its life
const longestTimer = 2 ** 31 - 1; // ms, the limit of setTimeout
const retryDelay = 2000; // ms
const mostLeft = 3; // gateways that are being emptied, one after the other, until a first sign-in gives up

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
export class SignIn extends Emitter {
  #options;
  #credential;
  #address;
  /** @type {JanusSession | null} */
  #session = null;
  /** @type {PluginHandle | null} */
  #handle = null;
  /** @type {DnStatus} */
  #status = { state: 'signed-out', reason: '', code: 0, retryIn: 0 };
  /** The plugin has accepted the sign-in of this handle. */
  #accepted = false;
  #signingOut = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #renewalTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retryTimer;

  /** @param {SignInOptions} options */
  constructor(options) {
    super();
    this.#options = options;
    this.#credential = new Credential(options.token, options.secret);
    this.#address = new GatewayAddress(options.url, options.dn, options.stays ?? (async () => false));
  }

  get status() {
    return this.#status;
  }

  /** Whether the plugin has accepted this sign-in, whatever the DN's state at the SIP Server. */
  get accepted() {
    return this.#accepted;
  }

  /** Connects to Janus; the DN is not touched yet. */
  async connect() {
    this.#enter('signing-in', 'Connecting to the gateway');
    const { WebSocket = globalThis.WebSocket, random = Math.random } = this.#options;
    const url = () => this.#address.next();
    const protocols = () => this.#credential.bearer();
    const session = new JanusSession({ url, protocols, WebSocket, random });
    this.#session = session;
    session.on('reconnecting', ({ reason }) => {
      this.#address.lost();
      this.#enter('reconnecting', reason);
    });
    session.on('reclaimed', () => this.#reclaimed());
    session.on('renewed', () => this.#renewed());
    await session.connect();
    await this.#attach(session);
  }

  /** Signs in to the DN; the calls that it has come with the event. PluginError, ConnectionError. */
  async register() {
    this.#enter('signing-in', 'Signing in');
    try {
      await this.#register();
    } catch (error) {
      if (!isDraining(error) || this.#address.left >= mostLeft) throw error;
      await this.#connectElsewhere();
      await this.register();
    }
  }

  /**
   * @returns {Promise<DnState>} `in-service` or `out-of-service` as soon as it is known
   */
  settled() {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        off();
        resolve(this.#status.state);
      };
      const timer = setTimeout(done, firstStateWait);
      const off = this.on('status', ({ state }) => state !== 'signing-in' && done());
      if (this.#status.state !== 'signing-in') done();
    });
  }

  /**
   * @param {Record<string, unknown> & {request: string}} body
   * @param {Jsep} [jsep]
   */
  async request(body, jsep) {
    if (!this.#session) throw new StateError('The phone is not signed in');
    if (!this.#handle) throw new ConnectionError('lost', 'The connection to the gateway is being restored');
    return this.#handle.request(body, jsep);
  }

  /**
   * @param {RTCIceCandidateInit[]} candidates
   * @param {boolean} completed
   */
  trickle(candidates, completed) {
    // Candidates that do not get through are told again by the ICE restart that follows a reconnect.
    this.#handle?.trickle(candidates, completed).catch(() => undefined);
  }

  /** Ends the PeerConnection at Janus and waits until it has gone, 2 s at most. */
  async hangUpPeerConnection() {
    const handle = this.#handle;
    if (!handle) return;
    const gone = new Promise((resolve) => {
      const timer = setTimeout(resolve, 2000);
      handle.once('hangup', () => {
        clearTimeout(timer);
        resolve(undefined);
      });
    });
    await handle.hangUpPeerConnection().then(
      () => gone,
      () => undefined,
    );
  }

  /** The network may have changed. */
  check() {
    this.#session?.check();
  }

  /** Signs the DN out; PluginError 467 while a call lives. */
  async unregister() {
    this.#signingOut = true;
    try {
      if (this.#accepted) await this.request({ request: 'unregister' });
    } finally {
      this.#signingOut = false;
    }
    await this.leave('signed-out', '');
  }

  /**
   * Lets go of session and connection, without a word about the DN.
   * @param {DnState} state
   * @param {string} reason
   */
  async leave(state, reason) {
    const session = this.#session;
    this.#session = null;
    this.#handle = null;
    this.#accepted = false;
    this.#credential.forget();
    this.#address.found();
    clearTimeout(this.#renewalTimer);
    clearTimeout(this.#retryTimer);
    this.#enter(state, reason);
    await session?.destroy();
  }

  async #connectElsewhere() {
    const session = this.#session;
    this.#session = null;
    this.#handle = null;
    this.#address.leave();
    await session?.destroy();
    await this.connect();
  }

  /** @param {string} reason */
  #moveOn(reason) {
    this.#address.leave();
    this.#session?.moveOn(reason);
  }

  /** @param {JanusSession} session */
  async #attach(session) {
    const handle = await PluginHandle.attach(session);
    if (this.#session !== session) throw new ConnectionError('closed', 'The sign-in was given up');
    this.#handle = handle;
    handle.on('event', (event) => this.#received(event));
    handle.on('error', (error) => this.emit('error', error));
    handle.on('candidate', (candidate) => this.emit('candidate', candidate));
    handle.on('media', (media) => this.emit('media', media));
    handle.on('hangup', (hangup) => this.emit('hangup', hangup));
    handle.on('detached', () => this.#handle === handle && this.#renewed());
  }

  async #register() {
    const { dn, incomingOffer } = this.#options;
    const credential = await this.#credential.fields();
    const offer = incomingOffer ? {} : { incoming_offer: false };
    await this.request({ request: 'register', username: dn, ...credential, ...offer });
    this.#accepted = true;
    this.#address.found();
  }

  /** @param {{result: PluginResult, jsep?: Jsep}} event */
  #received(event) {
    const { result } = event;
    if (result.event === 'taken_over') {
      this.emit('event', event);
      this.leave('taken-over', 'Another page has signed in to this DN');
      return;
    }
    if (result.event === 'draining') {
      this.#moveOn('This gateway is being emptied; another one takes over');
      return;
    }
    if (result.event === 'unregistered' && this.#accepted && !this.#signingOut) {
      this.leave('signed-out', 'The gateway has signed the DN out');
      return;
    }
    if (result.event === 'registered' || result.event === 'registering') this.#renewTokenLater(result);
    this.#follow(result);
    this.emit('event', event);
  }

  /** @param {PluginResult} result */
  #follow(result) {
    switch (result.event) {
      case 'registered':
        return this.#enter('in-service', '');
      case 'registering': {
        // A DN that was refused stays so, with the reason, until the next answer of the SIP Server.
        if (this.#status.state === 'out-of-service') return undefined;
        const first = this.#status.state === 'signing-in';
        return this.#enter(first ? 'signing-in' : 'out-of-service', 'The DN is being registered at the SIP Server');
      }
      case 'registration_failed': {
        const { code = 0, reason = 'The SIP Server does not answer', retry_in: retryIn = 0 } = result;
        return this.#enter('out-of-service', reason, code, retryIn);
      }
    }
  }

  /**
   * @param {DnState} state
   * @param {string} reason
   * @param {number} [code]
   * @param {number} [retryIn] ms
   */
  #enter(state, reason, code = 0, retryIn = 0) {
    const old = this.#status;
    this.#status = { state, reason, code, retryIn };
    const news = old.state !== state || old.reason !== reason || old.code !== code || old.retryIn !== retryIn;
    if (news) this.emit('status', this.#status);
  }

  /** The same handle again: what happened meanwhile is asked for. */
  async #reclaimed() {
    this.#credential.claimed();
    this.#address.found();
    if (!this.#accepted) return this.#renewedRegister();
    try {
      await this.request({ request: 'query' });
      this.emit('restored', { fresh: false });
    } catch (error) {
      this.#notRestored(error, () => this.#reclaimed());
    }
  }

  /** Janus has forgotten session or handle: sign in anew. */
  async #renewed() {
    const session = this.#session;
    this.#handle = null;
    this.#enter('reconnecting', 'Signing in again');
    if (!session) return;
    try {
      await this.#attach(session);
      await this.#renewedRegister();
    } catch (error) {
      this.#notRestored(error, () => this.#renewed());
    }
  }

  async #renewedRegister() {
    try {
      await this.#register();
      this.emit('restored', { fresh: true });
    } catch (error) {
      this.#notRestored(error, () => this.#renewedRegister());
    }
  }

  /**
   * @param {unknown} error
   * @param {() => unknown} again
   */
  #notRestored(error, again) {
    const session = this.#session;
    if (!session) return;
    if (refusedForGood(error)) {
      this.emit('error', error);
      this.leave('signed-out', error.message);
      return;
    }
    if (!(error instanceof ConnectionError)) this.emit('error', asPhoneError(error, 'The sign-in could not be renewed'));
    // A connection lost again comes back by the session's own `reclaimed` or `renewed`.
    if (session.state !== 'open') return;
    const next = isDraining(error) ? () => this.#moveOn('This gateway is being emptied, too') : again;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#session === session && session.state === 'open' && next(), retryDelay);
  }

  /** @param {PluginResult} result */
  #renewTokenLater({ token_expires_in: life }) {
    if (life === undefined || !this.#credential.renewable) return;
    clearTimeout(this.#renewalTimer);
    const wait = Math.max(1, life - Math.min(renewalLead, life / 5)) * 1000;
    this.#renewalTimer = setTimeout(() => this.#renewToken(), Math.min(wait, longestTimer));
  }

  async #renewToken() {
    try {
      await this.#register();
    } catch (error) {
      if (!this.#session) return;
      this.emit('error', asPhoneError(error, 'The sign-in could not be renewed'));
      this.#renewalTimer = setTimeout(() => this.#renewToken(), 5000);
    }
  }
}
