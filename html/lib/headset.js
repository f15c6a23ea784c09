import { Emitter } from './emitter.js';
import { MediaError } from './errors.js';
import { LevelMeter, silence } from './level-meter.js';
import { Microphone } from './microphone.js';
import { RingTone } from './ring-tone.js';

/** @import { PhoneError } from './errors.js' */

/**
 * @typedef {object} AudioDevice
 * @property {string} id
 * @property {string} label
 */

/**
 * @typedef {object} HeadsetOptions
 * @property {HTMLAudioElement} [audio] where the far end is heard
 * @property {MediaTrackConstraints} [constraints] for getUserMedia
 * @property {MediaDevices} [mediaDevices]
 * @property {typeof AudioContext} [AudioContext]
 */

/**
 * @typedef {object} HeadsetEvents
 * @property {MediaStreamTrack} track what is to be sent from now on
 * @property {undefined} blocked the browser plays nothing before a click or key: then call `unlock`
 * @property {undefined} devices devices came or went
 * @property {PhoneError} error
 */

/**
 * What the agent wears: microphone, earpiece and bell, with their devices and levels.
 * @extends {Emitter<HeadsetEvents>}
 */
export class Headset extends Emitter {
  #audio;
  #devices;
  #Context;
  #microphone;
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AudioContext | null} the bell may sound on another device */
  #bell = null;
  #bellDevice = '';
  #tone;
  /** @type {LevelMeter | null} */
  #inputMeter = null;
  /** @type {LevelMeter | null} */
  #outputMeter = null;
  /** @type {MediaStream | null} */
  #remote = null;
  #onDevices = () => this.emit('devices', undefined);

  /** @param {HeadsetOptions} options */
  constructor({ audio, constraints, mediaDevices, AudioContext }) {
    super();
    this.#audio = audio ?? new Audio();
    this.#audio.autoplay = true;
    this.#devices = mediaDevices ?? globalThis.navigator?.mediaDevices;
    this.#Context = AudioContext ?? globalThis.AudioContext;
    this.#microphone = new Microphone(this.#devices, constraints ?? standardConstraints);
    this.#microphone.on('lost', () => this.#microphoneLost());
    this.#tone = new RingTone(() => this.#bellContext());
    this.#devices?.addEventListener?.('devicechange', this.#onDevices);
  }

  /** The track for the PeerConnection; the microphone is opened if it is not. */
  async track() {
    return this.#microphone.track ?? this.#open(this.#microphone.deviceId);
  }

  /** Whether the far end may hear the microphone. */
  get live() {
    return this.#microphone.live;
  }

  set live(live) {
    this.#microphone.live = live;
  }

  /** The chosen microphone, "" for the browser's default. */
  get input() {
    return this.#microphone.deviceId;
  }

  /** @param {string} deviceId "" for the browser's default; a closed microphone stays closed */
  async setInput(deviceId) {
    const track = await this.#open(deviceId);
    this.emit('track', track);
  }

  /** @param {string} deviceId "" for the browser's default */
  async setOutput(deviceId) {
    if (typeof this.#audio.setSinkId !== 'function') {
      throw new MediaError('unsupported', 'This browser cannot choose a loudspeaker; choose it in the system');
    }
    await this.#audio.setSinkId(deviceId).catch((cause) => {
      throw new MediaError('no-device', 'The loudspeaker cannot be used', { cause });
    });
  }

  /** @param {string} deviceId where it rings, "" for the browser's default */
  async setRinger(deviceId) {
    this.#bellDevice = deviceId;
    if (this.#bell) await routeTo(this.#bell, deviceId);
  }

  /**
   * Microphones and loudspeakers; without labels until the microphone has been allowed once.
   * @returns {Promise<{inputs: AudioDevice[], outputs: AudioDevice[]}>}
   */
  async devices() {
    const all = (await this.#devices?.enumerateDevices()) ?? [];
    /** @param {string} kind */
    const of = (kind) =>
      all
        .filter((device) => device.kind === kind && device.deviceId !== '')
        .map(({ deviceId, label }) => ({ id: deviceId, label }));
    return { inputs: of('audioinput'), outputs: of('audiooutput') };
  }

  /** @param {MediaStream | null} stream the far end's audio, heard from now on */
  listen(stream) {
    this.#remote = stream;
    this.#outputMeter?.close();
    this.#outputMeter = null;
    this.#audio.srcObject = stream;
    if (stream) this.#play();
  }

  /** @param {'ring' | 'ringback' | null} tone */
  ring(tone) {
    this.#tone.set(tone);
  }

  /** One short tone before a call that answers itself. */
  beep() {
    this.#tone.beep();
  }

  /** What rings now. */
  get ringing() {
    return this.#tone.sounding;
  }

  /** To be called from a click or key: lets the browser play what it held back. */
  unlock() {
    this.#context?.resume().catch(() => undefined);
    this.#bell?.resume().catch(() => undefined);
    if (this.#audio.srcObject && this.#audio.paused) this.#play();
  }

  /**
   * How loud it is now at the microphone (whether or not it is sent) and in the earpiece.
   * @returns {{input: number, output: number}} dBFS, 0 … -100
   */
  levels() {
    const context = this.#meterContext();
    const stream = this.#microphone.stream;
    if (context && stream) this.#inputMeter ??= new LevelMeter(context, stream);
    if (context && this.#remote) this.#outputMeter ??= new LevelMeter(context, this.#remote);
    return { input: this.#inputMeter?.level() ?? silence, output: this.#outputMeter?.level() ?? silence };
  }

  /** Gives microphone and loudspeaker back; they can be opened again. */
  close() {
    this.ring(null);
    this.listen(null);
    this.#closeMeter();
    this.#microphone.close();
    this.#microphone.live = false;
    for (const context of [this.#context, this.#bell]) context?.close().catch(() => undefined);
    this.#context = null;
    this.#bell = null;
  }

  /** @param {string} deviceId */
  async #open(deviceId) {
    const track = await this.#microphone.open(deviceId);
    this.#closeMeter();
    return track;
  }

  #closeMeter() {
    this.#inputMeter?.close();
    this.#inputMeter = null;
  }

  async #microphoneLost() {
    this.#microphone.close();
    this.#closeMeter();
    try {
      this.emit('track', await this.#open(''));
      this.emit('error', new MediaError('no-device', 'The microphone went away; the default one is used now'));
    } catch (error) {
      if (error instanceof MediaError) this.emit('error', error);
    }
  }

  #play() {
    // AbortError only says that the next stream came before this one played.
    this.#audio.play()?.catch((error) => error?.name === 'NotAllowedError' && this.emit('blocked', undefined));
  }

  #meterContext() {
    if (!this.#context && this.#Context) this.#context = new this.#Context({ latencyHint: 'interactive' });
    return this.#context;
  }

  #bellContext() {
    if (!this.#bell && this.#Context) {
      this.#bell = new this.#Context();
      if (this.#bellDevice) routeTo(this.#bell, this.#bellDevice);
    }
    return this.#bell;
  }
}

/** What a headset on a busy floor needs. @type {MediaTrackConstraints} */
const standardConstraints = {
  channelCount: 1,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/**
 * @param {AudioContext & {setSinkId?: (id: string) => Promise<void>}} context
 * @param {string} deviceId
 */
async function routeTo(context, deviceId) {
  // A bell that cannot move to its device rings on the default one: better than not at all.
  await context.setSinkId?.(deviceId).catch(() => undefined);
}
