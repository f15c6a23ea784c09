import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { FakePeerConnection } from './fakes/browser.js';
import { Stand } from './fakes/stand.js';
import { settle } from './fakes/virtual-time.js';

/** @type {Stand} */
let stand;
afterEach(() => stand?.close());

async function signedIn(options) {
  stand = new Stand(options);
  await stand.phone.signIn();
  await settle();
}

async function inCall(options) {
  await signedIn(options);
  stand.plugin.incoming();
  const [call] = stand.heard('incoming');
  await call.answer();
  await settle();
  return call;
}

test('a cut WebSocket: the session is claimed, the call and its PeerConnection stay', async () => {
  const call = await inCall();
  stand.janus.cut();
  await settle();
  assert.equal(stand.phone.state, 'reconnecting');
  assert.equal(call.state, 'established');
  await stand.time.advance(500);
  assert.equal(stand.phone.state, 'in-service');
  assert.equal(stand.janus.of('query').length, 1, 'what happened meanwhile is asked for');
  assert.equal(stand.janus.of('register').length, 1);
  assert.equal(FakePeerConnection.all.length, 1);
  assert.equal(stand.phone.calls.get(call.id), call);
});

test('what happened while the connection was away is made up for', async () => {
  const call = await inCall();
  stand.janus.cut();
  await settle();
  stand.plugin.calls.delete(call.id);
  stand.plugin.incoming({ id: 'call-2' });
  assert.equal(stand.heard('incoming').length, 1);
  await stand.time.advance(500);
  assert.equal(call.state, 'ended');
  assert.match(call.end.reason, /while the connection was away/);
  assert.deepEqual(stand.heard('incoming').map((incoming) => incoming.id), ['call-1', 'call-2']);
});

test('a session that Janus forgot: signs in again, with a new PeerConnection', async () => {
  const call = await inCall();
  stand.janus.forget();
  stand.janus.cut();
  await stand.time.advance(1000);
  assert.equal(stand.phone.state, 'in-service');
  assert.equal(stand.janus.of('register').length, 2);
  assert.equal(FakePeerConnection.all.length, 2);
  assert.equal(FakePeerConnection.all[0].connectionState, 'closed');
  assert.equal(stand.phone.media, 'connected');
  assert.equal(stand.phone.calls.get(call.id), call);
  assert.equal(FakePeerConnection.last.sent.enabled, true, 'the agent is heard again');
});

test('a detached handle is replaced', async () => {
  await signedIn();
  stand.janus.tell(stand.plugin.handle, { janus: 'detached' });
  await settle();
  await stand.time.advance(0);
  assert.equal(stand.janus.of('register').length, 2);
  assert.equal(stand.phone.state, 'in-service');
  assert.equal(stand.phone.media, 'connected');
});

test('signing in again is refused for good: signed out, with the reason', async () => {
  await signedIn();
  stand.plugin.refusals.set('register', { error_code: 464, error_name: 'dn_in_use', error: 'DN 7001 is in use by bob' });
  stand.janus.forget();
  stand.janus.cut();
  await stand.time.advance(3000);
  assert.deepEqual([stand.phone.state, stand.phone.status.reason], ['signed-out', 'DN 7001 is in use by bob']);
  assert.equal(stand.heard('error')[0].code, 464);
  assert.equal(stand.devices.captured[0].readyState, 'ended');
});

test('signing in again is refused for now: tried again', async () => {
  await signedIn();
  stand.plugin.refusals.set('register', { error_code: 465, error_name: 'too_many_handles', error: 'Too many handles' });
  stand.janus.forget();
  stand.janus.cut();
  await stand.time.advance(1000);
  assert.equal(stand.phone.state, 'reconnecting');
  await stand.time.advance(2000);
  assert.equal(stand.phone.state, 'in-service');
});

