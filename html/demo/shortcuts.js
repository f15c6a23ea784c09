import { byId } from './dom.js';
import { read, write } from './settings.js';

/** @import { CallView } from './call-view.js' */
/** @import { DialView } from './dial-view.js' */

/**
 * The page's keys. They can be switched off (WCAG 2.1.4) and leave fields for text alone; the number's
 * own field takes digits only, so letters mean there what they mean everywhere.
 *
 * @param {() => {calls: CallView, dial: DialView} | null} views null while nobody is signed in
 */
export function installShortcuts(views) {
  const toggle = /** @type {HTMLInputElement} */ (byId('shortcuts-on'));
  toggle.checked = read('shortcuts') !== false;
  toggle.onchange = () => write('shortcuts', toggle.checked);

  document.addEventListener('keydown', (event) => {
    const shown = views();
    if (!shown || !toggle.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    const where = placeOf(event.target);
    if (where === 'text') return;
    const action =
      everywhere(event.key, shown.calls, shown.dial) ??
      (where === 'number' ? undefined : outsideNumber(event.key, where, shown.dial));
    if (!action || (event.repeat && event.key !== 'Backspace')) return;
    event.preventDefault();
    action();
  });
}

/**
 * @param {string} key
 * @param {CallView} calls
 * @param {DialView} dial
 * @returns {(() => void) | undefined}
 */
function everywhere(key, calls, dial) {
  switch (key) {
    case 'a':
    case 'A':
      return () => calls.answer();
    case 'd':
    case 'D':
      return () => calls.decline();
    case 'm':
    case 'M':
      return () => calls.toggleMute();
    case 'h':
    case 'H':
      return () => calls.hold();
    case 't':
    case 'T':
      return () => calls.openTransfer();
    case 'Escape':
      return () => dial.clear();
    case '?':
      return () => void byId('shortcuts').toggleAttribute('open');
    default:
      return undefined;
  }
}

/**
 * @param {string} key
 * @param {'button' | 'page'} where
 * @param {DialView} dial
 * @returns {(() => void) | undefined} what a key does outside of the number's field, which does it by itself
 */
function outsideNumber(key, where, dial) {
  if (/^[0-9*#]$/.test(key)) return () => dial.press(key);
  if (key === 'Backspace') return () => dial.erase();
  if (key === 'Enter' && where === 'page') return () => void dial.dial();
  return undefined;
}

/**
 * @param {EventTarget | null} target
 * @returns {'text' | 'number' | 'button' | 'page'}
 */
function placeOf(target) {
  if (!(target instanceof HTMLElement)) return 'page';
  if (target.id === 'number') return 'number';
  if (target.matches('input:not([type=checkbox]), select, textarea')) return 'text';
  return target.matches('button, summary, input, a') ? 'button' : 'page';
}
