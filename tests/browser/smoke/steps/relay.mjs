// Agents whose browsers reach nothing but a TURN port, by UDP, TCP and TLS: sound both ways through coturn.
import { AGENT_TONE, agentHears, farEndHears } from './common.mjs';

export async function relay({ relayed, sim, table }) {
  for (const { transport, agent } of relayed) await callThrough(transport, agent, sim, table);
}

async function callThrough(transport, agent, sim, table) {
  const step = `through the relay, ${transport}`;
  await agent.open();
  await agent.signIn();
  const known = await sim.callIds();
  await agent.dial('9001');
  await agent.callIs('established', 15_000);
  const id = await sim.newCall(known);
  await farEndHears(table, step, sim, id);
  await agentHears(table, step, agent, AGENT_TONE);
  const path = await agent.page.evaluate(() => globalThis.smoke.localCandidate());
  table.add(step, 'local candidate', path, `relay ${transport}`, path === `relay ${transport}`);
  await agent.control('hang-up').click();
  await agent.callIsGone();
}
