import { byId, element, setText } from './dom.js';
import { mediaStates, messageOf } from './format.js';
import { notice } from './notices.js';
import { read, write } from './settings.js';

/** @import { AudioDevice } from '../lib/headset.js' */
/** @import { Phone } from '../lib/phone.js' */

const quietest = -60; // dBFS, the left end of the meters

/** Devices, levels and the state of the browser leg. */
export class AudioView {
  #phone;

  /** @param {Phone} phone */
  constructor(phone) {
    this.#phone = phone;
    this.#choice('input-device', (id) => phone.setInput(id));
    this.#choice('output-device', (id) => phone.setOutput(id));
    this.#choice('ring-device', (id) => phone.setRinger(id));
    phone.on('devices', () => this.listDevices());
    phone.on('media', () => this.render());
    this.render();
  }

  /** Fills the lists; labels are known once the microphone has been allowed. */
  async listDevices() {
    const { inputs, outputs } = await this.#phone.devices();
    fill('input-device', inputs, 'Default microphone');
    fill('output-device', outputs, 'Default loudspeaker');
    fill('ring-device', outputs, 'Default loudspeaker');
  }

  /** What was chosen before a reload is chosen again, as far as the device is there. */
  async restoreDevices() {
    await this.listDevices();
    for (const id of ['input-device', 'output-device', 'ring-device']) {
      const select = /** @type {HTMLSelectElement} */ (byId(id));
      const stored = read(id);
      if (typeof stored !== 'string' || ![...select.options].some((option) => option.value === stored)) continue;
      select.value = stored;
      select.dispatchEvent(new Event('change'));
    }
  }

  render() {
    setText('media-state', mediaStates[this.#phone.media]);
    byId('media-state').dataset.state = this.#phone.media;
  }

  /** Some times a second. */
  tick() {
    const { input, output } = this.#phone.levels();
    level('level-in', input, this.#phone.live);
    level('level-out', output, true);
  }

  /**
   * @param {string} id
   * @param {(deviceId: string) => Promise<void>} choose
   */
  #choice(id, choose) {
    const select = /** @type {HTMLSelectElement} */ (byId(id));
    select.onchange = async () => {
      try {
        await choose(select.value);
        write(id, select.value);
      } catch (error) {
        notice(messageOf(error), { kind: 'error' });
      }
    };
  }
}

/**
 * @param {string} id
 * @param {AudioDevice[]} devices
 * @param {string} standard
 */
function fill(id, devices, standard) {
  const select = /** @type {HTMLSelectElement} */ (byId(id));
  const chosen = select.value;
  const named = devices.filter((device) => device.id !== 'default');
  const options = [{ id: '', label: standard }, ...named].map(({ id: value, label }, index) => {
    const option = /** @type {HTMLOptionElement} */ (element('option', label || `Device ${index}`));
    option.value = value;
    return option;
  });
  select.replaceChildren(...options);
  if (options.some((option) => option.value === chosen)) select.value = chosen;
}

/**
 * @param {string} id
 * @param {number} dbfs
 * @param {boolean} heard whether the other side hears it
 */
function level(id, dbfs, heard) {
  const meter = byId(id);
  const shown = Math.max(quietest, Math.min(0, dbfs));
  meter.setAttribute('aria-valuenow', String(Math.round(shown)));
  meter.classList.toggle('off', !heard);
  /** @type {HTMLElement} */ (meter.firstElementChild).style.transform = `scaleX(${1 - shown / quietest})`;
}
