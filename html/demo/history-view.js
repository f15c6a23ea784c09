import { byId, element, icon, show } from './dom.js';
import { duration } from './format.js';
import { read, write } from './settings.js';

/** @import { Call } from '../lib/call.js' */
/** @import { Phone } from '../lib/phone.js' */

const longest = 50; // entries

/**
 * @typedef {object} Entry
 * @property {string} number
 * @property {string} name
 * @property {'in' | 'out'} direction
 * @property {number} at ms since 1970
 * @property {number} talked ms, 0 if it was never answered
 * @property {string} reason how it ended
 */

/** The calls of this tab; a click fills the number in again. */
export class HistoryView {
  #fill;
  /** @type {Entry[]} newest first */
  #entries = [];

  /**
   * @param {Phone} phone
   * @param {(number: string) => void} fill
   */
  constructor(phone, fill) {
    this.#fill = fill;
    const stored = read('history');
    this.#entries = Array.isArray(stored) ? stored : [];
    phone.on('call', (call) => call.state === 'ended' && this.#add(call));
    this.render();
  }

  render() {
    byId('history').replaceChildren(...this.#entries.map((entry) => this.#row(entry)));
    show('history-empty', this.#entries.length === 0);
  }

  /** @param {Call} call that has ended */
  #add(call) {
    const { number, name, direction, startedAt: at, answeredAt, endedAt, end } = call;
    const talked = answeredAt ? endedAt - answeredAt : 0;
    this.#entries.unshift({ number, name, direction, at, talked, reason: end?.reason ?? '' });
    this.#entries.length = Math.min(this.#entries.length, longest);
    write('history', this.#entries);
    this.render();
  }

  /** @param {Entry} entry */
  #row({ number, name, direction, at, talked, reason }) {
    const missed = direction === 'in' && talked === 0;
    const button = element('button', '', missed ? 'missed' : '');
    button.setAttribute('type', 'button');
    button.onclick = () => this.#fill(number);
    const text = element('span');
    const outcome = talked ? duration(talked) : missed ? 'Not answered' : reason || 'No answer';
    text.append(element('b', name || number), element('small', [name && number, outcome].filter(Boolean).join(' · ')));
    const time = element('time', new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
    const way = element('span', direction === 'in' ? 'From ' : 'To ', 'visually-hidden');
    text.prepend(way);
    button.append(icon(direction === 'in' ? 'i-in' : 'i-out'), text, time);
    const row = element('li');
    row.append(button);
    return row;
  }
}
