import { ConnectionError, Phone, PluginError } from '../lib/index.js';
import { AudioView } from './audio-view.js';
import { CallView } from './call-view.js';
import { DialView } from './dial-view.js';
import { announce, byId, setText, show } from './dom.js';
import { dnStates, messageOf, reasonOf } from './format.js';
import { HistoryView } from './history-view.js';
import { clearNotices, notice } from './notices.js';
import { addressSettings, loadSettings, storedSignIn, storeSignIn, webSocketUrl } from './settings.js';
import { installShortcuts } from './shortcuts.js';
import { SignInView } from './sign-in-view.js';

/** @import { DnStatus } from '../lib/sign-in.js' */
/** @import { Settings } from './settings.js' */

const levelPeriod = 60; // ms
const clockPeriod = 250; // ms
const qualityPeriod = 2000; // ms
const retryDelay = 3000; // ms

const rawAudio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** From the page's load to its end: the form, and one `Phone` per sign-in. */
class DemoPage {
  #settings;
  #form;
  /** @type {Phone | null} */
  #phone = null;
  /** @type {{calls: CallView, dial: DialView, audio: AudioView} | null} */
  #views = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retryTimer;

  /** @param {Settings} settings */
  constructor(settings) {
    this.#settings = settings;
    this.#form = new SignInView(settings.signIn, (dn, credential) => this.signIn(dn, credential));
    byId('sign-out').onclick = () => this.#signOut();
    for (const gesture of ['pointerdown', 'keydown']) {
      document.addEventListener(gesture, () => this.#phone?.unlockAudio());
    }
    setInterval(() => this.#views?.audio.tick(), levelPeriod);
    setInterval(() => this.#views?.calls.tick(), clockPeriod);
    setInterval(() => this.#views?.calls.quality().catch(() => undefined), qualityPeriod);
  }

  start() {
    const stored = storedSignIn();
    if (stored) this.signIn(stored.dn, stored.credential);
    else this.#form.open();
  }

  /**
   * @param {string} dn
   * @param {string} credential
   */
  async signIn(dn, credential) {
    clearTimeout(this.#retryTimer);
    const phone = this.#makePhone(dn, credential);
    this.#form.prefill(dn);
    this.#form.busy(true);
    this.#open(phone);
    try {
      await phone.signIn();
      storeSignIn({ dn, credential });
      this.#form.close();
      await this.#views?.audio.restoreDevices();
    } catch (error) {
      if (error instanceof PluginError) storeSignIn(null);
      await this.#leave(messageOf(error));
      this.#retryLater(error);
    }
  }

  /** @param {unknown} error a reload while the gateway is away: the tab's own sign-in is tried again */
  #retryLater(error) {
    const stored = storedSignIn();
    if (!stored || !(error instanceof ConnectionError)) return;
    setText('sign-in-error', `${error.message}. Trying again…`);
    this.#retryTimer = setTimeout(() => this.signIn(stored.dn, stored.credential), retryDelay);
  }

  /**
   * @param {string} dn
   * @param {string} credential
   */
  #makePhone(dn, credential) {
    return new Phone({
      url: webSocketUrl(this.#settings.janus),
      dn,
      ...(this.#settings.signIn === 'token' ? { token: credential } : { secret: credential }),
      audio: /** @type {HTMLAudioElement} */ (byId('far-end')),
      peerConnection: this.#settings.peerConnection,
      ...(addressSettings().raw && { constraints: rawAudio }),
    });
  }

  /** @param {Phone} phone */
  #open(phone) {
    this.#phone = phone;
    Object.assign(window, { phone });
    setText('dn-number', phone.dn);
    const calls = new CallView(phone);
    const dial = new DialView(phone, calls);
    const audio = new AudioView(phone);
    new HistoryView(phone, (number) => dial.fill(number));
    this.#views = { calls, dial, audio };
    phone.on('state', (status) => this.#stateChanged(phone, status));
    phone.on('error', (error) => notice(error.message, { kind: 'error' }));
    phone.on('audioblocked', () =>
      notice('The browser holds the sound back until you click.', {
        action: { label: 'Turn on sound', run: () => phone.unlockAudio() },
      }),
    );
    phone.on('resumed', () => notice('You are back in your call.'));
    phone.on('call', (call) => {
      if (call.state === 'ended' && call.end) announce(`Call ended: ${call.end.reason}`);
      if (call.state === 'ended' && call.end && !normalEnd(call.end)) {
        notice(`${call.name || call.number}: ${call.end.reason}`, { kind: 'error' });
      }
    });
  }

  /**
   * @param {Phone} phone
   * @param {DnStatus} status
   */
  #stateChanged(phone, status) {
    if (phone !== this.#phone) return;
    const { state } = status;
    const signedIn = ['in-service', 'out-of-service', 'reconnecting'].includes(state);
    byId('dn-state').dataset.state = state;
    setText('dn-state', dnStates[state]);
    const reason = reasonOf(status);
    setText('dn-reason', reason);
    show('dn-reason', reason !== '' && signedIn);
    show('dn-box', state !== 'signed-out' && state !== 'taken-over');
    if (signedIn) {
      this.#form.close();
      show('phone-view', true);
    }
    if (state === 'taken-over') {
      storeSignIn(null);
      this.#leave('Another page has signed in to this DN. Sign in here to take it back.');
    }
    if (state === 'signed-out' && phone.dn && byId('phone-view').hidden === false) {
      storeSignIn(null);
      this.#leave(status.reason);
    }
  }

  async #signOut() {
    try {
      await this.#phone?.signOut();
      storeSignIn(null);
    } catch (error) {
      notice(messageOf(error), { kind: 'error' });
    }
  }

  /** @param {string} reason shown in the form */
  async #leave(reason) {
    const phone = this.#phone;
    this.#phone = null;
    this.#views = null;
    clearNotices();
    show('phone-view', false);
    show('dn-box', false);
    document.title = 'Agent phone';
    this.#form.open(reason);
    await phone?.close();
  }

  get views() {
    return this.#views;
  }
}

/** @param {{code: number, reason: string}} end */
function normalEnd({ code }) {
  // 486 and 603 are this agent's own "no", 487 is a caller who gave up: the history tells it.
  return code < 300 || [486, 487, 603].includes(code);
}

const page = new DemoPage(await loadSettings());
installShortcuts(() => (byId('phone-view').hidden ? null : page.views));
page.start();
