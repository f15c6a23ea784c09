/** @typedef {string | (() => string | Promise<string>)} Source a function is asked each time */
/** What an agent signs in with: a token, which opens the connection as well, or a secret. */
export class Credential {
    /**
     * @param {Source | undefined} token
     * @param {Source | undefined} secret
     */
    constructor(token: Source | undefined, secret: Source | undefined);
    /** Whether a new token can be had before the last one expires. */
    get renewable(): boolean;
    /**
     * The subprotocol that shows nginx the token: a browser sets no other header of a WebSocket. Asked for each
     * time, for the token that opened the last one may have expired; it is better than none, though.
     */
    bearer(): Promise<string[]>;
    /** For `register`. */
    fields(): Promise<{
        secret: string;
        token?: undefined;
    } | {
        token: string;
        secret?: undefined;
    }>;
    /** No sign-in follows that opened the connection. */
    claimed(): void;
    forget(): void;
    #private;
}
/**
 * a function is asked each time
 */
export type Source = string | (() => string | Promise<string>);