test('a hang-up that the gateway could not hear is repeated when it can', async () => {
  const call = await inCall();
  stand.Socket.refuse = true;
  stand.janus.cut();
  await settle();
  const done = call.hangUp();
  await stand.time.advance(12_000);
  await done;
  assert.equal(call.state, 'ending');
  stand.Socket.refuse = false;
  await stand.time.advance(8000);
  assert.equal(call.state, 'ended');
  assert.equal(stand.plugin.calls.size, 0);
});

test('a page that reloads finds its call and is back in it', async () => {
  stand = new Stand();
  stand.plugin.calls.set('call-7', {
    call_id: 'call-7',
    direction: 'in',
    state: 'established',
    username: 'sip:5551234@sip.test',
    displayname: 'Ada',
    uuid: 'UUID7',
    headers: {},
    age: 65_000,
    answered: 60_000,
    sip_codec: 'PCMA/8000',
    browser_codec: 'opus/48000/2',
  });
  await stand.phone.signIn();
  await settle();
  const [call] = stand.heard('resumed');
  assert.deepEqual([call.id, call.state, call.resumed, call.codecs.sip], ['call-7', 'established', true, 'PCMA/8000']);
  assert.equal(Date.now() - call.answeredAt, 60_000);
  assert.equal(Date.now() - call.startedAt, 65_000);
  assert.equal(FakePeerConnection.last.sent.enabled, true);
  assert.equal(stand.phone.calls.size, 1);
});

test('a call that still rings after a reload rings again and can be answered', async () => {
  stand = new Stand({ peerConnection: 'call' });
  const ringing = { call_id: 'call-8', direction: 'in', state: 'ringing', username: 'sip:1@x', age: 2000, answered: 0 };
  stand.plugin.calls.set('call-8', ringing);
  await stand.phone.signIn();
  const [call] = stand.heard('incoming');
  assert.equal(stand.heard('resumed').length, 0);
  assert.equal(stand.phone.ringing, 'ring');
  await call.answer();
  await settle();
  assert.equal(call.state, 'established');
});

test('one PeerConnection per call: a resumed call gets a new one by update', async () => {
  stand = new Stand({ peerConnection: 'call' });
  const talking = { call_id: 'call-9', direction: 'out', state: 'established', username: 'sip:1@x', age: 9000, answered: 5000 };
  stand.plugin.calls.set('call-9', talking);
  await stand.phone.signIn();
  await settle();
  assert.equal(stand.janus.of('update').length, 1);
  assert.equal(stand.phone.media, 'connected');
});

test('taken over: told, calls gone, everything given back, nothing tried', async () => {
  const call = await inCall();
  stand.plugin.takeOver();
  await stand.time.advance(60_000);
  assert.equal(stand.phone.state, 'taken-over');
  assert.match(stand.phone.status.reason, /Another page/);
  assert.equal(call.state, 'ended');
  assert.equal(stand.devices.captured[0].readyState, 'ended');
  assert.equal(stand.janus.of('register').length, 1);
  assert.equal(stand.janus.of('unregister').length, 0, 'the DN is no longer ours to sign out');
  assert.equal(await stand.phone.signIn(), 'in-service', 'and can be taken back');
});

test('a token is renewed before it expires, and its function is asked each time', async () => {
  let issued = 0;
  await signedIn({
    token: async () => `token-${++issued}`,
  });
  await stand.phone.signOut();
  stand.plugin.tokenLife = 600;
  await stand.phone.signIn();
  assert.equal(stand.janus.of('register')[1].body.token, 'token-2');
  await stand.time.advance(539_000);
  assert.equal(stand.janus.of('register').length, 2);
  await stand.time.advance(2000);
  assert.equal(stand.janus.of('register')[2].body.token, 'token-3');
  await stand.time.advance(540_000);
  assert.equal(stand.janus.of('register').length, 4, 'and again');
  assert.equal(FakePeerConnection.all.length, 2, 'one per sign-in: the renewal leaves it alone');
});

