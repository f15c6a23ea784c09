const longestStay = 30_000; // ms: the gateway keeps a call without its page for so long

/**
 * The address of a DN's next WebSocket. Its query tells nginx which of several gateways it is for: `dn` leads all
 * pages of a DN to the same one, `leave` to another one than the last, and `stay` to the last one or none.
 */
export class GatewayAddress {
  #url;
  #stays;
  /** How many gateways have sent us away since the last one that took us. */
  #left = 0;
  /** ms since 1970 when the connection was lost, 0 while it stands. */
  #lostAt = 0;

  /**
   * @param {string} url
   * @param {string} dn
   * @param {() => Promise<boolean>} stays whether there is something that only the last gateway has
   */
  constructor(url, dn, stays) {
    this.#url = `${url}${url.includes('?') ? '&' : '?'}dn=${encodeURIComponent(dn)}`;
    this.#stays = stays;
  }

  get left() {
    return this.#left;
  }

  /** @returns {Promise<string>} */
  async next() {
    if (this.#left > 0) return `${this.#url}&leave=${this.#left}`;
    const lost = this.#lostAt > 0 && Date.now() - this.#lostAt < longestStay;
    return lost && (await this.#stays()) ? `${this.#url}&stay=1` : this.#url;
  }

  /** The gateway takes nobody: it is being emptied. */
  leave() {
    this.#left += 1;
  }

  lost() {
    this.#lostAt ||= Date.now();
  }

  /** A gateway has taken us. */
  found() {
    this.#left = 0;
    this.#lostAt = 0;
  }
}
