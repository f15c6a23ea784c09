// Listens to the page's remote audio: the last seconds as samples, with the time each was played.
import { level, onset, tone } from './signal.mjs';

const RATE = 48000;
const KEPT_SECONDS = 10;
const GAP = RATE / 50; // frames, 20 ms

class Ear {
  #kept = new Float32Array(RATE * KEPT_SECONDS);
  #end = 0; // number of the frame after the last one kept
  #begin; // ms on Chromium's audio clock when frame 0 was played
  #offset = Infinity; // ms from that clock to Date.now()'s

  /**
   * Chromium hands over the track's sound in pieces of 10 ms, as it would to the loudspeaker. While the
   * page is busy up to 3 s wait; the pieces' own timestamps say when they were due.
   */
  async listen(track) {
    const pieces = new MediaStreamTrackProcessor({ track: track.clone(), maxBufferSize: 300 }).readable.getReader();
    for (;;) {
      const { done, value: piece } = await pieces.read();
      if (done) return;
      if (piece.sampleRate !== RATE) throw new Error(`the track plays at ${piece.sampleRate} Hz`);
      const samples = new Float32Array(piece.numberOfFrames);
      piece.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
      this.#keep(samples, piece.timestamp / 1000);
      piece.close();
    }
  }

  /** @param {number} playedAt of the first sample, in ms on Chromium's audio clock */
  #keep(samples, playedAt) {
    this.#begin ??= playedAt;
    // The clock's jitter is no gap; what is, as at the very start, is kept as silence.
    const due = Math.round(((playedAt - this.#begin) * RATE) / 1000);
    while (due - this.#end > GAP) this.#append(0);
    for (const sample of samples) this.#append(sample);
    // The piece that was delayed least says best how the two clocks lie to each other.
    const now = performance.timeOrigin + performance.now();
    this.#offset = Math.min(this.#offset, now - this.#begin - (this.#end * 1000) / RATE);
  }

  #append(sample) {
    this.#kept[this.#end++ % this.#kept.length] = sample;
  }

  /** ms since 1970 at which a frame was played. */
  #epochOf(frame) {
    return this.#begin + this.#offset + (frame * 1000) / RATE;
  }

  /** The frames from `first` to the end, at most as many as are kept. */
  #since(first) {
    const begin = Math.max(first, this.#end - this.#kept.length, 0);
    const samples = Float32Array.from({ length: Math.max(0, this.#end - begin) },
      (_, i) => this.#kept[(begin + i) % this.#kept.length]);
    return { begin, samples };
  }

  async #waitForFrame(frame, seconds) {
    const deadline = performance.now() + seconds * 1000;
    while (this.#end < frame) {
      if (performance.now() > deadline) throw this.failure ?? new Error('the page plays nothing');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Records the next `ms` and measures them. */
  async measure(ms) {
    const from = this.#end;
    await this.#waitForFrame(from + (ms * RATE) / 1000, ms / 1000 + 5);
    const { samples } = this.#since(from);
    return { level: level(samples), ...tone(samples, RATE) };
  }

  /** Records the next `ms`; the samples as 16-bit numbers at 8 kHz (every sixth of a 6-sample mean). */
  async record(ms) {
    const from = this.#end;
    await this.#waitForFrame(from + (ms * RATE) / 1000, ms / 1000 + 5);
    const { samples } = this.#since(from);
    return Array.from({ length: Math.floor(samples.length / 6) }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < 6; k++) sum += samples[i * 6 + k];
      return Math.round((sum / 6) * 32767);
    });
  }

  /** Waits for something louder than `threshold` dB played at or after `epoch` (ms); when it was. */
  async onsetAfter(epoch, threshold, seconds) {
    const deadline = performance.now() + seconds * 1000;
    for (;;) {
      const start = Math.ceil(((epoch - this.#epochOf(0)) * RATE) / 1000);
      const { begin, samples } = this.#since(start);
      const at = onset(samples, RATE, 0, threshold);
      if (at >= 0) return this.#epochOf(begin + at);
      if (performance.now() > deadline) throw new Error(`nothing louder than ${threshold} dB heard in ${seconds} s`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const ears = new WeakMap();

/** The ear on the newest live remote audio track; waits for one. */
export async function ear(seconds = 10) {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const track = globalThis.smoke.remoteTrack();
    if (track) {
      if (!ears.has(track)) {
        const one = new Ear();
        ears.set(track, one);
        one.listen(track).catch((error) => { one.failure = error; });
      }
      return ears.get(track);
    }
    if (performance.now() > deadline) throw new Error('the page has no remote audio track');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