test('a token that cannot be had is told and asked for again', async () => {
  let fail = false;
  stand = new Stand({
    token: () => {
      if (fail) throw new Error('the desktop is signed out');
      return 'token';
    },
  });
  stand.plugin.tokenLife = 100;
  await stand.phone.signIn();
  fail = true;
  await stand.time.advance(80_000);
  assert.match(stand.heard('error')[0].message, /the desktop is signed out/);
  fail = false;
  await stand.time.advance(5000);
  assert.equal(stand.janus.of('register').length, 2);
});

test('every WebSocket shows the newest token and the DN, and the first one of a sign-in asks once', async () => {
  let issued = 0;
  let away = false;
  await signedIn({
    token: async () => {
      if (away) throw new Error('the desktop is signed out');
      return `token-${++issued}`;
    },
  });
  const shown = () => stand.Socket.opened.map(({ protocol }) => protocol);
  assert.deepEqual(shown(), [['janus-protocol', 'bearer.token-1']]);
  assert.equal(stand.Socket.opened[0].url, 'wss://gateway.test/janus-ws?dn=7001');
  assert.equal(stand.janus.of('register')[0].body.token, 'token-1');
  stand.janus.cut();
  await stand.time.advance(500);
  assert.deepEqual(shown()[1], ['janus-protocol', 'bearer.token-2']);
  away = true;
  stand.janus.cut();
  await stand.time.advance(500);
  assert.deepEqual(shown()[2], ['janus-protocol', 'bearer.token-2'], 'the last one is better than none');
  assert.equal(stand.phone.state, 'in-service');
});

test('a sign-in by password shows no token', async () => {
  await signedIn();
  assert.deepEqual(stand.Socket.opened[0].protocol, ['janus-protocol']);
});

test('TURN credentials of a standing PeerConnection are renewed at half of their life', async () => {
  stand = new Stand();
  const turn = (/** @type {number} */ life) => {
    const username = `${Math.floor(Date.now() / 1000) + life}:ada`;
    stand.plugin.iceServers = [{ urls: ['turn:192.0.2.2'], username, credential: 'x' }];
    return username;
  };
  turn(300);
  await stand.phone.signIn();
  await settle();
  const second = turn(450);
  await stand.time.advance(151_000);
  assert.equal(stand.janus.of('ice_servers').length, 1);
  assert.equal(FakePeerConnection.last.configuration.iceServers[0].username, second);
  assert.equal(FakePeerConnection.last.offers.length, 1, 'without a negotiation');
  await stand.time.advance(151_000);
  assert.equal(stand.janus.of('ice_servers').length, 2, 'and again');
  await stand.phone.signOut();
  await stand.time.advance(600_000);
  assert.equal(stand.janus.of('ice_servers').length, 2, 'nobody needs them any more');
});

test('ICE disconnected for 2 s: an ICE restart with fresh credentials; shorter losses are left alone', async () => {
  await signedIn();
  const connection = FakePeerConnection.last;
  connection.enter('disconnected');
  await stand.time.advance(1900);
  connection.enter('connected');
  await stand.time.advance(10_000);
  assert.equal(stand.janus.of('update').length, 1);
  await stand.time.advance(5 * 60_000);
  stand.plugin.iceServers = [{ urls: ['turn:192.0.2.2'], username: 'later', credential: 'x' }];
  connection.enter('disconnected');
  assert.equal(stand.phone.media, 'disconnected');
  await stand.time.advance(2000);
  assert.deepEqual(connection.offers.at(-1), { iceRestart: true });
  assert.equal(connection.configuration.iceServers[0].username, 'later');
  assert.equal(stand.phone.media, 'connected');
  assert.equal(FakePeerConnection.all.length, 1);
});

test('an ICE restart that does not help: Janus is told, and a new PeerConnection made', async () => {
  const call = await inCall();
  const connection = FakePeerConnection.last;
  FakePeerConnection.connects = false;
  connection.enter('failed');
  await settle();
  assert.equal(connection.offers.length, 2);
  FakePeerConnection.connects = true;
  await stand.time.advance(8000);
  assert.equal(stand.janus.received.filter((m) => m.janus === 'hangup').length, 1);
  assert.equal(FakePeerConnection.all.length, 2);
  assert.equal(stand.phone.media, 'connected');
  assert.equal(call.state, 'established');
  assert.equal(FakePeerConnection.last.sent.enabled, true);
});

