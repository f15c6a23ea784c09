/**
 * The address of a DN's next WebSocket. Its query tells nginx which of several gateways it is for: `dn` leads all
 * pages of a DN to the same one, `leave` to another one than the last, and `stay` to the last one or none.
 */
export class GatewayAddress {
    /**
     * @param {string} url
     * @param {string} dn
     * @param {() => Promise<boolean>} stays whether there is something that only the last gateway has
     */
    constructor(url: string, dn: string, stays: () => Promise<boolean>);
    get left(): number;
    /** @returns {Promise<string>} */
    next(): Promise<string>;
    /** The gateway takes nobody: it is being emptied. */
    leave(): void;
    lost(): void;
    /** A gateway has taken us. */
    found(): void;
    #private;
}
