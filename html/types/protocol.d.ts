export type Jsep = {
    type: "offer" | "answer";
    sdp: string;
};
/**
 * A message of Janus's session API.
 */
export type JanusMessage = {
    /**
     * "success", "ack", "event", "webrtcup", "hangup", …
     */
    janus: string;
    transaction?: string | undefined;
    session_id?: number | undefined;
    /**
     * the handle
     */
    sender?: number | undefined;
    /**
     * of the answers to create and attach
     */
    data?: {
        id: number;
    } | undefined;
    error?: {
        code: number;
        reason: string;
    } | undefined;
    plugindata?: {
        plugin: string;
        data: PluginEnvelope;
    } | undefined;
    jsep?: Jsep | undefined;
    /**
     * of hangup
     */
    reason?: string | undefined;
    candidate?: TrickledCandidate | undefined;
    /**
     * of media: "audio"
     */
    type?: string | undefined;
    /**
     * of media
     */
    receiving?: boolean | undefined;
    /**
     * of slowlink
     */
    uplink?: boolean | undefined;
    /**
     * of slowlink
     */
    lost?: number | undefined;
};
export type TrickledCandidate = RTCIceCandidateInit & {
    completed?: boolean;
};
export type PluginEnvelope = {
    /**
     * always "event"
     */
    sip: string;
    call_id?: string | undefined;
    result?: PluginResult | undefined;
    error_code?: number | undefined;
    error_name?: string | undefined;
    error?: string | undefined;
    field?: string | undefined;
};
/**
 * `result` of an event: which fields stand in which event is in docs/api.md.
 */
export type PluginResult = {
    event: string;
    call_id?: string | undefined;
    username?: string | undefined;
    subject?: string | undefined;
    displayname?: string | undefined;
    calls?: string[] | CallInfo[] | undefined;
    ice_servers?: RTCIceServer[] | undefined;
    ignored?: string[] | undefined;
    /**
     * s
     */
    resume_window?: number | undefined;
    /**
     * s
     */
    token_expires_in?: number | undefined;
    /**
     * SIP status
     */
    code?: number | undefined;
    reason?: string | undefined;
    reason_header?: string | undefined;
    /**
     * ms
     */
    retry_in?: number | undefined;
    callee?: string | undefined;
    uuid?: string | undefined;
    headers?: Record<string, string> | undefined;
    uri?: string | undefined;
    /**
     * "PCMU/8000"
     */
    sip_codec?: string | undefined;
    /**
     * "opus/48000/2"
     */
    browser_codec?: string | undefined;
    /**
     * of incomingcall and calling "sdes_optional" or "sdes_mandatory"; of
     * accepted the crypto suite
     */
    srtp?: string | undefined;
    digit?: string | undefined;
    /**
     * ms
     */
    duration?: number | undefined;
    /**
     * of call_changed
     */
    call?: CallInfo | undefined;
    hold?: "none" | "both" | "local" | "remote" | undefined;
    merged?: boolean | undefined;
    heard?: boolean | undefined;
    call_ids?: string[] | undefined;
    answers?: boolean | undefined;
    waiting_for?: string | undefined;
    /**
     * of `audio`: "far_end" or "browser"
     */
    side?: string | undefined;
    received?: boolean | undefined;
    request?: string | undefined;
    final?: boolean | undefined;
    refer_id?: number | undefined;
    refer_to?: string | undefined;
    referred_by?: string | undefined;
    asserted_identity?: string | undefined;
    diversion?: string | undefined;
    history_info?: string | undefined;
    replaces?: string | undefined;
    auto_answer?: {
        after: number;
        beep: boolean;
    } | undefined;
    accepted?: boolean | undefined;
    sender?: string | undefined;
    type?: string | undefined;
    content_type?: string | undefined;
    content?: string | undefined;
    /**
     * of call_denied
     */
    error_code?: number | undefined;
};
/**
 * A live call as `registered` lists it.
 */
export type CallInfo = {
    call_id: string;
    direction: "in" | "out";
    state: "ringing" | "calling" | "early" | "established" | "ending";
    /**
     * the far URI
     */
    username: string;
    displayname?: string | undefined;
    uuid?: string | undefined;
    headers?: Record<string, string> | undefined;
    /**
     * ms since INVITE
     */
    age?: number | undefined;
    /**
     * ms since the answer, 0 before
     */
    answered?: number | undefined;
    sip_codec?: string | undefined;
    browser_codec?: string | undefined;
    /**
     * crypto suite of the SIP side; absent while that is not encrypted
     */
    srtp?: string | undefined;
    hold?: "none" | "both" | "local" | "remote" | undefined;
    /**
     * in one conversation with other calls
     */
    merged?: boolean | undefined;
    /**
     * its audio is what the agent hears
     */
    heard?: boolean | undefined;
    /**
     * absent while nobody is muted and both gains are 0
     */
    volume?: {
        muted?: boolean;
        peer_muted?: boolean;
        gain_db?: number;
        peer_gain_db?: number;
    } | undefined;
};
