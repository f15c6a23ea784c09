import { byId, element, setText, show } from './dom.js';
import { messageOf } from './format.js';
import { notice } from './notices.js';

/** @import { CallView } from './call-view.js' */
/** @import { Phone } from '../lib/phone.js' */

/** ITU-T E.161: the letters on the keys. @type {[string, string, string][]} digit, letters, name for tests */
const keys = [
  ['1', '', '1'],
  ['2', 'ABC', '2'],
  ['3', 'DEF', '3'],
  ['4', 'GHI', '4'],
  ['5', 'JKL', '5'],
  ['6', 'MNO', '6'],
  ['7', 'PQRS', '7'],
  ['8', 'TUV', '8'],
  ['9', 'WXYZ', '9'],
  ['*', '', 'star'],
  ['0', '+', '0'],
  ['#', '', 'hash'],
];

/** Number and keys: they dial, and in a call they send digits. */
export class DialView {
  #phone;
  #calls;
  #number = /** @type {HTMLInputElement} */ (byId('number'));

  /**
   * @param {Phone} phone
   * @param {CallView} calls
   */
  constructor(phone, calls) {
    this.#phone = phone;
    this.#calls = calls;
    byId('pad').replaceChildren(...keys.map((key) => this.#key(...key)));
    byId('erase').onclick = () => this.erase();
    byId('dial-form').onsubmit = (event) => {
      event.preventDefault();
      this.dial();
    };
    this.#number.oninput = () => {
      this.#number.value = this.#number.value.replace(/[^0-9*#+]/g, '');
      this.render();
    };
    phone.on('call', () => this.render());
    phone.on('state', () => this.render());
    this.render();
  }

  /** @param {string} digit sent in a call, otherwise appended to the number */
  press(digit) {
    const call = this.#calls.current;
    if (call) {
      call.sendDigits(digit).catch((error) => notice(messageOf(error), { kind: 'error' }));
    } else {
      this.#number.value += digit;
      this.render();
    }
  }

  erase() {
    this.#number.value = this.#number.value.slice(0, -1);
    this.render();
  }

  clear() {
    this.fill('');
  }

  /** @param {string} number */
  fill(number) {
    this.#number.value = number;
    this.render();
  }

  async dial() {
    const number = this.#number.value;
    if (!number || !this.#ready) return;
    const button = /** @type {HTMLButtonElement} */ (byId('dial'));
    button.disabled = true;
    try {
      await this.#phone.call(number);
      this.clear();
    } catch (error) {
      notice(messageOf(error), { kind: 'error' });
    }
    this.render();
  }

  render() {
    const call = this.#calls.current;
    show('dial-form', !call);
    show('digits-box', call !== undefined);
    show('dial', !call);
    setText('digits', call?.digitsSent ?? '');
    /** @type {HTMLButtonElement} */ (byId('dial')).disabled = !this.#ready || this.#number.value === '';
    /** @type {HTMLButtonElement} */ (byId('erase')).disabled = this.#number.value === '';
  }

  get #ready() {
    return this.#phone.state === 'in-service' && !this.#calls.current;
  }

  /**
   * @param {string} digit
   * @param {string} letters
   * @param {string} name
   */
  #key(digit, letters, name) {
    const key = element('button');
    key.setAttribute('type', 'button');
    key.dataset.testid = `key-${name}`;
    const hint = element('small', letters);
    hint.setAttribute('aria-hidden', 'true');
    key.append(element('span', digit), hint);
    key.onclick = () => this.press(digit);
    return key;
  }
}
