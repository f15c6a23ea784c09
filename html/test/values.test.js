import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Emitter } from '../lib/emitter.js';
import { rmsLevel } from '../lib/level-meter.js';
import { readStats } from '../lib/media-stats.js';
import { codecName, duration, reasonOf } from '../demo/format.js';

test('levels in dBFS', () => {
  const sine = Float32Array.from({ length: 4800 }, (_, n) => Math.sin((2 * Math.PI * 1000 * n) / 48000));
  assert.ok(Math.abs(rmsLevel(sine) + 3.01) < 0.01);
  assert.ok(Math.abs(rmsLevel(sine.map((x) => x / 10)) + 23.01) < 0.01);
  assert.equal(rmsLevel(new Float32Array(100)), -100);
  assert.equal(rmsLevel(new Float32Array(0)), -100);
});

test('statistics of the selected path', () => {
  const stats = readStats([
    { id: 'T', type: 'transport', selectedCandidatePairId: 'P2' },
    { id: 'P1', type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 9 },
    { id: 'P2', type: 'candidate-pair', currentRoundTripTime: 0.0124, localCandidateId: 'L' },
    { id: 'L', type: 'local-candidate', candidateType: 'relay' },
    { id: 'C', type: 'codec', mimeType: 'audio/opus' },
    {
      id: 'I',
      type: 'inbound-rtp',
      kind: 'audio',
      jitter: 0.003,
      packetsReceived: 98,
      packetsLost: 2,
      jitterBufferDelay: 480,
      jitterBufferEmittedCount: 9600,
      totalSamplesReceived: 1000,
      concealedSamples: 20,
    },
    { id: 'O', type: 'outbound-rtp', kind: 'audio', packetsSent: 100, codecId: 'C' },
  ]);
  assert.deepEqual(stats, {
    roundTrip: 12,
    jitter: 3,
    packetsReceived: 98,
    packetsLost: 2,
    packetsSent: 100,
    playoutDelay: 50,
    concealed: 0.02,
    codec: 'audio/opus',
    path: 'relay',
  });
  assert.deepEqual(readStats([]).roundTrip, null);
});

test('a listener can be taken off while it runs, and a failing one hinders nobody', () => {
  const emitter = new Emitter();
  const heard = [];
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.message);
  emitter.once('x', () => {
    heard.push('once');
    throw new Error('of the listener');
  });
  const off = emitter.on('x', () => heard.push('always'));
  emitter.emit('x', undefined);
  emitter.emit('x', undefined);
  off();
  emitter.emit('x', undefined);
  assert.deepEqual(heard, ['once', 'always', 'always']);
  assert.deepEqual(reported, ['of the listener']);
});

test('what the page says', () => {
  assert.deepEqual([duration(0), duration(61_999), duration(3_723_000)], ['00:00', '01:01', '1:02:03']);
  assert.deepEqual(['opus/48000/2', 'PCMU/8000', 'G722/8000', ''].map(codecName), ['Opus 48 kHz', 'PCMU 8 kHz', 'G722 16 kHz', '–']);
  assert.equal(
    reasonOf({ state: 'out-of-service', reason: 'Not Found', code: 404, retryIn: 3500 }),
    'Not Found (404). Next attempt in 4 s.',
  );
});
