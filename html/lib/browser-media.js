import { BrowserLeg } from './browser-leg.js';
import { Emitter } from './emitter.js';
import { ConnectionError, MediaError, PhoneError } from './errors.js';
import { readStats } from './media-stats.js';

/** @import { Headset } from './headset.js' */
/** @import { SignIn } from './sign-in.js' */
/** @import { Jsep, PluginResult } from './protocol.js' */

const longestServerLife = 4 * 60_000; // ms that TURN credentials are used for; they live up to 10 minutes
const shortestServerLife = 20_000; // ms, whatever this machine's clock makes of their expiry
const disconnectedWait = 2000; // ms: most losses of ICE heal by themselves
const deafTime = 500; // ms without a packet from a gateway that hears nothing: its pauses are of 400 ms
const restartWait = 8000; // ms that an ICE restart may take before the PeerConnection is replaced
const renewalFirst = 500; // ms
const renewalMost = 8000; // ms

/** @typedef {'none' | 'connecting' | 'connected' | 'disconnected'} MediaState */

/**
 * @typedef {object} BrowserMediaOptions
 * @property {SignIn} signIn
 * @property {Headset} headset
 * @property {typeof RTCPeerConnection} Connection
 * @property {RTCConfiguration} [rtcConfiguration] ice servers of the gateway are added
 */

/**
 * @typedef {object} BrowserMediaEvents
 * @property {MediaState} state
 * @property {PhoneError} error
 */

/**
 * Keeps the agent's browser leg up for as long as it is wanted: brings it up by `update`, restarts ICE
 * when the network changes and replaces the PeerConnection when that does not help or Janus ended it.
 *
 * @extends {Emitter<BrowserMediaEvents>}
 */
export class BrowserMedia extends Emitter {
  #signIn;
  #headset;
  #Connection;
  #configuration;
  /** @type {BrowserLeg | null} */
  #leg = null;
  #wanted = false;
  /** Negotiations go one after the other. @type {Promise<unknown>} */
  #queue = Promise.resolve();
  /** @type {RTCIceServer[]} */
  #iceServers = [];
  #iceServersAt = -Infinity;
  #iceServerLife = longestServerLife;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #serverTimer;
  #renewals = 0;
  #renewing = false;
  /** Janus may have a PeerConnection of this handle: from our description until its `hangup`. */
  #atJanus = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Received in all when `flows` was asked last. */
  #packetsBefore = 0;
  /** @type {MediaState} */
  #state = 'none';

