/** @typedef {string | (() => string | Promise<string>)} Source a function is asked each time */

/** What an agent signs in with: a token, which opens the connection as well, or a secret. */
export class Credential {
  #token;
  #secret;
  /** The newest token there is. */
  #newest = '';
  /** It has opened the connection and not signed in yet: it will do for that, too. */
  #unused = false;

  /**
   * @param {Source | undefined} token
   * @param {Source | undefined} secret
   */
  constructor(token, secret) {
    this.#token = token;
    this.#secret = secret;
  }

  /** Whether a new token can be had before the last one expires. */
  get renewable() {
    return typeof this.#token === 'function';
  }

  /**
   * The subprotocol that shows nginx the token: a browser sets no other header of a WebSocket. Asked for each
   * time, for the token that opened the last one may have expired; it is better than none, though.
   */
  async bearer() {
    if (this.#token === undefined) return [];
    try {
      this.#newest = await valueOf(this.#token);
      this.#unused = true;
    } catch (error) {
      if (this.#newest === '') throw error;
    }
    return [`bearer.${this.#newest}`];
  }

  /** For `register`. */
  async fields() {
    if (this.#token === undefined) return { secret: await valueOf(this.#secret ?? '') };
    if (!this.#unused) this.#newest = await valueOf(this.#token);
    this.#unused = false;
    return { token: this.#newest };
  }

  /** No sign-in follows that opened the connection. */
  claimed() {
    this.#unused = false;
  }

  forget() {
    this.#newest = '';
  }
}

/** @param {Source} source */
async function valueOf(source) {
  return typeof source === 'function' ? source() : source;
}
