// The agent opens the page through nginx's TLS and signs in.
import { SILENCE_DB } from '../page/signal.mjs';
import { decibel, ms } from './common.mjs';

export async function signIn({ agent, table, shoot }) {
  await agent.open();
  await shoot('sign-in');
  await agent.signIn();
  const taken = Date.now() - await agent.clickedAt('sign-in');
  table.add('sign-in', 'click to in service', ms(taken), '≤ 3000 ms', taken <= 3000);
  await agent.page.locator('[data-testid=media-state][data-state=connected]').waitFor({ timeout: 10_000 });
  const connected = Date.now() - await agent.clickedAt('sign-in');
  table.add('sign-in', 'click to PeerConnection', ms(connected), '≤ 5000 ms', connected <= 5000);
  // Also puts the ear in place before anything has to be heard.
  const { level } = await agent.hears(300);
  table.add('sign-in', 'agent hears between calls', decibel(level), `≤ ${SILENCE_DB} dB`, level <= SILENCE_DB);
}
