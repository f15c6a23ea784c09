import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { StateError } from '../lib/index.js';
import { Stand } from './fakes/stand.js';
import { settle } from './fakes/virtual-time.js';

/** @type {Stand} */
let stand;
afterEach(() => stand?.close());

async function inCall() {
  stand = new Stand();
  await stand.phone.signIn();
  await settle();
  stand.plugin.incoming();
  const [call] = stand.heard('incoming');
  await call.answer();
  await settle();
  return call;
}

async function second() {
  stand.plugin.incoming({ id: 'call-2' });
  const call = stand.heard('incoming').at(-1);
  await call.answer();
  await settle();
  return call;
}

test('hold and retrieve: the state is what the gateway says', async () => {
  const call = await inCall();
  await call.putOnHold();
  await settle();
  assert.deepEqual([call.hold, call.held, call.heard], ['local', true, false]);
  await call.retrieve();
  await settle();
  assert.deepEqual([call.hold, call.held, call.heard], ['none', false, true]);
  assert.deepEqual(stand.janus.of('hold')[0].body, { request: 'hold', call_id: call.id });
});

test('a hold by the far end is no hold of ours', async () => {
  const call = await inCall();
  stand.plugin.changeCall(call.id, { hold: 'remote' });
  await settle();
  assert.deepEqual([call.hold, call.held], ['remote', false]);
});

test('volume: what is left out is not sent, and the gateway says what holds', async () => {
  const call = await inCall();
  assert.deepEqual(call.volume, { muted: false, peerMuted: false, gainDb: 0, peerGainDb: 0 });
  await call.setVolume({ peerMuted: true, gainDb: -6 });
  assert.deepEqual(stand.janus.of('volume')[0].body, { request: 'volume', peer_muted: true, gain_db: -6, call_id: call.id });
  await settle();
  assert.deepEqual(call.volume, { muted: false, peerMuted: true, gainDb: -6, peerGainDb: 0 });
  stand.plugin.changeCall(call.id, { volume: undefined });
  await settle();
  assert.equal(call.volume.peerMuted, false);
});

test('another UUID in a live call is taken over', async () => {
  const call = await inCall();
  stand.plugin.changeCall(call.id, { uuid: 'UUID9' });
  await settle();
  assert.equal(call.uuid, 'UUID9');
});

test('calls merge; the phone names those that are meant', async () => {
  const first = await inCall();
  const other = await second();
  await stand.phone.merge([first, other]);
  await settle();
  assert.ok(first.merged && other.merged && first.heard && other.heard);
  assert.deepEqual(stand.janus.of('merge')[0].body, { request: 'merge', call_ids: [first.id, other.id] });
});

test('transfers, blind and attended, and tells how they go', async () => {
  const first = await inCall();
  const other = await second();
  const progress = [];
  first.on('transfer', (news) => progress.push([news.code, news.final]));
  await first.transfer('5559999');
  await first.transferTo(other);
  const bodies = stand.janus.of('transfer').map((message) => message.body);
  assert.deepEqual(bodies, [
    { request: 'transfer', uri: '5559999', call_id: first.id },
    { request: 'transfer', replace: other.id, call_id: first.id },
  ]);
  stand.plugin.event({ event: 'transfer_progress', call_id: first.id, code: 180, reason: 'Ringing', final: false });
  stand.plugin.event({ event: 'transfer_progress', call_id: first.id, code: 486, reason: 'Busy Here', final: true });
  await settle();
  assert.deepEqual(progress, [[180, false], [486, true]]);
});

test('what is asked of a call that is not answered is refused at once', async () => {
  stand = new Stand();
  await stand.phone.signIn();
  await settle();
  stand.plugin.incoming();
  const [call] = stand.heard('incoming');
  await assert.rejects(call.putOnHold(), StateError);
  await assert.rejects(call.transfer('1'), StateError);
});

test('texts, the desktop’s wish and a referral reach who listens', async () => {
  const call = await inCall();
  const heard = [];
  for (const event of ['audio', 'talk', 'info', 'message', 'referral', 'failed']) call.on(event, ({ take, decline, ...news }) => {
    heard.push([event, news]);
    take?.();
    decline?.();
  });
  const tell = (result) => stand.plugin.event({ call_id: call.id, ...result });
  tell({ event: 'audio', side: 'far_end', received: false, reason: 'nothing received' });
  tell({ event: 'talk', answers: false, waiting_for: 'agent' });
  tell({ event: 'info', sender: 'sip:5@h', displayname: '', type: 'text/plain', content: 'i', headers: {} });
  tell({ event: 'message', sender: 'sip:5@h', displayname: '', content_type: 'text/plain', content: 'm', headers: {} });
  tell({ event: 'transfer', refer_id: 7, refer_to: 'sip:9@h', referred_by: '<sip:8@h>', accepted: false });
  tell({ event: 'call_denied', refer_id: 8, uri: 'sip:0900@h', error_code: 470, error_name: 'destination_denied', reason: 'no' });
  tell({ event: 'update_failed', request: 'hold', code: 488, reason: '488 Not Acceptable Here' });
  await settle();
  const referred = stand.janus.received.map(({ body }) => body).filter((body) => body?.refer_id === 7);
  assert.deepEqual(referred.map(({ request }) => request), ['call', 'decline']);
  assert.deepEqual(heard, [
    ['audio', { missing: true, side: 'far_end', reason: 'nothing received' }],
    ['talk', { answers: false, waitingFor: 'agent' }],
    ['info', { sender: 'sip:5@h', type: 'text/plain', content: 'i' }],
    ['message', { sender: 'sip:5@h', type: 'text/plain', content: 'm' }],
    ['referral', { to: 'sip:9@h', by: '<sip:8@h>', accepted: false }],
    ['failed', { request: 'call', code: 470, reason: 'no' }],
    ['failed', { request: 'hold', code: 488, reason: '488 Not Acceptable Here' }],
  ]);
});

test('a call that answers itself does not ring', async () => {
  stand = new Stand();
  await stand.phone.signIn();
  await settle();
  stand.plugin.incoming({ id: 'auto', auto_answer: { after: 0, beep: true }, referred_by: '<sip:7002@h>' });
  await settle();
  const [call] = stand.heard('incoming');
  assert.equal(call.autoAnswer, 0);
  assert.deepEqual(call.origin, { referredBy: '<sip:7002@h>' });
  assert.equal(stand.phone.ringing, null);
});
