/**
 * @typedef {object} Cadence
 * @property {number[]} frequencies Hz, sounded together
 * @property {number[]} pattern ms: on, off, on, off, …
 * @property {number} gain 0 … 1
 */

/** @type {Record<'ring' | 'ringback', Cadence>} */
const cadences = {
  ring: { frequencies: [523.25, 659.25], pattern: [400, 200, 400, 2000], gain: 0.16 },
  ringback: { frequencies: [425], pattern: [1000, 4000], gain: 0.06 },
};

/** The bell and the ring-back tone, made by oscillators: no file, and it falls silent at once. */
export class RingTone {
  #context;
  /** @type {'ring' | 'ringback' | null} */
  #sounding = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {OscillatorNode[]} */
  #oscillators = [];

  /** @param {() => AudioContext | null} context called when a tone is to sound */
  constructor(context) {
    this.#context = context;
  }

  /** What sounds now: `ring` for the agent who is called, `ringback` for the one who calls. */
  get sounding() {
    return this.#sounding;
  }

  /** @param {'ring' | 'ringback' | null} tone null for silence */
  set(tone) {
    if (tone === this.#sounding) return;
    this.#silence();
    this.#sounding = tone;
    if (tone) this.#step(cadences[tone], 0);
  }

  /** One short tone: a call that is answered by itself begins. */
  beep() {
    this.#sound({ frequencies: [880], pattern: [], gain: 0.2 }, 250);
  }

  /**
   * @param {Cadence} cadence
   * @param {number} index into its pattern
   */
  #step(cadence, index) {
    const duration = cadence.pattern[index];
    if (index % 2 === 0) this.#sound(cadence, duration);
    const next = (index + 1) % cadence.pattern.length;
    this.#timer = setTimeout(() => this.#step(cadence, next), duration);
  }

  /**
   * @param {Cadence} cadence
   * @param {number} duration ms
   */
  #sound({ frequencies, gain }, duration) {
    const context = this.#context();
    if (!context) return;
    const [start, end] = [context.currentTime, context.currentTime + duration / 1000];
    const envelope = context.createGain();
    envelope.gain.setValueAtTime(0, start);
    envelope.gain.linearRampToValueAtTime(gain, start + 0.02);
    envelope.gain.setValueAtTime(gain, end - 0.04);
    envelope.gain.linearRampToValueAtTime(0, end);
    envelope.connect(context.destination);
    this.#oscillators = frequencies.map((frequency) => {
      const oscillator = context.createOscillator();
      oscillator.frequency.value = frequency;
      oscillator.connect(envelope);
      oscillator.start(start);
      oscillator.stop(end);
      oscillator.onended = () => envelope.disconnect();
      return oscillator;
    });
  }

  #silence() {
    clearTimeout(this.#timer);
    for (const oscillator of this.#oscillators.splice(0)) oscillator.stop();
  }
}
