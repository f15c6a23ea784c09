/** @import { CallActions } from './call.js' */
/** @import { CallInfo, Jsep, PluginResult } from './protocol.js' */
/**
 * @typedef {object} CallListEvents
 * @property {Call} incoming
 * @property {Call} outgoing
 * @property {Call} resumed a call that was there before this page
 * @property {Call} changed any news of a call, its end included
 */
/**
 * The calls of this phone, kept true to the gateway's events.
 * @extends {Emitter<CallListEvents>}
 */
export class CallList extends Emitter<CallListEvents> {
    /** @param {CallActions} actions */
    constructor(actions: CallActions);
    /** @returns {ReadonlyMap<string, Call>} */
    get map(): ReadonlyMap<string, Call>;
    /**
     * @param {string | undefined} id
     * @returns {Call | undefined}
     */
    get(id: string | undefined): Call | undefined;
    /**
     * @param {PluginResult} result any event of the plugin
     * @param {Jsep} [jsep]
     */
    apply(result: PluginResult, jsep?: Jsep): void;
    /**
     * All calls have gone from this page, such as when another page has taken the DN over.
     * @param {string} reason in words
     */
    drop(reason: string): void;
    #private;
}
export type CallListEvents = {
    incoming: Call;
    outgoing: Call;
    /**
     * a call that was there before this page
     */
    resumed: Call;
    /**
     * any news of a call, its end included
     */
    changed: Call;
};
import { Emitter } from './emitter.js';
import { Call } from './call.js';
import type { PluginResult } from './protocol.js';
import type { Jsep } from './protocol.js';
import type { CallActions } from './call.js';
