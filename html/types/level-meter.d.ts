/**
 * @param {Float32Array} samples -1 … 1
 * @returns {number} RMS in dBFS, 0 … -100
 */
export function rmsLevel(samples: Float32Array): number;
/** Silence, as the meters tell it: nothing below is shown. */
export const silence: -100;
/** How loud a stream is right now, measured by an analyser over the last 2048 samples (43 ms at 48 kHz). */
export class LevelMeter {
    /**
     * @param {AudioContext} context
     * @param {MediaStream} stream with an audio track
     */
    constructor(context: AudioContext, stream: MediaStream);
    /** @returns {number} RMS in dBFS, 0 … -100 */
    level(): number;
    close(): void;
    #private;
}
