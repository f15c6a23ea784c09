// The agent at the page: does what a person does, by the controls a person uses.
import { listen } from './browser.mjs';

export class Agent {
  /**
   * @param {import('playwright-core').Page} page
   * @param {{origin: string, dn: string, password: string}} who
   */
  constructor(page, { origin, dn, password }) {
    Object.assign(this, { page, origin, dn, password });
  }

  control(name) {
    return this.page.getByTestId(name);
  }

  /** With `audio=raw` the page asks for the microphone as it is: a tone is what suppression removes. */
  async open() {
    await this.page.goto(`${this.origin}/demo/#audio=raw`);
  }

  async signIn() {
    await this.control('dn').fill(this.dn);
    await this.control('credential').fill(this.password);
    await this.control('sign-in').click();
    await this.inService();
  }

  async inService() {
    await this.page.locator('[data-testid=dn-state][data-state=in-service]').waitFor({ timeout: 10_000 });
  }

  async dial(number) {
    await this.control('number').fill(number);
    await this.control('dial').click();
  }

  async press(digits) {
    const names = { '*': 'star', '#': 'hash' };
    for (const digit of digits) await this.control(`key-${names[digit] ?? digit}`).click();
  }

  /** @param {string} state of `data-state`: calling, alerting, early, established, … */
  async callIs(state, timeout = 10_000) {
    await this.page.locator(`[data-testid=in-call][data-state=${state}]`).waitFor({ timeout });
  }

  async callIsGone(timeout = 10_000) {
    await this.control('in-call').waitFor({ state: 'hidden', timeout });
  }

  /** ms since 1970 when the control was clicked last, by the page's own clock. */
  clickedAt(name) {
    return this.page.evaluate((which) => globalThis.smoke.clickedAt[which], name);
  }

  /** Level and frequency of what the agent hears in the next `ms`. */
  hears(ms = 1000) {
    return listen(this.page, 'measure', ms);
  }

  /** ms since 1970 when the first sound was heard at or after `epoch`. */
  heardAfter(epoch, seconds = 5) {
    return listen(this.page, 'onsetAfter', epoch, -45, seconds);
  }

  stats() {
    return this.page.evaluate(() => globalThis.smoke.stats());
  }

  async codecs() {
    return { browser: await this.control('codec-browser').innerText(), sip: await this.control('codec-sip').innerText() };
  }

  /** Digits that the far end pressed, since `noteDigits` was called. */
  noteDigits() {
    return this.page.evaluate(() => {
      globalThis.smoke.digits = '';
      for (const call of globalThis.phone.calls.values()) {
        call.on('digit', ({ digit }) => { globalThis.smoke.digits += digit; });
      }
    });
  }

  digits() {
    return this.page.evaluate(() => globalThis.smoke.digits);
  }
}
