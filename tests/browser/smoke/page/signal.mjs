// Measures of sampled audio, the same in the page and in Node. Samples are floats in -1…1; a level is
// the RMS in dB below a full-scale square wave, so that a full-scale sine has -3 dB.

/** Below this a signal is silence, dB: G.711's own quantising noise lies near -75. */
export const SILENCE_DB = -60;

export function level(samples) {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return samples.length ? Math.max(-100, 10 * Math.log10(energy / samples.length + 1e-12)) : -100;
}

/**
 * The strongest component between 100 and 3800 Hz, and which share of the energy (0…1) lies within
 * 40 Hz of it: near 1 for a tone, low for speech and noise.
 */
export function tone(samples, rate) {
  const power = spectrum(samples);
  const hertz = rate / (2 * power.length);
  const [low, high] = [Math.ceil(100 / hertz), Math.floor(Math.min(3800, rate / 2 - 100) / hertz)];
  let peak = low;
  let all = 0;
  for (let bin = low; bin <= high; bin++) {
    all += power[bin];
    if (power[bin] > power[peak]) peak = bin;
  }
  const width = Math.ceil(40 / hertz);
  let near = 0;
  for (let bin = Math.max(low, peak - width); bin <= Math.min(high, peak + width); bin++) near += power[bin];
  return { frequency: interpolate(power, peak) * hertz, purity: all > 0 ? near / all : 0 };
}

/** The vertex of the parabola through the peak's logarithm and its neighbours', in bins. */
function interpolate(power, peak) {
  const [left, top, right] = [-1, 0, 1].map((step) => Math.log(power[peak + step] + 1e-20));
  const curve = left - 2 * top + right;
  return curve === 0 ? peak : peak + (0.5 * (left - right)) / curve;
}

/** Power of the first half of the spectrum, Hann window, zero-padded to a power of two. */
function spectrum(samples) {
  const size = 2 ** Math.ceil(Math.log2(Math.max(samples.length, 2)));
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  for (let i = 0; i < samples.length; i++) {
    real[i] = samples[i] * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / samples.length));
  }
  transform(real, imaginary);
  return Float64Array.from({ length: size / 2 }, (_, i) => real[i] ** 2 + imaginary[i] ** 2);
}

/** In-place fast Fourier transform, radix 2, decimation in time. */
function transform(real, imaginary) {
  const size = real.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j], real[i]];
      [imaginary[i], imaginary[j]] = [imaginary[j], imaginary[i]];
    }
  }
  for (let length = 2; length <= size; length *= 2) butterflies(real, imaginary, length);
}

function butterflies(real, imaginary, length) {
  const half = length / 2;
  for (let k = 0; k < half; k++) {
    const [cosine, sine] = [Math.cos((-2 * Math.PI * k) / length), Math.sin((-2 * Math.PI * k) / length)];
    for (let top = k; top < real.length; top += length) {
      const bottom = top + half;
      const re = real[bottom] * cosine - imaginary[bottom] * sine;
      const im = real[bottom] * sine + imaginary[bottom] * cosine;
      real[bottom] = real[top] - re;
      imaginary[bottom] = imaginary[top] - im;
      real[top] += re;
      imaginary[top] += im;
    }
  }
}

const STEPS_PER_FRAME = 4;

/** Loudness of 20 ms, every 5 ms, in dB, with everything below -50 dB counted as silent. */
export function envelope(samples, rate) {
  const frame = Math.round(rate / 50);
  const step = frame / STEPS_PER_FRAME;
  const count = Math.floor((samples.length - frame) / step) + 1;
  return Float64Array.from({ length: Math.max(0, count) }, (_, i) => {
    const first = Math.round(i * step);
    return Math.max(-50, level(samples.subarray(first, first + frame)));
  });
}

const FRAMES_PER_SECOND = 50;
// A browser whose jitter buffer grows or shrinks plays a few frames slower or faster.
const STRETCH = 24;  // of 5 ms: 120 ms either way

/**
 * How well the envelope `heard` is a part of `said`, which may be repeated: the mean over its seconds
 * of each one's correlation where it fits best, all of them in their order but for STRETCH steps;
 * 1 = the same rhythm of loud and soft. Speech through two codecs keeps above 0.8; other speech,
 * tones and noise stay below 0.7.
 */
export function likeness(heard, said) {
  const frames = heard.filter((_, i) => i % STEPS_PER_FRAME === 0);
  const seconds = Math.floor(frames.length / FRAMES_PER_SECOND);
  const fits = Array.from({ length: seconds }, (_, k) => fitsEverywhere(
    frames.slice(k * FRAMES_PER_SECOND, (k + 1) * FRAMES_PER_SECOND), said, k * FRAMES_PER_SECOND * STEPS_PER_FRAME));
  let best = -1;
  for (let shift = 0; shift < said.length; shift++) {
    best = Math.max(best, fits.reduce((sum, fit) => sum + bestNear(fit, shift), 0) / seconds);
  }
  return best;
}

/** The correlation of `frames` with `said` for every shift of the whole that they begin `start` steps after. */
function fitsEverywhere(frames, said, start) {
  return Float64Array.from({ length: said.length }, (_, shift) =>
    correlation(frames, frames.map((_, i) => said[(start + shift + i * STEPS_PER_FRAME) % said.length])));
}

function bestNear(fit, shift) {
  let best = -1;
  for (let near = shift - STRETCH; near <= shift + STRETCH; near++) best = Math.max(best, fit[(near + fit.length) % fit.length]);
  return best;
}

function correlation(a, b) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB);
    aa += (a[i] - meanA) ** 2;
    bb += (b[i] - meanB) ** 2;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** Index of the first 2.5 ms, from `start` on, that is louder than `threshold` dB; -1 if none is. */
export function onset(samples, rate, start, threshold) {
  const frame = Math.round(rate / 400);
  for (let i = Math.max(0, start); i + frame <= samples.length; i += frame) {
    if (level(samples.subarray(i, i + frame)) > threshold) return i;
  }
  return -1;
}
