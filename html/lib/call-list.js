import { Call } from './call.js';
import { Emitter } from './emitter.js';

/** @import { CallActions } from './call.js' */
/** @import { CallInfo, Jsep, PluginResult } from './protocol.js' */

/**
 * @typedef {object} CallListEvents
 * @property {Call} incoming
 * @property {Call} outgoing
 * @property {Call} resumed a call that was there before this page
 * @property {Call} changed any news of a call, its end included
 */

/**
 * The calls of this phone, kept true to the gateway's events.
 * @extends {Emitter<CallListEvents>}
 */
export class CallList extends Emitter {
  /** @type {Map<string, Call>} by call_id, oldest first; none that has ended */
  #calls = new Map();
  #actions;

  /** @param {CallActions} actions */
  constructor(actions) {
    super();
    this.#actions = actions;
  }

  /** @returns {ReadonlyMap<string, Call>} */
  get map() {
    return this.#calls;
  }

  /**
   * @param {string | undefined} id
   * @returns {Call | undefined}
   */
  get(id) {
    return id === undefined ? undefined : this.#calls.get(id);
  }

  /**
   * @param {PluginResult} result any event of the plugin
   * @param {Jsep} [jsep]
   */
  apply(result, jsep) {
    const now = Date.now();
    const { event, call_id: id } = result;
    if (event === 'registered' || event === 'registering') {
      return this.#reconcile(/** @type {CallInfo[]} */ (result.calls ?? []), now);
    }
    if (id === undefined) return undefined;
    if (event === 'incomingcall' || event === 'calling') this.#begin(id, result, jsep, now);
    return this.#calls.get(id)?.apply(result, now);
  }

  /**
   * All calls have gone from this page, such as when another page has taken the DN over.
   * @param {string} reason in words
   */
  drop(reason) {
    const end = { code: 0, reason, reasonHeader: '' };
    for (const call of [...this.#calls.values()]) call.finish(end, Date.now());
  }

  /**
   * @param {string} id
   * @param {PluginResult} result
   * @param {Jsep | undefined} jsep
   * @param {number} now
   */
  #begin(id, result, jsep, now) {
    const known = this.#calls.get(id);
    if (known) {
      // An event with JSEP may be overtaken by a `registered` that lists its call.
      if (jsep?.type === 'offer') known.offer = jsep;
      return;
    }
    const incoming = result.event === 'incomingcall';
    const call = this.#add(
      {
        call_id: id,
        direction: incoming ? 'in' : 'out',
        state: incoming ? 'ringing' : 'calling',
        username: (incoming ? result.username : result.uri) ?? '',
        displayname: result.displayname,
        uuid: result.uuid,
        headers: result.headers,
      },
      now,
      false,
    );
    if (jsep?.type === 'offer') call.offer = jsep;
    call.origin = originOf(result);
    call.autoAnswer = result.auto_answer?.after ?? null;
    this.emit(incoming ? 'incoming' : 'outgoing', call);
  }

  /**
   * @param {CallInfo} info
   * @param {number} now
   * @param {boolean} resumed
   */
  #add(info, now, resumed) {
    const call = new Call(info, this.#actions, { now, resumed });
    this.#calls.set(call.id, call);
    call.on('state', (state) => {
      if (state === 'ended') this.#calls.delete(call.id);
      this.emit('changed', call);
    });
    call.on('changed', () => this.emit('changed', call));
    return call;
  }

  /**
   * @param {CallInfo[]} infos all calls that live at the gateway
   * @param {number} now
   */
  #reconcile(infos, now) {
    const living = new Set(infos.map((info) => info.call_id));
    const end = { code: 0, reason: 'The call ended while the connection was away', reasonHeader: '' };
    for (const call of [...this.#calls.values()]) {
      if (!living.has(call.id)) call.finish(end, now);
    }
    for (const info of infos) {
      const known = this.#calls.get(info.call_id);
      if (known) known.reconcile(info, now);
      else this.#found(this.#add(info, now, true));
    }
  }

  /** @param {Call} call */
  #found(call) {
    this.emit(call.state === 'ringing' ? 'incoming' : 'resumed', call);
  }
}

/**
 * @param {PluginResult} result
 * @returns {Record<string, string>} what there is
 */
function originOf({ referred_by, asserted_identity, diversion, history_info, replaces }) {
  const all = { referredBy: referred_by, assertedIdentity: asserted_identity, diversion, historyInfo: history_info, replaces };
  return /** @type {Record<string, string>} */ (Object.fromEntries(Object.entries(all).filter(([, value]) => value)));
}
