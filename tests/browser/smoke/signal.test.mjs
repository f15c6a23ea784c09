// The measures themselves: known sounds in, known figures out.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';

import { envelope, level, likeness, onset, tone } from './page/signal.mjs';
import { readWav, writeTone } from './wav.mjs';

const RATE = 8000;
const sine = (frequency, peak, seconds = 1) =>
  Float32Array.from({ length: RATE * seconds }, (_, i) => peak * Math.sin((2 * Math.PI * frequency * i) / RATE));

/** A repeatable noise (linear congruential), -1…1. */
function noise(count, seed) {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 1073741824 - 1;
  });
}

/** Noise that comes in syllables of changing length and loudness. */
function babble(seconds, seed) {
  const carrier = noise(RATE * seconds, seed);
  const loudness = noise(seconds * 10, seed + 7).map((value) => Math.max(0, value));
  return carrier.map((value, i) => value * loudness[Math.floor((i * 10) / RATE)]);
}

test('a tone is found by frequency, level and purity', () => {
  const found = tone(sine(1004, 0.25), RATE);
  assert.ok(Math.abs(found.frequency - 1004) < 0.5, `${found.frequency} Hz`);
  assert.ok(found.purity > 0.99);
  assert.ok(Math.abs(level(sine(1004, 0.25)) - -15.05) < 0.1);
});

test('noise is no tone, and silence has no level', () => {
  assert.ok(tone(noise(RATE, 1), RATE).purity < 0.2);
  assert.equal(level(new Float32Array(100)), -100);
});

test('an envelope is recognised shifted, quieter and noisy, and another is not', () => {
  const said = babble(9, 3);
  const heard = said.subarray(RATE * 4, RATE * 7).map((value, i) => 0.5 * value + 0.001 * Math.sin(i));
  assert.ok(likeness(envelope(heard, RATE), envelope(said, RATE)) > 0.9);
  const stretched = Float32Array.from([...heard.subarray(0, RATE), ...heard.subarray(RATE - 400)]);
  assert.ok(likeness(envelope(stretched, RATE), envelope(said, RATE)) > 0.9, 'a browser that plays 50 ms twice');
  assert.ok(likeness(envelope(babble(3, 99), RATE), envelope(said, RATE)) < 0.7);
  assert.ok(likeness(envelope(sine(440, 0.3, 3), RATE), envelope(said, RATE)) < 0.5);
});

test('the onset is found to 2.5 ms', () => {
  const samples = new Float32Array(RATE);
  samples.set(sine(440, 0.1, 0.5), 4000);
  assert.ok(Math.abs(onset(samples, RATE, 0, -45) - 4000) <= 20);
  assert.equal(onset(new Float32Array(RATE), RATE, 0, -45), -1);
});

test('a tone written is a tone read', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'wav-'));
  await writeTone(path.join(folder, 'tone.wav'), { frequency: 700, seconds: 1, peak: 0.5 });
  const { rate, samples } = await readWav(path.join(folder, 'tone.wav'));
  await rm(folder, { recursive: true });
  assert.equal(rate, 48000);
  assert.ok(Math.abs(tone(samples, rate).frequency - 700) < 0.5);
});
