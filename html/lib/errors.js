// Every way in which the phone fails, each a class of its own with a message fit for an agent's eyes.

/** What all errors of this library have in common. */
export class PhoneError extends Error {
  /**
   * @param {string} message
   * @param {{cause?: unknown}} [options]
   */
  constructor(message, options = {}) {
    super(message);
    this.name = new.target.name;
    if (options.cause !== undefined) this.cause = options.cause;
  }
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
  constructor(kind, message, options) {
    super(message, options);
    this.kind = kind;
  }
}

/** Janus itself refused: `code` is one of its own, such as 458 (no such session). */
export class JanusError extends PhoneError {
  /**
   * @param {number} code
   * @param {string} reason
   */
  constructor(code, reason) {
    super(`Janus: ${reason} (${code})`);
    this.code = code;
    this.reason = reason;
  }
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
  constructor(code, name, message, field = '') {
    super(message);
    this.code = code;
    this.name = name;
    this.field = field;
  }
}

/** Codes of the plugin's errors that this library or its user may act on. */
export const PluginErrorCode = Object.freeze({
  badCredential: 460,
  tokenExpired: 461,
  dnNotAllowed: 462,
  unknownDn: 463,
  dnInUse: 464,
  destinationDenied: 470,
  tooManyCalls: 471,
  draining: 472,
  noSuchCall: 454,
});

/** Microphone, loudspeaker or PeerConnection. */
export class MediaError extends PhoneError {
  /**
   * @param {'permission-denied' | 'no-device' | 'device-busy' | 'unsupported' | 'negotiation' | 'unreachable'} kind
   * @param {string} message
   * @param {{cause?: unknown}} [options]
   */
  constructor(kind, message, options) {
    super(message, options);
    this.kind = kind;
  }
}

/** Not now: what was asked does not fit the state of the phone or call. */
export class StateError extends PhoneError {}

/** An argument that cannot mean anything, such as a digit that is no DTMF digit. */
export class ArgumentError extends PhoneError {}

/** @param {unknown} error whether the gateway takes nobody because it is being emptied */
export function isDraining(error) {
  return error instanceof PluginError && error.code === PluginErrorCode.draining;
}

/** @type {Set<number>} */
const finalRefusals = new Set([
  PluginErrorCode.badCredential,
  PluginErrorCode.tokenExpired,
  PluginErrorCode.dnNotAllowed,
  PluginErrorCode.unknownDn,
  PluginErrorCode.dnInUse,
]);

/**
 * Whether a sign-in was refused in a way that no repetition turns.
 * @param {unknown} error
 * @returns {error is PluginError}
 */
export function refusedForGood(error) {
  return error instanceof PluginError && finalRefusals.has(error.code);
}

/**
 * @param {unknown} error
 * @param {string} what failed, for an error that is not ours
 * @returns {PhoneError}
 */
export function asPhoneError(error, what) {
  if (error instanceof PhoneError) return error;
  return new StateError(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}
