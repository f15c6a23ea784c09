// The gateway's end of the PeerConnection, played by a second page of the browser: it answers offers and
// sends a tone, so that the phone's ICE, DTLS and audio are real.

const toneHz = 440;

/**
 * @param {import('playwright-core').Browser} browser
 * @returns {Promise<(offer: {sdp: string}) => Promise<string>>} offer → SDP of the answer
 */
export async function gatewayPeer(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  return (offer) => page.evaluate(answerWithTone, { sdp: offer.sdp, toneHz });
}

/** Runs in the page. @param {{sdp: string, toneHz: number}} options */
async function answerWithTone({ sdp, toneHz: frequency }) {
  const audio = new AudioContext();
  const oscillator = audio.createOscillator();
  const destination = audio.createMediaStreamDestination();
  oscillator.frequency.value = frequency;
  oscillator.connect(destination);
  oscillator.start();
  const connection = new RTCPeerConnection();
  globalThis.connections = [...(globalThis.connections ?? []), connection];
  connection.addTrack(destination.stream.getAudioTracks()[0]);
  await connection.setRemoteDescription({ type: 'offer', sdp });
  await connection.setLocalDescription(await connection.createAnswer());
  // No trickle: the answer carries all candidates.
  while (connection.iceGatheringState !== 'complete') {
    await new Promise((resolve) => connection.addEventListener('icegatheringstatechange', resolve, { once: true }));
  }
  return connection.localDescription.sdp;
}
