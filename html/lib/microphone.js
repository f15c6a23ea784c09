import { Emitter } from './emitter.js';
import { MediaError } from './errors.js';

/**
 * @typedef {object} MicrophoneEvents
 * @property {undefined} lost the device went away (unplugged) or its permission was taken back
 */

/**
 * The microphone: one capture, from which a track is handed to the PeerConnection. What is captured
 * can be metered even while the sent track is silent.
 *
 * @extends {Emitter<MicrophoneEvents>}
 */
export class Microphone extends Emitter {
  #devices;
  #constraints;
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {MediaStreamTrack | null} the clone that is sent */
  #sent = null;
  #live = false;
  #deviceId = '';

  /**
   * @param {MediaDevices | undefined} devices
   * @param {MediaTrackConstraints} constraints handed to getUserMedia
   */
  constructor(devices, constraints) {
    super();
    this.#devices = devices;
    this.#constraints = constraints;
  }

  /** What is captured, for a level meter; null while the microphone is closed. */
  get stream() {
    return this.#stream;
  }

  /** The track for the PeerConnection. */
  get track() {
    return this.#sent;
  }

  /** The chosen device, "" for the browser's default. */
  get deviceId() {
    return this.#deviceId;
  }

  /** Whether the far side may hear it: what is sent is silence otherwise. */
  get live() {
    return this.#live;
  }

  set live(live) {
    this.#live = live;
    if (this.#sent) this.#sent.enabled = live;
  }

  /**
   * Opens the microphone, or changes the device of an open one.
   * @param {string} [deviceId] "" for the browser's default
   * @returns {Promise<MediaStreamTrack>} the new track for the PeerConnection; MediaError
   */
  async open(deviceId = this.#deviceId) {
    const stream = await this.#capture(deviceId);
    const track = stream.getAudioTracks()[0];
    if (!track) throw new MediaError('no-device', 'The microphone gave no audio');
    this.close();
    this.#stream = stream;
    this.#deviceId = deviceId;
    this.#sent = track.clone();
    this.#sent.enabled = this.#live;
    track.onended = () => this.emit('lost', undefined);
    return this.#sent;
  }

  /** Gives the device back: the browser's recording sign goes out. */
  close() {
    for (const track of this.#stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    this.#sent?.stop();
    this.#stream = null;
    this.#sent = null;
  }

  /** @param {string} deviceId */
  async #capture(deviceId) {
    if (!this.#devices?.getUserMedia) {
      throw new MediaError('unsupported', 'This page may not use a microphone: it must be loaded by https');
    }
    const device = deviceId ? { deviceId: { exact: deviceId } } : {};
    try {
      return await this.#devices.getUserMedia({ audio: { ...this.#constraints, ...device } });
    } catch (error) {
      throw microphoneError(error);
    }
  }
}

/** @param {unknown} cause what getUserMedia threw */
function microphoneError(cause) {
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new MediaError(
        'permission-denied',
        'The browser does not let this page use the microphone. Allow it in the address bar and try again.',
        { cause },
      );
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new MediaError('no-device', 'No microphone was found. Connect a headset and try again.', { cause });
    case 'NotReadableError':
    case 'AbortError':
      return new MediaError('device-busy', 'The microphone cannot be opened: another program may be using it.', {
        cause,
      });
    default:
      return new MediaError('unsupported', `The microphone cannot be opened: ${String(cause)}`, { cause });
  }
}
