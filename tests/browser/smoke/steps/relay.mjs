// A second agent whose browser reaches nothing but the TURN port: sound both ways through coturn.
import { AGENT_TONE, agentHears, farEndHears } from './common.mjs';

const STEP = 'through the relay';

export async function relay({ relayed, sim, table }) {
  await relayed.open();
  await relayed.signIn();
  const known = await sim.callIds();
  await relayed.dial('9001');
  await relayed.callIs('established', 15_000);
  const id = await sim.newCall(known);
  await farEndHears(table, STEP, sim, id);
  await agentHears(table, STEP, relayed, AGENT_TONE);
  const path = await relayed.page.evaluate(() => globalThis.smoke.localCandidate());
  table.add(STEP, 'local candidate', path, 'relay', path === 'relay');
  await relayed.control('hang-up').click();
  await relayed.callIsGone();
}
