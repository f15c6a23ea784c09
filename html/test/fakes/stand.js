import { Phone } from '../../lib/index.js';
import { FakeAudio, FakeMediaDevices, FakePeerConnection, webSocketTo } from './browser.js';
import { MockJanus } from './mock-janus.js';
import { VirtualTime } from './virtual-time.js';

/** A phone, its mock of Janus and the time they live in; `close()` after each test. */
export class Stand {
  time = new VirtualTime();
  janus = new MockJanus();
  Socket = webSocketTo(this.janus);
  devices = new FakeMediaDevices();
  audio = new FakeAudio();

  constructor(options = {}) {
    this.time.install();
    FakePeerConnection.all = [];
    FakePeerConnection.connects = true;
    const credential = 'token' in options ? {} : { secret: this.plugin.secret };
    this.phone = new Phone({ url: 'wss://gateway.test/janus-ws', dn: '7001', ...this.environment, ...credential, ...options });
    /** What the phone told, as [event, detail]. @type {[string, any][]} */
    this.told = [];
    for (const event of ['state', 'incoming', 'outgoing', 'resumed', 'media', 'error']) {
      this.phone.on(event, (detail) => this.told.push([event, detail]));
    }
  }

  get environment() {
    return {
      WebSocket: /** @type {any} */ (this.Socket),
      RTCPeerConnection: /** @type {any} */ (FakePeerConnection),
      mediaDevices: /** @type {any} */ (this.devices),
      audio: /** @type {any} */ (this.audio),
      random: () => 0.5,
    };
  }

  get plugin() {
    return this.janus.plugin;
  }

  /** @param {string} event */
  heard(event) {
    return this.told.filter(([name]) => name === event).map(([, detail]) => detail);
  }

  get states() {
    return this.heard('state').map((status) => status.state);
  }

  /** Time passes while audio comes from the gateway, 50 packets a second. @param {number} ms */
  async audioFor(ms) {
    for (let passed = 0; passed < ms; passed += 100) {
      FakePeerConnection.last.packetsReceived += 5;
      await this.time.advance(100);
    }
  }

  async close() {
    const closed = this.phone.close();
    await this.time.advance(3000);
    await closed;
    this.time.restore();
  }
}
