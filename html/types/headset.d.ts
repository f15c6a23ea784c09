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
export class Headset extends Emitter<HeadsetEvents> {
    /** @param {HeadsetOptions} options */
    constructor({ audio, constraints, mediaDevices, AudioContext }: HeadsetOptions);
    /** The track for the PeerConnection; the microphone is opened if it is not. */
    track(): Promise<MediaStreamTrack>;
    set live(live: boolean);
    /** Whether the far end may hear the microphone. */
    get live(): boolean;
    /** The chosen microphone, "" for the browser's default. */
    get input(): string;
    /** @param {string} deviceId "" for the browser's default; a closed microphone stays closed */
    setInput(deviceId: string): Promise<void>;
    /** @param {string} deviceId "" for the browser's default */
    setOutput(deviceId: string): Promise<void>;
    /** @param {string} deviceId where it rings, "" for the browser's default */
    setRinger(deviceId: string): Promise<void>;
    /**
     * Microphones and loudspeakers; without labels until the microphone has been allowed once.
     * @returns {Promise<{inputs: AudioDevice[], outputs: AudioDevice[]}>}
     */
    devices(): Promise<{
        inputs: AudioDevice[];
        outputs: AudioDevice[];
    }>;
    /** @param {MediaStream | null} stream the far end's audio, heard from now on */
    listen(stream: MediaStream | null): void;
    /** @param {'ring' | 'ringback' | null} tone */
    ring(tone: "ring" | "ringback" | null): void;
    /** One short tone before a call that answers itself. */
    beep(): void;
    /** What rings now. */
    get ringing(): "ring" | "ringback" | null;
    /** To be called from a click or key: lets the browser play what it held back. */
    unlock(): void;
    /**
     * How loud it is now at the microphone (whether or not it is sent) and in the earpiece.
     * @returns {{input: number, output: number}} dBFS, 0 … -100
     */
    levels(): {
        input: number;
        output: number;
    };
    /** Gives microphone and loudspeaker back; they can be opened again. */
    close(): void;
    #private;
}
export type AudioDevice = {
    id: string;
    label: string;
};
export type HeadsetOptions = {
    /**
     * where the far end is heard
     */
    audio?: HTMLAudioElement | undefined;
    /**
     * for getUserMedia
     */
    constraints?: MediaTrackConstraints | undefined;
    mediaDevices?: MediaDevices | undefined;
    AudioContext?: {
        new (contextOptions?: AudioContextOptions): AudioContext;
        prototype: AudioContext;
    } | undefined;
};
export type HeadsetEvents = {
    /**
     * what is to be sent from now on
     */
    track: MediaStreamTrack;
    /**
     * the browser plays nothing before a click or key: then call `unlock`
     */
    blocked: undefined;
    /**
     * devices came or went
     */
    devices: undefined;
    error: PhoneError;
};
import { Emitter } from './emitter.js';
import type { PhoneError } from './errors.js';