  /** @param {BrowserMediaOptions} options */
  constructor({ signIn, headset, Connection, rtcConfiguration = {} }) {
    super();
    this.#signIn = signIn;
    this.#headset = headset;
    this.#Connection = Connection;
    this.#configuration = rtcConfiguration;
    headset.on('track', (track) => this.#leg?.replaceTrack(track).catch(() => undefined));
    signIn.on('media', ({ receiving }) => (receiving ? this.#heardAgain() : this.#unheard()));
    signIn.on('hangup', () => this.#endedByJanus());
    signIn.on('candidate', (candidate) => this.#leg?.add(candidate));
    signIn.on('restored', ({ fresh }) => this.#restored(fresh));
  }

  get state() {
    return this.#state;
  }

  /** Whether a PeerConnection stands or is being negotiated. */
  get standing() {
    return this.#leg !== null;
  }

  /** @returns {Promise<RTCStatsReport | null>} */
  async stats() {
    return this.#leg ? this.#leg.stats() : null;
  }

  /** Whether audio has come since the last question: a gateway may be alive that no request reaches. */
  async flows() {
    const report = this.#state === 'connected' ? await this.stats() : null;
    const before = this.#packetsBefore;
    this.#packetsBefore = report ? readStats(report).packetsReceived : 0;
    return this.#packetsBefore > before;
  }

  /** Brings the leg up by `update` and keeps it up until `close`. Resolves when it is negotiated. */
  stand() {
    this.#wanted = true;
    return this.#exclusive(async () => {
      if (!this.#leg && this.#wanted) await this.#bringUp();
    });
  }

  /**
   * An offer to go with `call` or `accept`; undefined if a leg stands, for the call to ride on.
   * @returns {Promise<Jsep | undefined>}
   */
  offer() {
    this.#wanted = true;
    return this.#exclusive(async () => (this.#leg ? undefined : (await this.#create()).offer()));
  }

  /**
   * @param {Jsep} offer of the gateway
   * @returns {Promise<Jsep>}
   */
  answer(offer) {
    this.#wanted = true;
    return this.#exclusive(async () => {
      this.#drop();
      return (await this.#create()).answer(offer);
    });
  }

  /** The gateway has our description: candidates may go. */
  delivered() {
    this.#leg?.release();
  }

  /** @param {PluginResult} result any event: its ice_servers are kept */
  learn({ ice_servers: servers }) {
    if (!servers) return;
    this.#iceServers = servers;
    this.#iceServersAt = Date.now();
    this.#iceServerLife = lifeOf(servers, this.#iceServersAt);
    this.#renewServersLater();
  }

  /** @param {Jsep} answer that came with an event of a call */
  async accept(answer) {
    const leg = this.#leg;
    if (!leg?.owedAnswer) return;
    await leg.accept(answer).catch((error) => this.emit('error', error));
  }

  /** The network has changed: ICE looks for a new way unless the old one still works. */
  check() {
    if (this.#leg && this.#leg.state !== 'connected') this.#restart();
  }

  /** The leg is wanted no more, the handle lives on: Janus's side is ended before the next leg begins. */
  release() {
    this.close();
    this.#exclusive(() => this.#hangUpAtJanus()).catch(() => undefined);
  }

  /** The leg is wanted no more. */
  close() {
    this.#wanted = false;
    this.#drop();
    this.#enter('none');
  }

  /**
   * @template T
   * @param {() => Promise<T>} negotiation
   * @returns {Promise<T>}
   */
  #exclusive(negotiation) {
    const result = this.#queue.then(negotiation);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #freshIceServers() {
    if (Date.now() - this.#iceServersAt > this.#iceServerLife) await this.#askForServers();
    return this.#allServers();
  }

  async #askForServers() {
    this.learn((await this.#signIn.request({ request: 'ice_servers' })).result);
  }

  #allServers() {
    return [...(this.#configuration.iceServers ?? []), ...this.#iceServers];
  }

  /** A standing leg whose network changes gathers anew by itself: its credentials must be good then. */
  #renewServersLater() {
    clearTimeout(this.#serverTimer);
    if (!this.#leg || !this.#iceServers.some(({ credential }) => credential)) return;
    this.#serverTimer = setTimeout(() => this.#renewServers(), this.#iceServerLife);
  }

  async #renewServers() {
    try {
      await this.#askForServers();
      this.#leg?.useServers(this.#allServers());
    } catch {
      this.#renewServersLater(); // an ICE restart asks before it begins, in any case
    }
  }

  async #create() {
    const [iceServers, track] = [await this.#freshIceServers(), await this.#headset.track()];
    if (!this.#wanted) throw new ConnectionError('closed', 'The call or sign-in was given up');
    const leg = new BrowserLeg(this.#Connection, { ...this.#configuration, iceServers }, track);
    this.#leg = leg;
    this.#atJanus = true;
    this.#renewServersLater();
    leg.on('state', (state) => this.#legState(state));
    leg.on('remote', (stream) => this.#headset.listen(stream));
    leg.on('candidates', ({ candidates, completed }) => this.#signIn.trickle(candidates, completed));
    this.#enter('connecting');
    return leg;
  }

  async #bringUp() {
    const leg = await this.#create();
    try {
      await this.#update(leg, await leg.offer());
    } catch (error) {
      if (this.#leg === leg) this.#drop();
      throw error;
    }
  }

  /**
   * @param {BrowserLeg} leg
   * @param {Jsep} offer
   */
  async #update(leg, offer) {
    const { jsep } = await this.#signIn.request({ request: 'update' }, offer);
    if (this.#leg !== leg) return;
    if (!jsep) throw new MediaError('negotiation', 'The gateway answered the offer without SDP');
    await leg.accept(jsep);
  }

  #drop() {
    clearTimeout(this.#timer);
    clearTimeout(this.#serverTimer);
    this.#leg?.close();
    this.#leg = null;
    this.#headset.listen(null);
  }

  /** @param {RTCPeerConnectionState} state */
  #legState(state) {
    clearTimeout(this.#timer);
    if (state === 'connected') {
      this.#renewals = 0;
      this.#enter('connected');
    } else if (state === 'disconnected') {
      this.#enter('disconnected');
      this.#timer = setTimeout(() => this.#restart(), disconnectedWait);
    } else if (state === 'failed') {
      this.#enter('disconnected');
      this.#restart();
    } else if (state === 'connecting') {
      this.#timer = setTimeout(() => this.#renew(), restartWait + disconnectedWait);
    }
  }

  /**
   * Janus hears nothing of ours any more, for a second. If we hear nothing of it either then a relay or the network
   * is gone, which ICE itself finds out after five seconds and more.
   */
  async #unheard() {
    const leg = this.#leg;
    if (this.#state !== 'connected') return;
    clearTimeout(this.#timer);
    await this.flows();
    this.#timer = setTimeout(async () => (await this.flows()) || this.#leg !== leg || this.#restart(true), deafTime);
  }

  #heardAgain() {
    if (this.#state === 'connected') clearTimeout(this.#timer);
  }

  /** @param {boolean} [dead] although the browser takes the leg for connected */
  async #restart(dead = false) {
    await this.#exclusive(async () => {
      const leg = this.#leg;
      if (!leg || (leg.state === 'connected' && !dead)) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#renew(), restartWait);
      try {
        await this.#update(leg, await leg.offer({ iceRestart: true, iceServers: await this.#freshIceServers() }));
      } catch (error) {
        await leg.rollback().catch(() => undefined);
        this.#failed(error);
      }
    });
  }

  /** A PeerConnection that ICE cannot save is replaced, at Janus first. */
  async #renew() {
    const leg = this.#leg;
    if (!this.#wanted || this.#renewing) return;
    this.#renewing = true;
    await this.#exclusive(async () => {
      try {
        if (this.#leg !== leg) return; // a call has brought up another one meanwhile
        await this.#hangUpAtJanus();
        this.#drop();
        if (this.#wanted) await this.#bringUp();
      } catch (error) {
        this.#failed(error);
      } finally {
        this.#renewing = false;
      }
    });
  }

  /** @param {unknown} error */
  #failed(error) {
    // Without a connection to the gateway nothing can be done; it comes back by `restored`.
    if (error instanceof ConnectionError && error.kind !== 'timeout') return;
    this.emit('error', error instanceof PhoneError ? error : new MediaError('negotiation', String(error), { cause: error }));
    this.#renewLater();
  }

  #renewLater() {
    clearTimeout(this.#timer);
    const leg = this.#leg;
    const delay = this.#renewals === 0 ? 0 : Math.min(renewalMost, renewalFirst * 2 ** (this.#renewals - 1));
    this.#renewals += 1;
    this.#timer = setTimeout(() => this.#leg === leg && this.#renew(), delay);
  }

  async #hangUpAtJanus() {
    if (this.#atJanus) await this.#signIn.hangUpPeerConnection();
    this.#atJanus = false;
  }

  #endedByJanus() {
    if (!this.#atJanus) return;
    this.#atJanus = false;
    if (this.#renewing) return;
    this.#drop();
    this.#enter(this.#wanted ? 'disconnected' : 'none');
    if (this.#wanted) this.#renewLater();
  }

  /** @param {boolean} fresh nothing of the old PeerConnection is left at Janus */
  #restored(fresh) {
    if (fresh) this.#atJanus = false;
    if (!this.#wanted) return;
    if (fresh || !this.#leg) {
      this.#drop();
      this.#renewLater();
    } else {
      this.check();
    }
  }

  /** @param {MediaState} state */
  #enter(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.emit('state', state);
  }
}

/**
 * @param {RTCIceServer[]} servers TURN's have the time of their expiry before the colon of their username
 * @param {number} now ms since 1970
 * @returns {number} ms that they are to be used: half of what is left
 */
function lifeOf(servers, now) {
  const expiries = servers.map(({ username }) => Number.parseInt(username ?? '', 10) * 1000).filter((at) => at > 0);
  const left = Math.min(...expiries) - now;
  return Math.max(shortestServerLife, Math.min(longestServerLife, left / 2));
}
