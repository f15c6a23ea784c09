// Agents without calls: html/lib's sign-in, many in one process, as their pages hold it through nginx. The task
// is the first line of standard input; what becomes of each agent is told on standard output, a line of JSON
// each. Ends with its input.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

import { SignIn } from '../../html/lib/sign-in.js';

const require = createRequire(new URL('../../html/package.json', import.meta.url));
const { WebSocket } = require('ws');

const tell = (news) => console.log(JSON.stringify({ at: Date.now(), ...news }));

/** A browser's WebSocket: of a page of `origin`, sure of the certificate's name, with a jar for one cookie. */
function browserSocket({ origin, authority, host }) {
  let cookie = '';
  return class extends WebSocket {
    constructor(address, protocols) {
      super(address, protocols, { origin, ca: authority, servername: host, headers: cookie ? { cookie } : {} });
      this.on('upgrade', ({ headers }) => {
        cookie = headers['set-cookie']?.[0].split(';')[0] ?? cookie;
      });
      this.on('error', () => undefined); // tells of itself by `close` as well
    }
  };
}

async function signIn(stack, { dn, token }) {
  const agent = new SignIn({ url: stack.url, dn, token: () => token, incomingOffer: false, WebSocket: browserSocket(stack) });
  agent.on('status', ({ state, reason }) => tell({ dn, state, reason }));
  agent.on('event', ({ result }) => result.event === 'incomingcall' && tell({ dn, rings: result.call_id }));
  agent.on('error', ({ message }) => tell({ dn, error: message }));
  await agent.connect();
  await agent.register();
  await agent.settled();
  return agent;
}

const agents = [];
createInterface({ input: process.stdin }).on('line', async (line) => {
  const task = JSON.parse(line);
  for (const who of task.agents) agents.push(await signIn(task, who));
  tell({ id: task.id });
}).on('close', async () => {
  await Promise.all(agents.map((agent) => agent.leave('signed-out', '')));
  process.exit(0);
});
