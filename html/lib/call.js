import { Emitter } from './emitter.js';
import { ArgumentError } from './errors.js';
import { volumeOf, volumeRequest } from './volume.js';

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
export class Call extends Emitter {
  #actions;
  /** @type {CallState} */
  #state;
  #muted = false;
  /** @type {Promise<void>} digits go one after the other, whoever asks */
  #digits = Promise.resolve();

  /**
   * @param {CallInfo} info
   * @param {CallActions} actions
   * @param {{now: number, resumed: boolean}} origin `now` in ms since 1970
   */
  constructor(info, actions, { now, resumed }) {
    super();
    this.#actions = actions;
    this.#state = stateOf(info);
    /** @readonly */
    this.id = info.call_id;
    /** @readonly */
    this.direction = info.direction;
    /** Found at sign-in, after a reload of the page or a lost connection. @readonly */
    this.resumed = resumed;
    /** The far end's URI. */
    this.peer = info.username;
    /** The far end's display name, "" if none. */
    this.name = info.displayname ?? '';
    /** X-Genesys-CallUUID: the call's id in the desktop and its statistics. */
    this.uuid = info.uuid ?? '';
    /** @type {Record<string, string>} headers that the gateway hands to the page */
    this.headers = info.headers ?? {};
    /** @type {{sip: string, browser: string}} such as "PCMU/8000" and "opus/48000/2", "" before they are known */
    this.codecs = { sip: info.sip_codec ?? '', browser: info.browser_codec ?? '' };
    /** ms since 1970 */
    this.startedAt = now - (info.age ?? 0);
    /** ms since 1970, 0 before the answer */
    this.answeredAt = info.answered ? now - info.answered : 0;
    /** ms since 1970, 0 before the end */
    this.endedAt = 0;
    /** @type {CallEnd | null} */
    this.end = null;
    /** Who has put the call on hold. @type {'none' | 'local' | 'remote' | 'both'} */
    this.hold = info.hold ?? 'none';
    /** In one conversation with other calls of this phone. */
    this.merged = info.merged ?? false;
    /** Whether its audio is what the agent hears. */
    this.heard = info.heard ?? false;
    /** What the gateway does to how loud it is. @type {Volume} */
    this.volume = volumeOf(info.volume);
    /** What the INVITE says of who sent the call here: `referredBy`, `diversion`, … @type {Record<string, string>} */
    this.origin = {};
    /** The gateway answers by itself after so many ms; null: the agent has to. @type {number | null} */
    this.autoAnswer = null;
    /** The digits sent in this call, as a person would write them down. */
    this.digitsSent = '';
    /** The gateway's own offer, in `peerConnection: 'call'`. @type {Jsep | undefined} @internal */
    this.offer = undefined;
  }

  get state() {
    return this.#state;
  }

  /** The user part of `peer`: what an agent calls the number. */
  get number() {
    return this.peer.replace(/^<?sips?:/i, '').replace(/[@;>].*$/, '');
  }

  get muted() {
    return this.#muted;
  }

  /** Whether the far end should hear the agent's microphone now. */
  get talking() {
    return ['answering', 'early', 'established'].includes(this.#state) && !this.#muted;
  }

  /**
   * @param {{headers?: Record<string, string>}} [options]
   * @returns {Promise<void>}
   */
  answer({ headers } = {}) {
    return this.#actions.answer(this, headers);
  }

  /** @param {number} [code] SIP status 400–699, by default 486 Busy Here */
  decline(code) {
    return this.#actions.decline(this, code);
  }

  /** Ends the call in any state; an incoming one that still rings is declined. */
  hangUp() {
    return this.#actions.hangUp(this);
  }

  /** Held by this side: the far end is not heard and hears comfort noise, or SIP Server's music. */
  get held() {
    return this.hold === 'local' || this.hold === 'both';
  }

  /** @returns {Promise<void>} when the gateway asks SIP Server; `hold` changes when that agrees */
  putOnHold() {
    return this.#actions.request(this, { request: 'hold' });
  }

  /** Retrieves the call; the others are held first. */
  retrieve() {
    return this.#actions.request(this, { request: 'unhold' });
  }

  /** @param {Partial<Volume>} volume what is left out stays as it is; `volume` changes when the gateway says so */
  setVolume(volume) {
    return this.#actions.request(this, volumeRequest(volume));
  }

  /** @param {string} number sends the far end there; `transfer` tells how it goes */
  transfer(number) {
    return this.#actions.request(this, { request: 'transfer', uri: number });
  }

  /** @param {Call} other connects the far ends of both calls and leaves */
  transferTo(other) {
    return this.#actions.request(this, { request: 'transfer', replace: other.id });
  }

  /**
   * @param {string} type such as "application/x-www-form-urlencoded": user data of the call
   * @param {string} content at most 4096 octets
   */
  sendInfo(type, content) {
    return this.#actions.request(this, { request: 'info', type, content });
  }

  /** @param {string} content a text for the far end, at most 4096 octets */
  sendMessage(content) {
    return this.#actions.request(this, { request: 'message', content });
  }

  /** @param {boolean} muted the far end hears silence; until the call ends */
  mute(muted) {
    if (muted === this.#muted) return;
    this.#muted = muted;
    this.#actions.muted();
    this.emit('changed', undefined);
  }

  /**
   * @param {string} digits of 0-9 * # A-D
   * @param {{duration?: number, gap?: number}} [options] ms
   * @returns {Promise<void>} when the last has been sent; further digits queue behind these
   */
  async sendDigits(digits, { duration = 160, gap = 80 } = {}) {
    const wrong = /[^0-9*#A-D]/i.exec(digits);
    if (wrong) throw new ArgumentError(`"${wrong[0]}" is no DTMF digit: 0-9 * # A-D`);
    const sent = this.#digits.then(async () => {
      for (const digit of digits.toUpperCase()) await this.#sendDigit(digit, duration, gap);
    });
    this.#digits = sent.catch(() => undefined);
    return sent;
  }

  /**
   * @param {string} digit
   * @param {number} duration ms
   * @param {number} gap ms
   */
  async #sendDigit(digit, duration, gap) {
    const over = new Promise((resolve) => setTimeout(resolve, duration + gap));
    await this.#actions.sendDigit(this, digit, duration);
    this.digitsSent += digit;
    this.emit('changed', undefined);
    await over;
  }

