// Sound files: 16-bit PCM and G.711 µ-law/A-law, one channel, as floats.
import { readFile, writeFile } from 'node:fs/promises';

const PCM = 1;
const ALAW = 6;
const ULAW = 7;

/** @returns {Promise<{rate: number, samples: Float32Array}>} Error naming the file if it is no such WAV */
export async function readWav(path) {
  const file = await readFile(path);
  const chunks = new Map();
  for (let at = 12; at + 8 <= file.length;) {
    const size = file.readUInt32LE(at + 4);
    chunks.set(file.toString('latin1', at, at + 4), file.subarray(at + 8, at + 8 + size));
    at += 8 + size + (size % 2);
  }
  const [format, data] = [chunks.get('fmt '), chunks.get('data')];
  if (!format || !data) throw new Error(`${path}: no WAV file with a format and data`);
  if (format.readUInt16LE(2) !== 1) throw new Error(`${path}: not one channel`);
  return { rate: format.readUInt32LE(4), samples: decode(format.readUInt16LE(0), data, path) };
}

function decode(encoding, data, path) {
  switch (encoding) {
    case PCM:
      return Float32Array.from({ length: data.length >> 1 }, (_, i) => data.readInt16LE(2 * i) / 32768);
    case ULAW:
      return Float32Array.from(data, ulaw);
    case ALAW:
      return Float32Array.from(data, alaw);
    default:
      throw new Error(`${path}: encoding ${encoding} is not read here`);
  }
}

/** G.711 µ-law, 1…-1. */
function ulaw(octet) {
  const code = ~octet & 0xff;
  const magnitude = ((((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84;
  return (code & 0x80 ? -magnitude : magnitude) / 32768;
}

/** G.711 A-law, 1…-1. */
function alaw(octet) {
  const code = octet ^ 0x55;
  const segment = (code & 0x70) >> 4;
  let magnitude = ((code & 0x0f) << 4) + 8;
  if (segment > 0) magnitude = (magnitude + 0x100) << (segment - 1);
  return (code & 0x80 ? magnitude : -magnitude) / 32768;
}

/** Writes a sine of whole periods, so that it can be played in a loop without a click. */
export async function writeTone(path, { frequency, seconds, peak, rate = 48000 }) {
  const count = Math.round(rate * seconds);
  const file = Buffer.alloc(44 + 2 * count);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + 2 * count, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(PCM, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(2 * rate, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(2 * count, 40);
  for (let i = 0; i < count; i++) {
    file.writeInt16LE(Math.round(32767 * peak * Math.sin((2 * Math.PI * frequency * i) / rate)), 44 + 2 * i);
  }
  await writeFile(path, file);
}
