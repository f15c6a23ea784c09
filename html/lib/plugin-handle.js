import { Emitter } from './emitter.js';
import { JanusError, PluginError } from './errors.js';

/** @import { JanusSession } from './janus-session.js' */
/** @import { JanusMessage, Jsep, PluginEnvelope, PluginResult, TrickledCandidate } from './protocol.js' */

export const pluginName = 'janus.plugin.genesys';

/**
 * @typedef {object} PluginHandleEvents
 * @property {{result: PluginResult, jsep?: Jsep}} event every event of the plugin in its order, answers included
 * @property {PluginError} error an error that answers no request of ours
 * @property {TrickledCandidate} candidate trickled by Janus
 * @property {undefined} webrtcup ICE and DTLS of the PeerConnection are up
 * @property {{receiving: boolean}} media audio of ours reaches Janus, or no longer
 * @property {{uplink: boolean, lost: number}} slowlink
 * @property {{reason: string}} hangup Janus has ended the PeerConnection; the handle lives on
 * @property {undefined} detached the handle is gone
 */

/**
 * One handle of the plugin: requests with their answers, and its events.
 * @extends {Emitter<PluginHandleEvents>}
 */
export class PluginHandle extends Emitter {
  #session;
  #id;

  /**
   * @param {JanusSession} session
   * @param {number} id
   */
  constructor(session, id) {
    super();
    this.#session = session;
    this.#id = id;
    session.route(id, (message) => this.#receive(message));
  }

  get id() {
    return this.#id;
  }

  /**
   * @param {JanusSession} session open
   * @param {string} [plugin]
   * @returns {Promise<PluginHandle>}
   */
  static async attach(session, plugin = pluginName) {
    const answer = await session.request({ janus: 'attach', plugin });
    if (!answer.data?.id) throw new JanusError(490, 'attach was answered without an id');
    return new PluginHandle(session, answer.data.id);
  }

  /**
   * @param {Record<string, unknown> & {request: string}} body
   * @param {Jsep} [jsep]
   * @param {{timeout?: number}} [options] ms, default that of the session
   * @returns {Promise<{result: PluginResult, jsep?: Jsep}>} the event with the same transaction;
   *   PluginError if the plugin refuses, JanusError if Janus does, ConnectionError if nobody answers
   */
  async request(body, jsep, options = {}) {
    const message = { janus: 'message', handle_id: this.#id, body, ...(jsep && { jsep }) };
    const answer = await this.#session.request(message, { ...options, event: true });
    const data = answer.plugindata?.data;
    if (!data) throw new JanusError(490, `${body.request}: an answer without plugin data`);
    const error = pluginError(data);
    if (error) throw error;
    return { result: data.result ?? { event: '' }, jsep: answer.jsep };
  }

  /**
   * @param {RTCIceCandidateInit[]} candidates
   * @param {boolean} completed no more will come
   */
  async trickle(candidates, completed) {
    /** @param {object} part */
    const send = (part) => this.#session.request({ janus: 'trickle', handle_id: this.#id, ...part });
    if (candidates.length > 0) await send({ candidates });
    if (completed) await send({ candidate: { completed: true } });
  }

  /** Ends the PeerConnection at Janus; the handle, its sign-in and its calls live on. */
  async hangUpPeerConnection() {
    await this.#session.request({ janus: 'hangup', handle_id: this.#id });
  }

  /** Never fails: a handle that cannot be detached is gone with its session. */
  async detach() {
    const gone = this.#session.request({ janus: 'detach', handle_id: this.#id });
    await gone.catch(() => undefined);
    this.#session.unroute(this.#id);
  }

  /** @param {JanusMessage} message */
  #receive(message) {
    switch (message.janus) {
      case 'event':
      case 'success':
        return this.#pluginEvent(message);
      case 'trickle':
        return message.candidate && this.emit('candidate', message.candidate);
      case 'webrtcup':
        return this.emit('webrtcup', undefined);
      case 'media':
        return this.emit('media', { receiving: message.receiving === true });
      case 'slowlink':
        return this.emit('slowlink', { uplink: message.uplink === true, lost: message.lost ?? 0 });
      case 'hangup':
        return this.emit('hangup', { reason: message.reason ?? '' });
      case 'detached':
        this.#session.unroute(this.#id);
        return this.emit('detached', undefined);
      default:
        return undefined;
    }
  }

  /** @param {JanusMessage} message */
  #pluginEvent(message) {
    const data = message.plugindata?.data;
    if (!data) return;
    const error = pluginError(data);
    if (error) {
      if (!message.transaction) this.emit('error', error);
    } else if (data.result) {
      const callId = data.result.call_id ?? data.call_id;
      this.emit('event', { result: { ...data.result, call_id: callId }, jsep: message.jsep });
    }
  }
}

/**
 * @param {PluginEnvelope} data
 * @returns {PluginError | null}
 */
function pluginError(data) {
  if (data.error_code === undefined) return null;
  const name = data.error_name ?? 'unknown';
  return new PluginError(data.error_code, name, data.error ?? name, data.field);
}
