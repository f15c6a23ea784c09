// A page's own session (html/lib) on a WebSocket through nginx, without a browser: tells on standard output,
// as a line of JSON each, when it has connected, lost and got back its session. Ends with its input.
import { createRequire } from 'node:module';

import { JanusSession } from '../../html/lib/janus-session.js';

const require = createRequire(new URL('../../html/package.json', import.meta.url));
const { WebSocket } = require('ws');
const { url, host, origin, authority } = JSON.parse(process.argv[2]);

/** As a browser opens one: of a page of `origin`, and sure of the certificate's name. */
class PageSocket extends WebSocket {
  constructor(address, protocols) {
    super(address, protocols, { origin, ca: authority, servername: host });
  }
}

const tell = (event, more = {}) => console.log(JSON.stringify({ event, id: session.id, ...more }));
const session = new JanusSession({ url, WebSocket: PageSocket });
session.on('reconnecting', ({ reason }) => tell('reconnecting', { reason }));
session.on('reclaimed', () => tell('reclaimed'));
session.on('renewed', () => tell('renewed'));
await session.connect();
tell('connected');
process.stdin.resume();
process.stdin.on('end', () => session.destroy().then(() => process.exit(0)));
