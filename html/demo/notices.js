import { byId, element } from './dom.js';

const shownFor = 9000; // ms

/**
 * A message at the edge of the page, read out by screen readers.
 * @param {string} text
 * @param {{kind?: 'error' | 'info', action?: {label: string, run: () => void}}} [options] with an action it stays
 */
export function notice(text, { kind = 'info', action } = {}) {
  const box = byId('notices');
  if ([...box.children].some((shown) => shown.querySelector('span')?.textContent === text)) return;
  const shown = element('div', '', `notice ${kind}`);
  shown.dataset.testid = 'notice';
  const close = element('button', action?.label ?? 'Close', 'quiet');
  close.setAttribute('type', 'button');
  close.addEventListener('click', () => {
    shown.remove();
    action?.run();
  });
  shown.append(element('span', text), close);
  box.append(shown);
  while (box.children.length > 3) box.firstElementChild?.remove();
  if (!action) setTimeout(() => shown.remove(), shownFor);
}

export function clearNotices() {
  byId('notices').replaceChildren();
}
