// When the far end was heard, for as long as the page lives and whichever PeerConnection brings it: stretches
// of sound, and so the gaps between them.
import { level } from './signal.mjs';

const LOUD = -30; // dB: half way between the tones of the tests and comfort noise
const POLL = 20; // ms

/** One track's sound, on Chromium's audio clock in ms. */
class Listener {
  stretches = [];
  #offset = Infinity; // ms from that clock to Date.now()'s

  async follow(track) {
    const pieces = new MediaStreamTrackProcessor({ track: track.clone(), maxBufferSize: 300 }).readable.getReader();
    for (;;) {
      const { done, value: piece } = await pieces.read();
      if (done) return;
      const samples = new Float32Array(piece.numberOfFrames);
      piece.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
      const begin = piece.timestamp / 1000;
      const end = begin + (piece.numberOfFrames * 1000) / piece.sampleRate;
      piece.close();
      // The piece that was delayed least says best how the two clocks lie to each other.
      this.#offset = Math.min(this.#offset, performance.timeOrigin + performance.now() - end);
      if (level(samples) > LOUD) this.#heard(begin, end);
    }
  }

  #heard(begin, end) {
    const last = this.stretches.at(-1);
    if (last && begin - last[1] < 1) last[1] = end;
    else this.stretches.push([begin, end]);
  }

  /** In ms since 1970. */
  heard() {
    return this.stretches.map((stretch) => stretch.map((moment) => moment + this.#offset));
  }
}

const listeners = new Map();

/** From now on. */
export function watch() {
  setInterval(() => {
    const track = globalThis.smoke.remoteTrack();
    if (!track || listeners.has(track)) return;
    const one = new Listener();
    listeners.set(track, one);
    one.follow(track).catch(() => undefined);
  }, POLL);
}

/** [begin, end] of every stretch of sound, in ms since 1970. */
export function heard() {
  return [...listeners.values()].flatMap((one) => one.heard()).sort(([a], [b]) => a - b);
}
