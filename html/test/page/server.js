// The page as nginx serves it, with a MockJanus behind its WebSocket, on a port of 127.0.0.1.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { MockJanus } from '../fakes/mock-janus.js';

const html = fileURLToPath(new URL('../..', import.meta.url));
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

/** What the strictest deployment sends. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws://127.0.0.1:*; img-src 'self'; " +
  "media-src 'self' blob: mediastream:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'";

export class PageServer {
  janus = new MockJanus();
  /** What `/config.json` says; null: there is none. @type {object | null} */
  config = null;
  /** Paths asked for that do not exist. @type {string[]} */
  missing = [];
  #http = createServer((request, response) => this.#serve(request, response));
  #sockets = new WebSocketServer({ noServer: true });

  /** @returns {Promise<string>} the page's address */
  async listen() {
    this.#http.on('upgrade', (request, socket, head) => {
      const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/, */);
      if (!/^\/janus-ws\?dn=\w+(&stay=1|&leave=\d+)?$/.test(request.url) || !offered.includes('janus-protocol')) {
        return socket.destroy();
      }
      return this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#connected(webSocket));
    });
    await new Promise((resolve) => this.#http.listen(0, '127.0.0.1', () => resolve(undefined)));
    return `http://127.0.0.1:${this.#http.address().port}/demo/`;
  }

  async close() {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #connected(webSocket) {
    const end = this.janus.accept({
      send: (message) => webSocket.send(JSON.stringify(message)),
      close: () => webSocket.terminate(),
    });
    webSocket.on('message', (text) => end.message(JSON.parse(String(text))));
    webSocket.on('close', () => end.gone());
  }

  async #serve(request, response) {
    const path = normalize(new URL(request.url, 'http://page').pathname);
    if (path === '/config.json' && this.config) {
      response.setHeader('Content-Type', 'application/json');
      return response.end(JSON.stringify(this.config));
    }
    const file = join(html, path.endsWith('/') ? `${path}index.html` : path);
    const body = /^\/(demo|lib)\//.test(path) ? await readFile(file).catch(() => null) : null;
    if (body === null) {
      if (path !== '/config.json') this.missing.push(path);
      response.statusCode = 404;
      return response.end();
    }
    response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
    response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    return response.end(body);
  }
}
