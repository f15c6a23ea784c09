import { BrowserMedia } from './browser-media.js';
import { CallList } from './call-list.js';
import { Emitter } from './emitter.js';
import { ConnectionError, PluginError, PluginErrorCode, StateError } from './errors.js';
import { Headset } from './headset.js';
import { readStats } from './media-stats.js';
import { SignIn } from './sign-in.js';

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
export class Phone extends Emitter {
  #options;
  #signIn;
  #headset;
  #media;
  #calls;
  #placing = 0;
  /** Hang-ups that the gateway may not have heard: repeated when the connection is back. @type {Set<string>} */
  #unheard = new Set();
  #onNetwork = () => this.#networkChanged();

  /** @param {PhoneOptions} options */
  constructor(options) {
    super();
    if (!options.dn) throw new StateError('Phone: the option dn is missing');
    if ((options.token === undefined) === (options.secret === undefined)) {
      throw new StateError('Phone: exactly one of the options token and secret is needed');
    }
    this.#options = { peerConnection: 'agent', ringTone: true, ...options };
    const incomingOffer = this.#options.peerConnection === 'call';
    /** @returns {Promise<boolean>} */
    const stays = async () => this.calls.size > 0 && this.#media.flows();
    this.#signIn = new SignIn({ ...options, incomingOffer, stays });
    this.#headset = new Headset(options);
    this.#media = new BrowserMedia({
      signIn: this.#signIn,
      headset: this.#headset,
      Connection: options.RTCPeerConnection ?? globalThis.RTCPeerConnection,
      rtcConfiguration: options.rtcConfiguration,
    });
    this.#calls = new CallList({
      answer: (call, headers) => this.#answer(call, headers),
      decline: (call, code) => this.#decline(call, code),
      hangUp: (call) => this.#hangUp(call),
      sendDigit: (call, digit, duration) => this.#sendDigit(call, digit, duration),
      request: (call, body) => this.#requestFor(call, body),
      refer: (body) => this.#signIn.request(body).then(() => undefined),
      muted: () => this.#follow(),
    });
    this.#wire();
  }

  get dn() {
    return this.#options.dn;
  }

  /** @returns {DnState} */
  get state() {
    return this.#signIn.status.state;
  }

  /** The state with its reason in words. */
  get status() {
    return this.#signIn.status;
  }

  /** Live calls by their id. */
  get calls() {
    return this.#calls.map;
  }

  /** @returns {MediaState} */
  get media() {
    return this.#media.state;
  }

  /** What the phone plays by itself now. */
  get ringing() {
    return this.#headset.ringing;
  }

  /** Whether what the microphone hears is being sent. */
  get live() {
    return this.#headset.live;
  }

  /**
   * Signs in to the DN, opens the microphone and brings up the PeerConnection.
   * @returns {Promise<DnState>} `in-service`, or `out-of-service` if the SIP Server does not have the DN
   *   now: the gateway tries on. PluginError (wrong credential, DN in use, …), MediaError (microphone),
   *   ConnectionError: then the phone is signed out.
   */
  async signIn() {
    if (this.state !== 'signed-out' && this.state !== 'taken-over') {
      throw new StateError(`The phone is ${this.state} already`);
    }
    const perAgent = this.#options.peerConnection === 'agent';
    try {
      const microphone = perAgent ? this.#headset.track() : null;
      await Promise.all([this.#signIn.connect(), microphone]);
      await this.#signIn.register();
      if (perAgent || this.calls.size > 0) await this.#media.stand();
      return await this.#signIn.settled();
    } catch (error) {
      if (this.#signIn.accepted) await this.#signIn.unregister().catch(() => undefined);
      await this.#signIn.leave('signed-out', error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  /** Signs out and gives the microphone back. PluginError 467 while a call lives. */
  async signOut() {
    await this.#signIn.unregister().catch((error) => {
      if (!(error instanceof ConnectionError)) throw error;
      return this.#signIn.leave('signed-out', '');
    });
  }

  /** Lets go of everything at once; the gateway keeps calls for its `resume_window`. */
  async close() {
    await this.#signIn.leave('signed-out', '');
    globalThis.removeEventListener?.('online', this.#onNetwork);
    globalThis.document?.removeEventListener('visibilitychange', this.#onNetwork);
  }

  /**
   * @param {string} number "5551234" or "sip:5551234@anything"
   * @param {{headers?: Record<string, string>}} [options] headers must be on the gateway's allow-list
   * @returns {Promise<Call>} as soon as the gateway calls
   */
  async call(number, { headers } = {}) {
    this.#placing += 1;
    try {
      if (this.#options.peerConnection === 'agent') await this.#media.stand();
      const jsep = await this.#media.offer();
      const body = { request: 'call', uri: number, ...(headers && { headers }), ...(jsep && { early_answer: true }) };
      const { result } = await this.#signIn.request(body, jsep);
      this.#media.delivered();
      const call = this.#calls.get(result.call_id);
      if (!call) throw new StateError('The call ended at once');
      return call;
    } finally {
      this.#placing -= 1;
      this.#follow();
    }
  }

  /** @param {Call[]} [calls] one conversation of 2 to 4 answered calls; of all if left out */
  async merge(calls) {
    await this.#signIn.request({ request: 'merge', call_ids: calls?.map((call) => call.id) });
  }

  /** @param {string} number outside of every call @param {string} content at most 4096 octets */
  async sendMessage(number, content) {
    await this.#signIn.request({ request: 'message', uri: number, content });
  }

  /** @param {boolean} muted all calls of the moment */
  mute(muted) {
    for (const call of this.calls.values()) call.mute(muted);
  }

  /** @param {string} deviceId another microphone, in mid-call too; "" for the browser's default */
  setInput(deviceId) {
    return this.#headset.setInput(deviceId);
  }

  /** @param {string} deviceId another loudspeaker, "" for the browser's default */
  setOutput(deviceId) {
    return this.#headset.setOutput(deviceId);
  }

  /** @param {string} deviceId where it rings, "" for the browser's default */
  setRinger(deviceId) {
    return this.#headset.setRinger(deviceId);
  }

  /** @returns {Promise<{inputs: AudioDevice[], outputs: AudioDevice[]}>} */
  devices() {
    return this.#headset.devices();
  }

  /** How loud microphone and far end are now, in dBFS from 0 down to -100. */
  levels() {
    return this.#headset.levels();
  }

  /** To be called from a click or key after `audioblocked`. */
  unlockAudio() {
    this.#headset.unlock();
  }

  /** @returns {Promise<MediaStats | null>} null without a PeerConnection */
  async stats() {
    const report = await this.#media.stats();
    return report && readStats(report);
  }

  #wire() {
    const [signIn, media, calls, headset] = [this.#signIn, this.#media, this.#calls, this.#headset];
    signIn.on('event', ({ result, jsep }) => this.#received(result, jsep));
    signIn.on('status', (status) => this.#statusChanged(status));
    signIn.on('restored', () => this.#restored());
    signIn.on('error', (error) => this.emit('error', error));
    media.on('state', (state) => this.emit('media', state));
    media.on('error', (error) => this.emit('error', error));
    headset.on('error', (error) => this.emit('error', error));
    headset.on('blocked', () => this.emit('audioblocked', undefined));
    headset.on('devices', () => this.emit('devices', undefined));
    calls.on('changed', (call) => this.#callChanged(call));
    for (const event of /** @type {const} */ (['incoming', 'outgoing', 'resumed'])) {
      calls.on(event, (call) => {
        if (call.autoAnswer !== null && event === 'incoming') this.#headset.beep();
        this.#follow();
        this.emit(event, call);
        this.emit('call', call);
      });
    }
    globalThis.addEventListener?.('online', this.#onNetwork);
    globalThis.document?.addEventListener('visibilitychange', this.#onNetwork);
  }

  /**
   * @param {PluginResult} result
   * @param {Jsep} [jsep]
   */
  #received(result, jsep) {
    this.#media.learn(result);
    // The answer to `update` is awaited by who sent it; every other answer comes with a call's event.
    if (jsep?.type === 'answer' && result.event !== 'updated') this.#media.accept(jsep);
    this.#calls.apply(result, jsep);
  }

  /** @param {DnStatus} status */
  #statusChanged(status) {
    if (status.state === 'taken-over' || status.state === 'signed-out') {
      this.#media.close();
      this.#calls.drop(status.reason || 'The phone was signed out');
      this.#headset.close();
      this.#unheard.clear();
    }
    this.emit('state', status);
  }

  /** @param {Call} call */
  #callChanged(call) {
    this.#follow();
    if (call.state === 'ended') this.#unheard.delete(call.id);
    this.emit('call', call);
  }

  /** Microphone, bell and PeerConnection follow the calls. */
  #follow() {
    const calls = [...this.calls.values()];
    this.#headset.live = calls.some((call) => call.talking);
    const busy = calls.some((call) => call.answeredAt > 0 || call.state === 'answering');
    const rings = calls.some((call) => call.state === 'ringing' && call.autoAnswer === null) && !busy;
    const alerting = calls.some((call) => call.state === 'alerting') && !busy;
    if (this.#options.ringTone) this.#headset.ring(rings ? 'ring' : alerting ? 'ringback' : null);
    if (this.#options.peerConnection === 'call' && calls.length + this.#placing === 0 && this.#media.standing) {
      this.#media.release();
      this.#headset.close();
    }
  }

  /**
   * @param {Call} call
   * @param {Record<string, string>} [headers]
   */
  async #answer(call, headers) {
    if (call.state !== 'ringing') throw new StateError(`The call cannot be answered: it is ${call.state}`);
    call.enter('answering');
    try {
      const jsep = await this.#descriptionFor(call);
      await this.#signIn.request({ request: 'accept', call_id: call.id, ...(headers && { headers }) }, jsep);
      this.#media.delivered();
    } catch (error) {
      if (/** @type {string} */ (call.state) === 'answering') call.enter('ringing');
      throw error;
    }
  }

  /**
   * @param {Call} call
   * @returns {Promise<Jsep | undefined>} undefined if it rides on the standing PeerConnection
   */
  async #descriptionFor(call) {
    if (this.#options.peerConnection === 'agent') return void (await this.#media.stand());
    if (call.offer) return this.#media.answer(call.offer);
    return this.#media.offer();
  }

  /**
   * @param {Call} call
   * @param {number} [code]
   */
  async #decline(call, code) {
    if (call.state !== 'ringing') throw new StateError(`The call cannot be declined: it is ${call.state}`);
    await this.#end(call, { request: 'decline', call_id: call.id, ...(code && { code }) });
  }

  /** @param {Call} call */
  async #hangUp(call) {
    if (call.state === 'ending' || call.state === 'ended') return;
    const request = call.state === 'ringing' ? 'decline' : 'hangup';
    await this.#end(call, { request, call_id: call.id });
  }

  /**
   * @param {Call} call
   * @param {{request: string, call_id: string, code?: number}} body
   */
  async #end(call, body) {
    const before = call.state;
    call.enter('ending');
    try {
      await this.#signIn.request(body);
    } catch (error) {
      if (error instanceof ConnectionError) this.#unheard.add(call.id);
      else if (error instanceof PluginError && error.code === PluginErrorCode.noSuchCall) {
        call.finish({ code: 0, reason: 'The call had ended already', reasonHeader: '' }, Date.now());
      } else {
        call.enter(before);
        throw error;
      }
    }
  }

  /**
   * @param {Call} call
   * @param {string} digit
   * @param {number} duration ms
   */
  async #sendDigit(call, digit, duration) {
    await this.#signIn.request({ request: 'dtmf_info', call_id: call.id, digit, duration });
  }

  /** @param {Call} call @param {{request: string}} body */
  async #requestFor(call, body) {
    if (call.state !== 'established') throw new StateError(`Not now: the call is ${call.state}`);
    await this.#signIn.request({ ...body, call_id: call.id });
  }

  #restored() {
    for (const id of this.#unheard) {
      const call = this.#calls.get(id);
      if (call) this.#hangUp(call).catch((error) => this.emit('error', error));
    }
    this.#unheard.clear();
  }

  #networkChanged() {
    if (globalThis.document?.visibilityState === 'hidden') return;
    this.#signIn.check();
    this.#media.check();
  }
}
