// The agent says no; and a caller gives up before the answer.
const STEP = 'declined, given up';

export async function decline({ agent, sim, table }) {
  const refused = await sim.ring(agent.dn);
  await agent.control('decline').click();
  const { ended } = await sim.when(refused.id, 'the refusal', (call) => call.state === 'ended');
  table.add(STEP, 'decline', `${ended.status} ${ended.phrase}`, '486', ended.status === 486);
  await agent.control('incoming').waitFor({ state: 'hidden' });

  const given = await sim.ring(agent.dn);
  await agent.control('answer').waitFor();
  await sim.hangUp(given.id);
  await agent.control('incoming').waitFor({ state: 'hidden' });
  const after = await sim.when(given.id, 'the cancelled call to end', (call) => call.state === 'ended');
  table.add(STEP, 'caller gives up', `${after.ended.status}`, '487', after.ended.status === 487);
}
