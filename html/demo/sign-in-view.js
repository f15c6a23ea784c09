import { byId, setText, show } from './dom.js';
import { addressSettings } from './settings.js';

/** The form that asks for DN and password or token. */
export class SignInView {
  #dn = /** @type {HTMLInputElement} */ (byId('dn'));
  #credential = /** @type {HTMLInputElement} */ (byId('credential'));
  #button = /** @type {HTMLButtonElement} */ (byId('sign-in'));

  /**
   * @param {'password' | 'token'} kind
   * @param {(dn: string, credential: string) => void} submit
   */
  constructor(kind, submit) {
    setText('credential-label', kind === 'token' ? 'Token' : 'Password');
    if (kind === 'token') this.#credential.autocomplete = 'off';
    this.#dn.value = addressSettings().dn;
    byId('sign-in-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const [dn, credential] = [this.#dn.value.trim(), this.#credential.value.trim()];
      if (!dn) return this.#refuse('Enter your DN.', this.#dn);
      if (!credential) return this.#refuse(`Enter your ${kind}.`, this.#credential);
      submit(dn, credential);
    });
  }

  /** @param {string} [error] why the agent is not signed in */
  open(error = '') {
    this.busy(false);
    show('sign-in-view', true);
    setText('sign-in-error', error);
    (this.#dn.value ? this.#credential : this.#dn).focus();
  }

  close() {
    show('sign-in-view', false);
    this.#credential.value = '';
    setText('sign-in-error', '');
  }

  /** @param {boolean} busy */
  busy(busy) {
    this.#button.disabled = busy;
    this.#button.textContent = busy ? 'Signing in…' : 'Sign in';
    if (busy) setText('sign-in-error', '');
  }

  /** @param {string} dn */
  prefill(dn) {
    this.#dn.value = dn;
  }

  /**
   * @param {string} error
   * @param {HTMLInputElement} field
   */
  #refuse(error, field) {
    setText('sign-in-error', error);
    field.focus();
  }
}
