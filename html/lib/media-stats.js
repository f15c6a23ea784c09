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
export function readStats(report) {
  /** @type {Record<string, any>} */
  const byId = {};
  /** @type {any[]} */
  const all = [];
  /** @type {any} */ (report).forEach((/** @type {any} */ entry) => {
    byId[entry.id] = entry;
    all.push(entry);
  });
  /** @param {string} type */
  const audio = (type) => all.find((entry) => entry.type === type && (entry.kind ?? entry.mediaType) === 'audio') ?? {};
  const [inbound, outbound] = [audio('inbound-rtp'), audio('outbound-rtp')];
  const pair = selectedPair(all, byId);
  return {
    roundTrip: milliseconds(pair?.currentRoundTripTime),
    jitter: milliseconds(inbound.jitter),
    packetsReceived: inbound.packetsReceived ?? 0,
    packetsLost: Math.max(0, inbound.packetsLost ?? 0),
    packetsSent: outbound.packetsSent ?? 0,
    playoutDelay: inbound.jitterBufferEmittedCount
      ? milliseconds(inbound.jitterBufferDelay / inbound.jitterBufferEmittedCount)
      : null,
    concealed: inbound.totalSamplesReceived ? (inbound.concealedSamples ?? 0) / inbound.totalSamplesReceived : 0,
    codec: byId[outbound.codecId]?.mimeType ?? '',
    path: byId[pair?.localCandidateId]?.candidateType ?? '',
  };
}

/**
 * @param {any[]} all
 * @param {Record<string, any>} byId
 */
function selectedPair(all, byId) {
  const transport = all.find((entry) => entry.type === 'transport' && entry.selectedCandidatePairId);
  if (transport) return byId[transport.selectedCandidatePairId];
  return all.find((entry) => entry.type === 'candidate-pair' && entry.nominated && entry.state === 'succeeded');
}

/**
 * @param {number | undefined} seconds
 * @returns {number | null}
 */
function milliseconds(seconds) {
  return seconds === undefined ? null : Math.round(seconds * 1000);
}
