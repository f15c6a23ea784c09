/** Silence, as the meters tell it: nothing below is shown. */
export const silence = -100; // dBFS

/** How loud a stream is right now, measured by an analyser over the last 2048 samples (43 ms at 48 kHz). */
export class LevelMeter {
  #source;
  #analyser;
  #samples;

  /**
   * @param {AudioContext} context
   * @param {MediaStream} stream with an audio track
   */
  constructor(context, stream) {
    this.#source = context.createMediaStreamSource(stream);
    this.#analyser = context.createAnalyser();
    this.#analyser.fftSize = 2048;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#source.connect(this.#analyser);
  }

  /** @returns {number} RMS in dBFS, 0 … -100 */
  level() {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return rmsLevel(this.#samples);
  }

  close() {
    this.#source.disconnect();
  }
}

/**
 * @param {Float32Array} samples -1 … 1
 * @returns {number} RMS in dBFS, 0 … -100
 */
export function rmsLevel(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const power = sum / Math.max(1, samples.length);
  return power > 0 ? Math.max(silence, 10 * Math.log10(power)) : silence;
}
