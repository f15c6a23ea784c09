/**
 * What the browser leg is like, in numbers that a person understands.
 * @typedef {object} MediaStats
 * @property {number | null} roundTrip ms to the gateway
 * @property {number | null} jitter ms of what is received
 * @property {number} packetsReceived
 * @property {number} packetsLost of those that should have been received
 * @property {number} packetsSent
 * @property {number | null} playoutDelay ms that audio waits in the jitter buffer, on average
 * @property {number} concealed samples that were made up for lost ones, 0 … 1 of all
 * @property {string} codec such as "audio/opus"
 * @property {'host' | 'srflx' | 'prflx' | 'relay' | ''} path how the browser reaches the gateway
 */
/**
 * @param {Iterable<any> | RTCStatsReport} report
 * @returns {MediaStats}
 */
export function readStats(report: Iterable<any> | RTCStatsReport): MediaStats;
/**
 * What the browser leg is like, in numbers that a person understands.
 */
export type MediaStats = {
    /**
     * ms to the gateway
     */
    roundTrip: number | null;
    /**
     * ms of what is received
     */
    jitter: number | null;
    packetsReceived: number;
    /**
     * of those that should have been received
     */
    packetsLost: number;
    packetsSent: number;
    /**
     * ms that audio waits in the jitter buffer, on average
     */
    playoutDelay: number | null;
    /**
     * samples that were made up for lost ones, 0 … 1 of all
     */
    concealed: number;
    /**
     * such as "audio/opus"
     */
    codec: string;
    /**
     * how the browser reaches the gateway
     */
    path: "host" | "srflx" | "prflx" | "relay" | "";
};
