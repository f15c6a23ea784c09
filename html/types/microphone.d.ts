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
export class Microphone extends Emitter<MicrophoneEvents> {
    /**
     * @param {MediaDevices | undefined} devices
     * @param {MediaTrackConstraints} constraints handed to getUserMedia
     */
    constructor(devices: MediaDevices | undefined, constraints: MediaTrackConstraints);
    /** What is captured, for a level meter; null while the microphone is closed. */
    get stream(): MediaStream | null;
    /** The track for the PeerConnection. */
    get track(): MediaStreamTrack | null;
    /** The chosen device, "" for the browser's default. */
    get deviceId(): string;
    set live(live: boolean);
    /** Whether the far side may hear it: what is sent is silence otherwise. */
    get live(): boolean;
    /**
     * Opens the microphone, or changes the device of an open one.
     * @param {string} [deviceId] "" for the browser's default
     * @returns {Promise<MediaStreamTrack>} the new track for the PeerConnection; MediaError
     */
    open(deviceId?: string): Promise<MediaStreamTrack>;
    /** Gives the device back: the browser's recording sign goes out. */
    close(): void;
    #private;
}
export type MicrophoneEvents = {
    /**
     * the device went away (unplugged) or its permission was taken back
     */
    lost: undefined;
};
import { Emitter } from './emitter.js';
