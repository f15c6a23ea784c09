// Runs before the page's own scripts: notes its PeerConnections and when controls were clicked.
(() => {
  const connections = [];
  const turn = { udp: /^turn:.*transport=udp$/, tcp: /^turn:.*transport=tcp$/, tls: /^turns:/ };
  /** Nothing but TURN, by the one transport that `smokeRelayOnly` names. */
  const relayOnly = (configuration) => ({
    ...configuration,
    iceTransportPolicy: 'relay',
    iceServers: configuration.iceServers.map((server) => ({
      ...server, urls: [server.urls].flat().filter((url) => turn[globalThis.smokeRelayOnly].test(url)),
    })).filter(({ urls }) => urls.length > 0),
  });
  const Original = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Original {
    constructor(configuration, ...given) {
      super(globalThis.smokeRelayOnly ? relayOnly(configuration) : configuration, ...given);
      connections.push(this);
    }
  };

  const standing = () => connections.filter((one) => one.connectionState !== 'closed').at(-1);
  globalThis.smoke = {
    clickedAt: {},
    remoteTrack: () => standing()?.getReceivers().map((one) => one.track)
      .filter((track) => track.kind === 'audio' && track.readyState === 'live').at(-1),
    /** "host", "srflx", "prflx" or "relay", and of the latter "udp", "tcp" or "tls": how our own packets leave. */
    async localCandidate() {
      const report = await standing().getStats();
      const all = [...report.values()];
      const transport = all.find((one) => one.type === 'transport');
      const pair = report.get(transport?.selectedCandidatePairId);
      const { candidateType = 'none', relayProtocol = '' } = report.get(pair?.localCandidateId) ?? {};
      return `${candidateType} ${relayProtocol}`.trim();
    },
    async stats() {
      const report = await standing()?.getStats();
      const found = {};
      for (const one of report?.values() ?? []) found[one.type] ??= one;
      const codecs = [...(report?.values() ?? [])].filter((one) => one.type === 'codec');
      return {
        received: found['inbound-rtp']?.packetsReceived ?? 0,
        lost: found['inbound-rtp']?.packetsLost ?? 0,
        sent: found['outbound-rtp']?.packetsSent ?? 0,
        codec: codecs.find((one) => one.id === found['inbound-rtp']?.codecId)?.mimeType ?? 'none',
      };
    },
  };
  addEventListener('click', (event) => {
    const name = event.target.closest?.('[data-testid]')?.dataset.testid;
    if (name) globalThis.smoke.clickedAt[name] = performance.timeOrigin + performance.now();
  }, { capture: true });
})();
