// Time that stands still until a test moves it: setTimeout and Date.now of this process.

const realImmediate = setImmediate;

/** Lets everything that is ready run, microtasks and answers of the mock included. */
export async function settle() {
  for (let round = 0; round < 8; round += 1) await new Promise((resolve) => realImmediate(resolve));
}

export class VirtualTime {
  now = 1_700_000_000_000;
  #timers = new Map();
  #next = 1;
  #real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: Date.now };

  install() {
    globalThis.setTimeout = /** @type {any} */ ((run, delay = 0) => {
      this.#timers.set(this.#next, { at: this.now + Math.max(0, delay), run });
      return this.#next++;
    });
    globalThis.clearTimeout = /** @type {any} */ ((id) => this.#timers.delete(id));
    Date.now = () => this.now;
  }

  restore() {
    globalThis.setTimeout = this.#real.setTimeout;
    globalThis.clearTimeout = this.#real.clearTimeout;
    Date.now = this.#real.now;
  }

  /** Timers that would still run. */
  get pending() {
    return this.#timers.size;
  }

  /** @param {number} ms runs what falls due in its order, and what follows from it */
  async advance(ms) {
    const end = this.now + ms;
    await settle();
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].run();
      await settle();
    }
    this.now = end;
  }
}