const hears = (/** @type {boolean} */ receiving) =>
  stand.janus.tell(stand.plugin.handle, { janus: 'media', type: 'audio', receiving });

test('neither side hears the other, while ICE notices nothing: an ICE restart after half a second', async () => {
  await inCall();
  FakePeerConnection.last.packetsReceived = 100;
  hears(false);
  await stand.time.advance(400);
  assert.equal(FakePeerConnection.last.offers.length, 1);
  await stand.time.advance(100);
  await settle();
  assert.deepEqual(FakePeerConnection.last.offers.at(-1), { iceRestart: true });
  hears(true);
  await stand.time.advance(60_000);
  assert.equal(FakePeerConnection.all.length, 1, 'and that was all');
  assert.equal(FakePeerConnection.last.offers.length, 2);
});

test('… and if that does not help, another PeerConnection', async () => {
  await inCall();
  FakePeerConnection.connects = false;
  hears(false);
  await stand.time.advance(500);
  await settle();
  assert.equal(FakePeerConnection.last.offers.length, 2);
  FakePeerConnection.connects = true;
  await stand.time.advance(10_000);
  assert.equal(FakePeerConnection.all.length, 2);
  assert.equal(stand.phone.media, 'connected');
});

test('Janus hears nothing, but its audio comes: a microphone that is silent needs no ICE restart', async () => {
  await inCall();
  hears(false);
  await stand.audioFor(1000);
  hears(false);
  await stand.time.advance(100);
  hears(true);
  await stand.time.advance(60_000);
  assert.equal(FakePeerConnection.last.offers.length, 1);
  assert.equal(FakePeerConnection.all.length, 1);
});

test('Janus ends the PeerConnection: renewed at once, then with growing delay', async () => {
  await signedIn();
  stand.janus.hangUpPeerConnection();
  await stand.time.advance(0);
  assert.equal(FakePeerConnection.all.length, 2);
  assert.equal(stand.phone.media, 'connected');
  assert.equal(stand.phone.state, 'in-service');
  FakePeerConnection.connects = false;
  stand.janus.hangUpPeerConnection();
  await stand.time.advance(0);
  stand.janus.hangUpPeerConnection();
  await stand.time.advance(0);
  assert.equal(FakePeerConnection.all.length, 3, 'the second waits');
  await stand.time.advance(500);
  assert.equal(FakePeerConnection.all.length, 4);
});

test('Janus tells the end of the PeerConnection twice: one renewal, at once', async () => {
  await signedIn();
  stand.janus.hangUpPeerConnection();
  stand.janus.hangUpPeerConnection('DTLS alert');
  await stand.time.advance(0);
  assert.equal(FakePeerConnection.all.length, 2);
  assert.equal(stand.phone.media, 'connected');
});

test('no PeerConnection at sign-in: the sign-in fails with the reason', async () => {
  stand = new Stand();
  stand.plugin.refusals.set('update', { error_code: 452, error_name: 'unusable_jsep', error: 'No Opus in the offer' });
  await assert.rejects(stand.phone.signIn(), (error) => error.code === 452);
  assert.equal(stand.phone.state, 'signed-out');
  assert.equal(stand.janus.of('unregister').length, 1);
});

test('a PeerConnection of the last call does not end that of the next', async () => {
  await signedIn({ peerConnection: 'call' });
  const first = await stand.phone.call('9001');
  await settle();
  await first.hangUp();
  const second = await stand.phone.call('9002');
  await settle();
  stand.plugin.farAnswers(second.id);
  assert.equal(stand.phone.media, 'connected');
  assert.equal(FakePeerConnection.all.length, 2);
  assert.equal(FakePeerConnection.last.connectionState, 'connected');
});
