/** @param {unknown} error whether the gateway takes nobody because it is being emptied */
export function isDraining(error: unknown): boolean;
/**
 * Whether a sign-in was refused in a way that no repetition turns.
 * @param {unknown} error
 * @returns {error is PluginError}
 */
export function refusedForGood(error: unknown): error is PluginError;
/**
 * @param {unknown} error
 * @param {string} what failed, for an error that is not ours
 * @returns {PhoneError}
 */
export function asPhoneError(error: unknown, what: string): PhoneError;
/** What all errors of this library have in common. */
export class PhoneError extends Error {
    /**
     * @param {string} message
     * @param {{cause?: unknown}} [options]
     */
    constructor(message: string, options?: {
        cause?: unknown;
    });
    cause: unknown;
}
/**
 * The way to the gateway: `unreachable` (never got through), `lost` (went away with the request under
 * way: it is unknown whether the gateway acted on it), `timeout` (no answer), `closed` (by this side).
 */
export class ConnectionError extends PhoneError {
    /**
     * @param {'unreachable' | 'lost' | 'timeout' | 'closed'} kind
     * @param {string} message
     * @param {{cause?: unknown}} [options]
     */
    constructor(kind: "unreachable" | "lost" | "timeout" | "closed", message: string, options?: {
        cause?: unknown;
    });
    kind: "closed" | "timeout" | "unreachable" | "lost";
}
/** Janus itself refused: `code` is one of its own, such as 458 (no such session). */
export class JanusError extends PhoneError {
    /**
     * @param {number} code
     * @param {string} reason
     */
    constructor(code: number, reason: string);
    code: number;
    reason: string;
}
/**
 * The plugin refused a request: `code` and `name` are those of the table in docs/api.md (`name` is the
 * event's `error_name`, such as "missing_field"), `field` is the JSON field at fault, "" if none is.
 */
export class PluginError extends PhoneError {
    /**
     * @param {number} code
     * @param {string} name
     * @param {string} message
     * @param {string} [field]
     */
    constructor(code: number, name: string, message: string, field?: string);
    code: number;
    field: string;
}
/** Codes of the plugin's errors that this library or its user may act on. */
export const PluginErrorCode: Readonly<{
    badCredential: 460;
    tokenExpired: 461;
    dnNotAllowed: 462;
    unknownDn: 463;
    dnInUse: 464;
    destinationDenied: 470;
    tooManyCalls: 471;
    draining: 472;
    noSuchCall: 454;
}>;
/** Microphone, loudspeaker or PeerConnection. */
export class MediaError extends PhoneError {
    /**
     * @param {'permission-denied' | 'no-device' | 'device-busy' | 'unsupported' | 'negotiation' | 'unreachable'} kind
     * @param {string} message
     * @param {{cause?: unknown}} [options]
     */
    constructor(kind: "permission-denied" | "no-device" | "device-busy" | "unsupported" | "negotiation" | "unreachable", message: string, options?: {
        cause?: unknown;
    });
    kind: "unreachable" | "permission-denied" | "no-device" | "device-busy" | "unsupported" | "negotiation";
}
/** Not now: what was asked does not fit the state of the phone or call. */
export class StateError extends PhoneError {
}
/** An argument that cannot mean anything, such as a digit that is no DTMF digit. */
export class ArgumentError extends PhoneError {
}
