/**
 * An element of the page by its id; the page and this code belong together, so a missing one is a bug.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}`);
  return /** @type {T} */ (element);
}

/**
 * Whatever comes from a call is shown as text: no markup of a caller's name is ever read.
 * @param {string} tag
 * @param {string} [text]
 * @param {string} [className]
 */
export function element(tag, text = '', className = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** @param {string} symbol the id of an icon in the page */
export function icon(symbol) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#${symbol}`);
  svg.setAttribute('class', 'icon small');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

/**
 * Changes the text only if it is another one, so that screen readers say nothing twice.
 * @param {string} id
 * @param {string} text
 */
export function setText(id, text) {
  const target = byId(id);
  if (target.textContent !== text) target.textContent = text;
}

/**
 * @param {string} id
 * @param {boolean} shown
 */
export function show(id, shown) {
  byId(id).hidden = !shown;
}

/** @param {string} text said by screen readers when they have finished what they say */
export function announce(text) {
  setText('announcer', text);
}
