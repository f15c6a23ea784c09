// The far end: the stand-in SIP Server, by its HTTP control (tests/genesys-sim/README.md).
import { until } from './wait.mjs';

/** 20 ms each. */
const PACKETS_PER_SECOND = 50;

export class Sim {
  constructor(port) {
    this.url = `http://127.0.0.1:${port}`;
  }

  async #ask(method, path, body) {
    const answer = await fetch(this.url + path, {
      method,
      body: body && JSON.stringify(body),
      headers: body && { 'Content-Type': 'application/json' },
    });
    const found = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${found.error}`);
    return found;
  }

  /** Rings a DN. `startedAt` is when, in ms since 1970, to about a millisecond. */
  async ring(to, more = {}) {
    const before = Date.now();
    const call = await this.#ask('POST', '/calls', { to, ...more });
    return { ...call, startedAt: (before + Date.now()) / 2 };
  }

  call(id) {
    return this.#ask('GET', `/calls/${id}`);
  }

  /** The newest call, once there is one that was not there when `known` (of `callIds`) was asked for. */
  async newCall(known) {
    const calls = await until('a call to reach the SIP side', () => this.#ask('GET', '/calls'),
      (all) => all.some((call) => !known.has(call.id)));
    return calls.find((call) => !known.has(call.id)).id;
  }

  async callIds() {
    return new Set((await this.#ask('GET', '/calls')).map((call) => call.id));
  }

  hangUp(id, reason) {
    return this.#ask('DELETE', `/calls/${id}`, reason && { reason });
  }

  sendDigits(id, digits) {
    return this.#ask('POST', `/calls/${id}/digits`, { digits });
  }

  /** What call `id` plays from now on, as in `play` of `ring`. */
  play(id, what) {
    return this.#ask('POST', `/calls/${id}/play`, { play: what });
  }

  /** Waits until what call `id` tells is `good`; then all of it. */
  when(id, what, good, seconds = 10) {
    return until(`the SIP side: ${what}`, () => this.call(id), good, seconds);
  }

  /**
   * Waits until call `id` hears the tone of `frequency`, and then a whole second more, so that what the
   * stand-in says of its last second is of the tone alone.
   */
  async hears(id, frequency) {
    const begun = await this.when(id, `a tone of ${frequency} Hz`,
      ({ media }) => Math.abs((media?.frequency_hz ?? 0) - frequency) < 5);
    const { media } = await this.when(id, 'another second of sound',
      (call) => call.media.packets_received >= begun.media.packets_received + PACKETS_PER_SECOND);
    return media;
  }
}
