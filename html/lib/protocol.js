// The JSON that travels: Janus's session API and the contract of docs/api.md, as types only.

/**
 * @typedef {object} Jsep
 * @property {'offer' | 'answer'} type
 * @property {string} sdp
 */

/**
 * A message of Janus's session API.
 * @typedef {object} JanusMessage
 * @property {string} janus "success", "ack", "event", "webrtcup", "hangup", …
 * @property {string} [transaction]
 * @property {number} [session_id]
 * @property {number} [sender] the handle
 * @property {{id: number}} [data] of the answers to create and attach
 * @property {{code: number, reason: string}} [error]
 * @property {{plugin: string, data: PluginEnvelope}} [plugindata]
 * @property {Jsep} [jsep]
 * @property {string} [reason] of hangup
 * @property {TrickledCandidate} [candidate]
 * @property {string} [type] of media: "audio"
 * @property {boolean} [receiving] of media
 * @property {boolean} [uplink] of slowlink
 * @property {number} [lost] of slowlink
 */

/** @typedef {RTCIceCandidateInit & {completed?: boolean}} TrickledCandidate */

/**
 * @typedef {object} PluginEnvelope
 * @property {string} sip always "event"
 * @property {string} [call_id]
 * @property {PluginResult} [result]
 * @property {number} [error_code]
 * @property {string} [error_name]
 * @property {string} [error]
 * @property {string} [field]
 */

/**
 * `result` of an event: which fields stand in which event is in docs/api.md.
 * @typedef {object} PluginResult
 * @property {string} event
 * @property {string} [call_id]
 * @property {string} [username]
 * @property {string} [subject]
 * @property {string} [displayname]
 * @property {CallInfo[] | string[]} [calls]
 * @property {RTCIceServer[]} [ice_servers]
 * @property {string[]} [ignored]
 * @property {number} [resume_window] s
 * @property {number} [token_expires_in] s
 * @property {number} [code] SIP status
 * @property {string} [reason]
 * @property {string} [reason_header]
 * @property {number} [retry_in] ms
 * @property {string} [callee]
 * @property {string} [uuid]
 * @property {Record<string, string>} [headers]
 * @property {string} [uri]
 * @property {string} [sip_codec] "PCMU/8000"
 * @property {string} [browser_codec] "opus/48000/2"
 * @property {string} [srtp] of incomingcall and calling "sdes_optional" or "sdes_mandatory"; of
 *   accepted the crypto suite
 * @property {string} [digit]
 * @property {number} [duration] ms
 * @property {CallInfo} [call] of call_changed
 * @property {'none' | 'local' | 'remote' | 'both'} [hold]
 * @property {boolean} [merged]
 * @property {boolean} [heard]
 * @property {string[]} [call_ids]
 * @property {boolean} [answers]
 * @property {string} [waiting_for]
 * @property {string} [side] of `audio`: "far_end" or "browser"
 * @property {boolean} [received]
 * @property {string} [request]
 * @property {boolean} [final]
 * @property {number} [refer_id]
 * @property {string} [refer_to]
 * @property {string} [referred_by]
 * @property {string} [asserted_identity]
 * @property {string} [diversion]
 * @property {string} [history_info]
 * @property {string} [replaces]
 * @property {{after: number, beep: boolean}} [auto_answer]
 * @property {boolean} [accepted]
 * @property {string} [sender]
 * @property {string} [type]
 * @property {string} [content_type]
 * @property {string} [content]
 * @property {number} [error_code] of call_denied
 */

/**
 * A live call as `registered` lists it.
 * @typedef {object} CallInfo
 * @property {string} call_id
 * @property {'in' | 'out'} direction
 * @property {'ringing' | 'calling' | 'early' | 'established' | 'ending'} state
 * @property {string} username the far URI
 * @property {string} [displayname]
 * @property {string} [uuid]
 * @property {Record<string, string>} [headers]
 * @property {number} [age] ms since INVITE
 * @property {number} [answered] ms since the answer, 0 before
 * @property {string} [sip_codec]
 * @property {string} [browser_codec]
 * @property {string} [srtp] crypto suite of the SIP side; absent while that is not encrypted
 * @property {'none' | 'local' | 'remote' | 'both'} [hold]
 * @property {boolean} [merged] in one conversation with other calls
 * @property {boolean} [heard] its audio is what the agent hears
 * @property {{muted?: boolean, peer_muted?: boolean, gain_db?: number, peer_gain_db?: number}} [volume]
 *   absent while nobody is muted and both gains are 0
 */

export {};
