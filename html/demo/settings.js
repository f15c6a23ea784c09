const storageKey = 'agent-phone';

/**
 * What the server says about itself in `/config.json`.
 * @typedef {object} Settings
 * @property {string} janus path or URL of Janus's WebSocket
 * @property {'password' | 'token'} signIn
 * @property {'agent' | 'call'} peerConnection
 */

/** @type {Settings} */
const defaults = { janus: '/janus-ws', signIn: 'password', peerConnection: 'agent' };

/** @returns {Promise<Settings>} the defaults where the server says nothing */
export async function loadSettings() {
  const response = await fetch(new URL('../config.json', import.meta.url), { cache: 'no-store' }).catch(() => null);
  const given = response?.ok ? await response.json().catch(() => ({})) : {};
  return {
    janus: typeof given.janus === 'string' ? given.janus : defaults.janus,
    signIn: given.signIn === 'token' ? 'token' : 'password',
    peerConnection: given.peerConnection === 'call' ? 'call' : 'agent',
  };
}

/**
 * @param {string} janus path or URL
 * @returns {string} ws: or wss: as the page is http: or https:
 */
export function webSocketUrl(janus) {
  const url = new URL(janus, location.href);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
  return url.href;
}

/**
 * What the page's own address may say, never a secret: `#dn=7001`, and `audio=raw` for a microphone
 * without echo, noise and level control, as measurements need it.
 * @returns {{dn: string, raw: boolean}}
 */
export function addressSettings() {
  const hash = new URLSearchParams(location.hash.slice(1));
  return { dn: hash.get('dn') ?? '', raw: hash.get('audio') === 'raw' };
}

/**
 * The sign-in of this tab: kept until sign-out or the tab's end, so that a reload is back in its call.
 * @typedef {{dn: string, credential: string}} StoredSignIn
 */

/** @returns {StoredSignIn | null} */
export function storedSignIn() {
  const stored = read('sign-in');
  return typeof stored?.dn === 'string' && typeof stored?.credential === 'string' ? stored : null;
}

/** @param {StoredSignIn | null} signIn null forgets it */
export function storeSignIn(signIn) {
  write('sign-in', signIn);
}

/**
 * @param {string} name
 * @returns {any} null if there is nothing
 */
export function read(name) {
  try {
    return JSON.parse(sessionStorage.getItem(`${storageKey}.${name}`) ?? 'null');
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {unknown} value null removes it
 */
export function write(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(`${storageKey}.${name}`);
    else sessionStorage.setItem(`${storageKey}.${name}`, JSON.stringify(value));
  } catch {
    // A browser that stores nothing still makes calls; only a reload asks for the password again.
  }
}