  /**
   * The state as this side has just made it; events of the gateway go through `apply`.
   * @param {CallState} state
   * @internal
   */
  enter(state) {
    if (state === this.#state || this.#state === 'ended') return;
    this.#state = state;
    this.emit('state', state);
  }

  /**
   * @param {PluginResult} result an event of this call
   * @param {number} now ms since 1970
   * @internal
   */
  apply(result, now) {
    switch (result.event) {
      case 'ringing':
        if (this.#state === 'calling') this.enter('alerting');
        break;
      case 'progress':
        if (this.direction === 'out' && !this.answeredAt) this.enter('early');
        break;
      case 'accepting':
        return this.enter('answering');
      case 'accepted':
        return this.#accepted(result, now);
      case 'declining':
      case 'hangingup':
        return this.enter('ending');
      case 'dtmf':
        return this.emit('digit', { digit: result.digit ?? '', duration: result.duration ?? 0 });
      case 'call_changed':
        if (result.call) this.#learnAll(result.call);
        return this.emit('changed', undefined);
      case 'audio': {
        const { side = 'far_end', received = false, reason = '' } = result;
        return this.emit('audio', { missing: !received, side, reason });
      }
      case 'talk':
        return this.emit('talk', { answers: result.answers ?? false, waitingFor: result.waiting_for ?? '' });
      case 'update_failed': {
        const { request = '', code = 0, reason = '' } = result;
        return this.emit('failed', { request, code, reason });
      }
      case 'call_denied': {
        const { error_code: code = 0, reason = '' } = result;
        return this.emit('failed', { request: 'call', code, reason });
      }
      case 'transfer_progress': {
        const { code = 0, reason = '', final = false } = result;
        return this.emit('transfer', { code, reason, final });
      }
      case 'transfer': {
        const { refer_id = 0, refer_to: to = '', referred_by: by = '', accepted = false } = result;
        const take = () => this.#actions.refer({ request: 'call', refer_id });
        const decline = () => this.#actions.refer({ request: 'decline', refer_id });
        return this.emit('referral', { to, by, accepted, take, decline });
      }
      case 'info':
      case 'message': {
        const { sender = '', type = result.content_type ?? '', content = '' } = result;
        return this.emit(result.event, { sender, type, content });
      }
      case 'hangup': {
        const { code = 0, reason = '', reason_header: reasonHeader = '' } = result;
        return this.finish({ code, reason, reasonHeader }, now);
      }
    }
  }

  /**
   * What the gateway lists after the connection was away.
   * @param {CallInfo} info
   * @param {number} now ms since 1970
   * @internal
   */
  reconcile(info, now) {
    if (info.answered && !this.answeredAt) this.answeredAt = now - info.answered;
    this.#learnAll(info);
    const state = stateOf(info);
    // Between the page's own "answering" and the gateway's "established" lies the gateway's "ringing".
    if (!(this.#state === 'answering' && state === 'ringing')) this.enter(state);
    this.emit('changed', undefined);
  }

  /**
   * @param {CallEnd} end
   * @param {number} now ms since 1970
   * @internal
   */
  finish(end, now) {
    if (this.#state === 'ended') return;
    this.end = end;
    this.endedAt = now;
    this.enter('ended');
    this.emit('ended', end);
  }

  /**
   * @param {PluginResult} result
   * @param {number} now
   */
  #accepted(result, now) {
    this.answeredAt ||= now;
    this.#learn({ ...result, username: undefined });
    this.enter('established');
    this.emit('changed', undefined);
  }

  /** @param {CallInfo} info all that holds now */
  #learnAll(info) {
    this.#learn(info);
    this.volume = volumeOf(info.volume);
  }

  /** @param {Partial<CallInfo> | PluginResult} news */
  #learn({ uuid, headers, sip_codec: sip, browser_codec: browser, hold, merged, heard }) {
    this.hold = hold ?? this.hold;
    this.merged = merged ?? this.merged;
    this.heard = heard ?? this.heard;
    if (uuid) this.uuid = uuid;
    if (headers && Object.keys(headers).length > 0) this.headers = { ...this.headers, ...headers };
    if (sip || browser) this.codecs = { sip: sip || this.codecs.sip, browser: browser || this.codecs.browser };
  }
}

/**
 * @param {CallInfo} info
 * @returns {CallState}
 */
function stateOf(info) {
  if (info.state === 'early' && info.direction === 'in') return 'ringing';
  if (info.state === 'ringing' && info.direction === 'out') return 'alerting';
  return info.state;
}
