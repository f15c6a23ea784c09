import { announce, byId, element, setText, show } from './dom.js';
import { callStates, codecName, duration, messageOf } from './format.js';
import { notice } from './notices.js';

/** @import { Call } from '../lib/call.js' */
/** @import { Phone } from '../lib/phone.js' */

/** @type {Record<string, string>} */
const originNames = {
  referredBy: 'Transferred by',
  assertedIdentity: 'Identity',
  diversion: 'Diverted from',
  historyInfo: 'History',
};

/** @type {Record<string, string>} */
const refusedRequests = { hold: 'hold', unhold: 'retrieve', call: 'the call asked for' };

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
    byId('hold').onclick = () => this.hold();
    byId('transfer').onclick = () => this.openTransfer();
    byId('transfer-form').onsubmit = (event) => {
      event.preventDefault();
      this.#transfer();
    };
    phone.on('incoming', (call) => this.#follow(call));
    phone.on('outgoing', (call) => this.#follow(call));
    phone.on('resumed', (call) => this.#follow(call));
    this.render();
  }

  /** The call that rings for the agent. @returns {Call | undefined} */
  get ringing() {
    return this.#first((call) => call.state === 'ringing');
  }

  /** The call that the agent is in or makes: the one that is heard, of those not held here. @returns {Call | undefined} */
  get current() {
    const open = (/** @type {Call} */ call) => call.state !== 'ringing' && !call.held;
    return this.#first((call) => open(call) && call.heard) ?? this.#first(open);
  }

  /** Calls that the agent has put on hold, oldest first. */
  get held() {
    return [...this.#phone.calls.values()].filter((call) => call.held);
  }

  /** Holds the current call; with none, retrieves the last that was held. */
  hold() {
    const call = this.current;
    if (call?.state === 'established') this.#try(call.putOnHold());
    else if (!call) this.#try(this.held.at(-1)?.retrieve());
  }

  openTransfer() {
    const shown = byId('transfer-form').hidden && this.current?.state === 'established';
    show('transfer-form', shown);
    byId('transfer').setAttribute('aria-expanded', String(shown));
    if (shown) byId('transfer-number').focus();
  }

  #transfer() {
    const field = /** @type {HTMLInputElement} */ (byId('transfer-number'));
    const number = field.value.trim();
    if (!number) return field.focus();
    this.#try(this.current?.transfer(number));
    field.value = '';
    return this.openTransfer();
  }

  /** @param {Call} call its news that concern the agent alone */
  #follow(call) {
    const who = call.name || call.number;
    call.on('failed', ({ request, reason }) =>
      notice(`${who}: ${refusedRequests[request] ?? request} refused: ${reason}`, { kind: 'error' }));
    call.on('transfer', ({ code, reason, final }) => {
      if (!final) return;
      if (code >= 200 && code < 300) notice(`${who}: transferred`);
      else notice(`${who}: the transfer failed: ${code} ${reason}`, { kind: 'error' });
    });
    call.on('audio', ({ missing, side, reason }) => {
      const whose = side === 'browser' ? 'Your voice' : `${who}’s voice`;
      if (missing) notice(`${whose} does not arrive: ${reason}`, { kind: 'error' });
      else notice(`${whose} is back.`);
    });
    call.on('talk', ({ waitingFor }) => {
      if (waitingFor === 'agent') notice('The desktop asks you to answer.');
    });
    call.on('message', ({ content }) => notice(`${who}: ${content}`));
    call.on('referral', ({ to, accepted, take }) => {
      const number = to.replace(/^<?sips?:/i, '').replace(/[@;>].*$/, '');
      if (accepted) return notice(`${who}: you are being connected to ${number}`);
      return notice(`${who}: call ${number} instead?`, {
        action: { label: `Call ${number}`, run: () => this.#try(take()) },
      });
    });
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
    if (current?.state !== 'established') show('transfer-form', false);
    this.#renderHeld(current);
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

  /** @param {Call | undefined} current */
  #renderHeld(current) {
    const held = this.held;
    show('held', held.length > 0);
    const rows = held.map((call) => {
      const row = element('li');
      const who = element('div');
      who.append(element('strong', call.name || call.number), element('span', call.hold === 'both' ? 'held by both sides' : 'on hold', 'hint'));
      const buttons = element('div', '', 'row-actions');
      buttons.append(this.#button('Retrieve', 'retrieve', () => call.retrieve()));
      if (current?.state === 'established') {
        buttons.append(
          this.#button('Merge', 'merge', () => this.#phone.merge([call, current])),
          this.#button('Connect both', 'connect', () => call.transferTo(current)),
        );
      }
      row.append(who, buttons);
      return row;
    });
    byId('held-calls').replaceChildren(...rows);
  }

  /**
   * @param {string} label
   * @param {string} testid
   * @param {() => Promise<void>} action
   */
  #button(label, testid, action) {
    const button = /** @type {HTMLButtonElement} */ (element('button', label, 'quiet'));
    button.type = 'button';
    button.dataset.testid = testid;
    button.onclick = () => this.#try(action());
    return button;
  }

  /** @param {Call} call */
  #renderCurrent(call) {
    setText('call-state', stateText(call, [...this.#phone.calls.values()]));
    /** @type {HTMLButtonElement} */ (byId('hold')).disabled = call.state !== 'established';
    /** @type {HTMLButtonElement} */ (byId('transfer')).disabled = call.state !== 'established';
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
 * @param {Call} call
 * @param {Call[]} calls
 */
function stateText(call, calls) {
  if (call.state !== 'established') return callStates[call.state];
  if (call.hold === 'remote') return 'Held by the far end';
  const others = calls.filter((other) => other !== call && other.merged && !other.held);
  if (call.merged && others.length > 0) return `In conversation with ${others.map((other) => other.name || other.number).join(', ')}`;
  return callStates.established;
}

/**
 * The call's id and attached headers, each as the text that it is.
 * @param {string} id of the list
 * @param {Call} call
 */
function renderFacts(id, call) {
  const facts = Object.entries(call.headers).filter(([name]) => name.toLowerCase() !== 'x-genesys-calluuid');
  for (const [name, value] of Object.entries(call.origin)) {
    if (originNames[name]) facts.push([originNames[name], value]);
  }
  if (call.uuid) facts.unshift(['Call UUID', call.uuid]);
  const rows = facts.map(([name, value]) => {
    const row = element('div');
    row.append(element('dt', name), element('dd', value));
    if (name === 'Call UUID') row.dataset.testid = 'call-uuid';
    return row;
  });
  byId(id).replaceChildren(...rows);
}
