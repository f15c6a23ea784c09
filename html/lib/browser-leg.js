import { Emitter } from './emitter.js';
import { MediaError } from './errors.js';

/** @import { Jsep, TrickledCandidate } from './protocol.js' */

/**
 * @typedef {object} BrowserLegEvents
 * @property {RTCPeerConnectionState} state
 * @property {MediaStream} remote the far side's audio
 * @property {{candidates: RTCIceCandidateInit[], completed: boolean}} candidates to be trickled
 */

/**
 * The browser leg: one RTCPeerConnection with one audio line, from its first offer to its end. Local
 * candidates are held back until the other side has the description that they belong to.
 *
 * @extends {Emitter<BrowserLegEvents>}
 */
export class BrowserLeg extends Emitter {
  #connection;
  #sender;
  /** @type {RTCIceCandidateInit[]} */
  #held = [];
  #heldEnd = false;
  #released = false;
  /** @type {TrickledCandidate[]} candidates of Janus that came before its description */
  #early = [];

  /**
   * @param {typeof RTCPeerConnection} Connection
   * @param {RTCConfiguration} configuration
   * @param {MediaStreamTrack} track what is sent
   */
  constructor(Connection, configuration, track) {
    super();
    this.#connection = new Connection(configuration);
    this.#connection.onconnectionstatechange = () => this.emit('state', this.#connection.connectionState);
    this.#connection.onicecandidate = ({ candidate }) => this.#gathered(candidate);
    this.#connection.ontrack = ({ track: remote, streams }) =>
      this.emit('remote', streams[0] ?? new MediaStream([remote]));
    this.#sender = this.#connection.addTrack(track);
  }

  get state() {
    return this.#connection.connectionState;
  }

  /** Whether an offer of ours waits for its answer. */
  get owedAnswer() {
    return this.#connection.signalingState === 'have-local-offer';
  }

  /** @param {RTCIceServer[]} iceServers for candidates gathered from now on */
  useServers(iceServers) {
    this.#connection.setConfiguration({ ...this.#connection.getConfiguration(), iceServers });
  }

  /**
   * @param {{iceRestart?: boolean, iceServers?: RTCIceServer[]}} [options]
   * @returns {Promise<Jsep>}
   */
  async offer({ iceRestart = false, iceServers } = {}) {
    if (iceServers) this.useServers(iceServers);
    this.#hold();
    const offer = await this.#connection.createOffer({ iceRestart });
    await this.#connection.setLocalDescription(offer);
    return { type: 'offer', sdp: offer.sdp ?? '' };
  }

  /**
   * @param {Jsep} offer
   * @returns {Promise<Jsep>}
   */
  async answer(offer) {
    this.#hold();
    await this.#remote(offer);
    const answer = await this.#connection.createAnswer();
    await this.#connection.setLocalDescription(answer);
    return { type: 'answer', sdp: answer.sdp ?? '' };
  }

  /** @param {Jsep} answer */
  async accept(answer) {
    await this.#remote(answer);
    this.release();
  }

  /** Takes an offer back that was refused. */
  async rollback() {
    if (this.owedAnswer) await this.#connection.setLocalDescription({ type: 'rollback' });
  }

  /** The other side has our description: candidates may go. */
  release() {
    this.#released = true;
    this.#flush();
  }

  /** @param {TrickledCandidate} candidate of Janus */
  add(candidate) {
    if (!this.#connection.remoteDescription) this.#early.push(candidate);
    else this.#addNow(candidate);
  }

  /** @param {MediaStreamTrack} track sent from now on, without a new negotiation */
  async replaceTrack(track) {
    await this.#sender.replaceTrack(track);
  }

  /** @returns {Promise<RTCStatsReport>} */
  stats() {
    return this.#connection.getStats();
  }

  close() {
    this.#connection.onconnectionstatechange = null;
    this.#connection.onicecandidate = null;
    this.#connection.ontrack = null;
    this.#connection.close();
  }

  #hold() {
    this.#released = false;
    this.#held = [];
    this.#heldEnd = false;
  }

  /** @param {RTCIceCandidate | null} candidate null: no more will come */
  #gathered(candidate) {
    // An empty candidate ends one generation only (RFC 8838 section 13); null ends the gathering.
    if (candidate && candidate.candidate === '') return;
    if (candidate) this.#held.push(candidate.toJSON());
    else this.#heldEnd = true;
    this.#flush();
  }

  #flush() {
    if (!this.#released || (this.#held.length === 0 && !this.#heldEnd)) return;
    const [candidates, completed] = [this.#held, this.#heldEnd];
    [this.#held, this.#heldEnd] = [[], false];
    this.emit('candidates', { candidates, completed });
  }

  /** @param {Jsep} description */
  async #remote(description) {
    try {
      await this.#connection.setRemoteDescription(description);
    } catch (cause) {
      throw new MediaError('negotiation', `The browser refuses the gateway's SDP: ${String(cause)}`, { cause });
    }
    for (const candidate of this.#early.splice(0)) this.#addNow(candidate);
  }

  /** @param {TrickledCandidate} candidate */
  #addNow(candidate) {
    const end = candidate.completed ? undefined : candidate;
    // One candidate that the browser cannot use (a protocol it lacks) is no fault of the connection.
    this.#connection.addIceCandidate(end).catch(() => undefined);
  }
}
