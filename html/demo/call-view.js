import { announce, byId, element, setText, show } from './dom.js';
import { callStates, codecName, duration, messageOf } from './format.js';
import { notice } from './notices.js';

/** @import { Call } from '../lib/call.js' */
/** @import { Phone } from '../lib/phone.js' */

/** The card of the call that rings and the card of the call that is being made. */
export class CallView {
  #phone;

  /** @param {Phone} phone */
  constructor(phone) {
    this.#phone = phone;
    phone.on('call', () => this.render());
    phone.on('incoming', (call) => announce(`Incoming call from ${call.name || call.number}`));
    byId('answer').onclick = () => this.answer();
    byId('decline').onclick = () => this.decline();
    byId('mute').onclick = () => this.toggleMute();
    byId('hang-up').onclick = () => this.hangUp();
    this.render();
  }

  /** The call that rings for the agent. @returns {Call | undefined} */
  get ringing() {
    return this.#first((call) => call.state === 'ringing');
  }

  /** The call that the agent is in or makes. @returns {Call | undefined} */
  get current() {
    return this.#first((call) => call.state !== 'ringing');
  }

  answer() {
    this.#try(this.ringing?.answer());
  }

  /** Declines the call that rings, or hangs up the one there is. */
  decline() {
    if (this.ringing) this.#try(this.ringing.decline());
    else this.hangUp();
  }

  hangUp() {
    this.#try(this.current?.hangUp());
  }

  toggleMute() {
    const call = this.current;
    call?.mute(!call.muted);
  }

  render() {
    const [ringing, current] = [this.ringing, this.current];
    show('incoming', ringing !== undefined);
    show('call', current !== undefined);
    if (ringing) this.#renderIncoming(ringing);
    if (current) this.#renderCurrent(current);
    this.tick();
  }

  /** Once a second and more: what changes with time. */
  tick() {
    const call = this.current;
    const since = call?.answeredAt ? duration(Date.now() - call.answeredAt) : '';
    setText('timer', since);
    const ringing = this.ringing;
    document.title = ringing
      ? `Incoming: ${ringing.name || ringing.number}`
      : call
        ? `${since || callStates[call.state]} · ${call.name || call.number}`
        : 'Agent phone';
  }

  async quality() {
    const stats = this.current ? await this.#phone.stats() : null;
    if (!stats) return setText('quality', '–');
    const expected = stats.packetsReceived + stats.packetsLost;
    const loss = expected > 0 ? (100 * stats.packetsLost) / expected : 0;
    return setText('quality', `${loss.toFixed(1)} %, ${stats.roundTrip ?? '–'} ms`);
  }

  /** @param {(call: Call) => boolean} wanted */
  #first(wanted) {
    return [...this.#phone.calls.values()].find(wanted);
  }

  /** @param {Promise<void> | undefined} action */
  #try(action) {
    action?.catch((error) => notice(messageOf(error), { kind: 'error' }));
  }

  /** @param {Call} call */
  #renderIncoming(call) {
    setText('caller-name', call.name || call.number);
    setText('caller-number', call.number);
    renderFacts('call-headers', call);
  }

  /** @param {Call} call */
  #renderCurrent(call) {
    setText('call-state', callStates[call.state]);
    byId('direction-icon').setAttribute('href', call.direction === 'in' ? '#i-in' : '#i-out');
    setText('party-name', call.name || call.number);
    setText('party-number', call.name ? call.number : '');
    setText('codec-browser', codecName(call.codecs.browser));
    setText('codec-sip', codecName(call.codecs.sip));
    renderFacts('party-headers', call);
    byId('mute').setAttribute('aria-pressed', String(call.muted));
    byId('mute-icon').setAttribute('href', call.muted ? '#i-mic-off' : '#i-mic');
    setText('mute-text', call.muted ? 'Muted' : 'Mute');
    byId('call').dataset.state = call.state;
  }
}

/**
 * The call's id and attached headers, each as the text that it is.
 * @param {string} id of the list
 * @param {Call} call
 */
function renderFacts(id, call) {
  const facts = Object.entries(call.headers).filter(([name]) => name.toLowerCase() !== 'x-genesys-calluuid');
  if (call.uuid) facts.unshift(['Call UUID', call.uuid]);
  const rows = facts.map(([name, value]) => {
    const row = element('div');
    row.append(element('dt', name), element('dd', value));
    if (name === 'Call UUID') row.dataset.testid = 'call-uuid';
    return row;
  });
  byId(id).replaceChildren(...rows);
}
