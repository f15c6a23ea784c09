// The parts of a browser that the library touches, in memory.

/** @param {import('./mock-janus.js').MockJanus} janus @returns WebSocket that ends at the mock */
export function webSocketTo(janus) {
  return class FakeWebSocket {
    static opened = [];
    static refuse = false;
    #end;
    #state = 'connecting';

    constructor(url, protocol) {
      this.url = url;
      this.protocol = protocol;
      FakeWebSocket.opened.push(this);
      setImmediate(() => {
        if (this.#state !== 'connecting') return;
        if (FakeWebSocket.refuse) return this.close();
        this.#state = 'open';
        this.#end = janus.accept({
          send: (message) => this.#state === 'open' && this.onmessage?.({ data: JSON.stringify(message) }),
          close: () => this.close(),
        });
        this.onopen?.({});
        return undefined;
      });
    }

    send(text) {
      if (this.#state === 'open') setImmediate(() => this.#end.message(JSON.parse(text)));
    }

    close() {
      if (this.#state === 'closed') return;
      this.#state = 'closed';
      this.#end?.gone();
      setImmediate(() => this.onclose?.({ reason: '' }));
    }
  };
}

export class FakePeerConnection {
  /** @type {FakePeerConnection[]} */
  static all = [];
  /** Whether a negotiated connection connects by itself. */
  static connects = true;
  connectionState = 'new';
  signalingState = 'stable';
  remoteDescription = null;
  offers = [];
  candidates = [];
  sent = null;

  constructor(configuration) {
    this.configuration = configuration;
    FakePeerConnection.all.push(this);
    this.number = FakePeerConnection.all.length;
  }

  static get last() {
    return FakePeerConnection.all[FakePeerConnection.all.length - 1];
  }

  getConfiguration() {
    return this.configuration;
  }
  setConfiguration(configuration) {
    this.configuration = configuration;
  }
  addTrack(track) {
    this.sent = track;
    return { replaceTrack: async (next) => void (this.sent = next) };
  }
  async createOffer(options) {
    this.offers.push(options);
    return { type: 'offer', sdp: `offer ${this.number}.${this.offers.length}` };
  }
  async createAnswer() {
    return { type: 'answer', sdp: `answer of ${this.number}` };
  }
  async setLocalDescription({ type }) {
    this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable';
    if (type === 'answer') this.#negotiated();
    if (type === 'offer') this.onicecandidate?.({ candidate: { candidate: 'candidate:1', toJSON: () => ({ candidate: 'candidate:1' }) } });
  }
  async setRemoteDescription(description) {
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    if (description.type === 'answer') this.#negotiated();
  }
  async addIceCandidate(candidate) {
    this.candidates.push(candidate);
  }
  /** Of audio, in all. */
  packetsReceived = 0;
  async getStats() {
    const { packetsReceived } = this;
    return new Map([['in', { id: 'in', type: 'inbound-rtp', kind: 'audio', packetsReceived }]]);
  }
  close() {
    this.connectionState = 'closed';
  }
  enter(state) {
    this.connectionState = state;
    this.onconnectionstatechange?.({});
  }

  #negotiated() {
    if (FakePeerConnection.connects) setImmediate(() => this.connectionState !== 'closed' && this.enter('connected'));
  }
}

class FakeTrack {
  enabled = true;
  readyState = 'live';
  constructor(device) {
    this.device = device;
  }
  clone() {
    return new FakeTrack(this.device);
  }
  stop() {
    this.readyState = 'ended';
  }
}

export class FakeMediaDevices {
  /** @type {FakeTrack[]} */
  captured = [];
  /** @type {string} the name of the error that getUserMedia throws */
  refusal = '';
  constraints = null;

  async getUserMedia(constraints) {
    this.constraints = constraints;
    if (this.refusal) throw new DOMException('refused', this.refusal);
    const track = new FakeTrack(constraints.audio.deviceId?.exact ?? 'default');
    this.captured.push(track);
    return { getAudioTracks: () => [track], getTracks: () => [track] };
  }
  async enumerateDevices() {
    return [
      { kind: 'audioinput', deviceId: 'headset', label: 'Headset' },
      { kind: 'audiooutput', deviceId: 'speaker', label: 'Speaker' },
      { kind: 'videoinput', deviceId: 'camera', label: 'Camera' },
    ];
  }
  addEventListener() {}
}

export class FakeAudio {
  srcObject = null;
  sink = '';
  paused = true;
  async play() {
    this.paused = false;
  }
  async setSinkId(id) {
    this.sink = id;
  }
}
