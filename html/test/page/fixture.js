import assert from 'node:assert/strict';
import { launch } from './browser.js';
import { gatewayPeer } from './gateway-peer.js';
import { PageServer } from './server.js';

/** @import { Browser, Page } from 'playwright-core' */

const patience = 15_000; // ms: a condition that is not met by then is not met at all

/** One Chromium for all tests of a file; each test has its own server, mock and page. */
export class PageFixture {
  /** @type {Browser} */
  browser;
  /** @type {PageServer} */
  server;
  /** @type {Page} */
  page;
  address = '';
  /** What the page did wrong, in words. @type {string[]} */
  complaints = [];

  async launch() {
    this.browser = await launch();
  }

  async quit() {
    await this.browser?.close();
  }

  /** @param {{config?: object | null, context?: object, prepare?: (page: Page) => Promise<void>, hash?: string}} [options] */
  async open({ config = { janus: '/janus-ws', signIn: 'password' }, context = {}, prepare, hash = '' } = {}) {
    this.server = new PageServer();
    this.server.config = config;
    this.address = await this.server.listen();
    const answer = await gatewayPeer(this.browser);
    this.closing = false;
    // A test may end while the page still negotiates.
    this.plugin.answer = (offer) => answer(offer).catch((error) => this.closing ? '' : Promise.reject(error));
    this.context = await this.browser.newContext({ viewport: { width: 1180, height: 900 }, ...context });
    this.page = await this.context.newPage();
    this.page.setDefaultTimeout(patience);
    this.complaints = [];
    this.#listen();
    await prepare?.(this.page);
    await this.page.goto(this.address + hash);
    await this.at('sign-in').waitFor();
  }

  async close() {
    this.closing = true;
    await Promise.all(this.browser.contexts().map((context) => context.close()));
    await this.server.close();
  }

  get janus() {
    return this.server.janus;
  }

  get plugin() {
    return this.server.janus.plugin;
  }

  /** @param {string} id data-testid */
  at(id) {
    return this.page.getByTestId(id);
  }

  /** @param {string} id @param {string | RegExp} text waits for it */
  async says(id, text) {
    const found = this.at(id).filter({ hasText: text });
    await found.waitFor().catch(async () => {
      const text_ = await this.at(id).first().textContent({ timeout: 1000 }).catch(() => 'nothing');
      assert.fail(`${id} does not say ${text}, but: ${text_}`);
    });
  }

  async signIn() {
    await this.at('dn').fill('7001');
    await this.at('credential').fill(this.plugin.secret);
    await this.at('sign-in').click();
    await this.says('dn-state', 'In service');
    await this.says('media-state', /^Connected$/);
  }

  /** In a call with audio both ways. */
  async inCall(call = {}) {
    await this.signIn();
    const id = this.plugin.incoming(call);
    await this.at('answer').click();
    await this.says('call-state', 'In call');
    return id;
  }

  /** @param {() => Promise<boolean>} condition @param {string} what */
  async until(condition, what) {
    const end = Date.now() + patience;
    while (!(await condition())) {
      if (Date.now() > end) assert.fail(`Not within ${patience} ms: ${what}`);
      await this.page.evaluate(() => new Promise(requestAnimationFrame));
    }
  }

  /** @returns {Promise<{input: number, output: number}>} dBFS */
  levels() {
    return this.page.evaluate(() => globalThis.phone.levels());
  }

  #listen() {
    this.page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    this.page.on('pageerror', (error) => this.complaints.push(String(error)));
    this.page.on('request', (request) => {
      const { origin } = new URL(request.url());
      if (origin !== new URL(this.address).origin) this.complaints.push(`asked another host: ${request.url()}`);
    });
    this.page.on('dialog', (dialog) => {
      this.complaints.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
  }
}
