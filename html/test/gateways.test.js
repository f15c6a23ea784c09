// Several gateways behind one nginx: which one the phone asks for.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { FakePeerConnection } from './fakes/browser.js';
import { Stand } from './fakes/stand.js';
import { settle } from './fakes/virtual-time.js';

/** @type {Stand} */
let stand;
afterEach(() => stand?.close());

async function signedIn() {
  stand = new Stand();
  await stand.phone.signIn();
  await settle();
}

async function inCall() {
  await signedIn();
  stand.plugin.incoming();
  const [call] = stand.heard('incoming');
  await call.answer();
  await settle();
}

test('a gateway that is being emptied: the phone signs in again by a new connection', async () => {
  await signedIn();
  const sockets = stand.janus.of('create').length;
  stand.plugin.event({ event: 'draining', username: '7001' });
  await settle();
  assert.equal(stand.phone.state, 'reconnecting');
  assert.match(stand.phone.status.reason, /being emptied/);
  await stand.time.advance(500);
  assert.equal(stand.phone.state, 'in-service');
  assert.equal(stand.janus.of('create').length, sockets + 1, 'with a session of its own');
  assert.equal(stand.janus.of('register').length, 2);
  assert.equal(stand.Socket.opened[1].url, 'wss://gateway.test/janus-ws?dn=7001&leave=1', 'nginx leads elsewhere');
  stand.janus.cut();
  await stand.time.advance(500);
  assert.equal(stand.Socket.opened[2].url, 'wss://gateway.test/janus-ws?dn=7001', 'and back to the new one');
});

test('a gateway that refuses the sign-in because it drains: another connection is tried', async () => {
  await signedIn();
  const refusal = { error_code: 472, error_name: 'draining', error: 'register: this gateway is draining' };
  stand.plugin.refusals.set('register', refusal);
  stand.plugin.event({ event: 'draining', username: '7001' });
  await stand.time.advance(600);
  assert.notEqual(stand.phone.state, 'signed-out');
  await stand.time.advance(3000);
  assert.equal(stand.phone.state, 'in-service');
  assert.equal(stand.janus.of('create').length, 3);
  assert.equal(stand.Socket.opened[2].url, 'wss://gateway.test/janus-ws?dn=7001&leave=2');
});

test('a first sign-in at a gateway that drains: another one is asked for at once', async () => {
  stand = new Stand();
  const refusal = { error_code: 472, error_name: 'draining', error: 'register: this gateway is draining' };
  stand.plugin.refusals.set('register', refusal);
  assert.equal(await stand.phone.signIn(), 'in-service');
  assert.deepEqual(stand.Socket.opened.map(({ url }) => new URL(url).search), ['?dn=7001', '?dn=7001&leave=1']);
  await settle();
  assert.equal(stand.phone.media, 'connected');
});

test('a first sign-in where every gateway drains: refused, and the next one begins anew', async () => {
  stand = new Stand();
  const refusal = { error_code: 472, error_name: 'draining', error: 'register: this gateway is draining' };
  stand.plugin.refusals.set('register', refusal);
  stand.plugin.refusesForGood = true;
  await assert.rejects(stand.phone.signIn(), (error) => error.code === 472);
  assert.equal(stand.phone.state, 'signed-out');
  assert.equal(stand.Socket.opened.length, 4);
  stand.plugin.refusals.clear();
  assert.equal(await stand.phone.signIn(), 'in-service');
  assert.equal(new URL(stand.Socket.opened[4].url).search, '?dn=7001');
});

/** The queries of all WebSockets since the first one. */
const asked = () => stand.Socket.opened.slice(1).map(({ url }) => new URL(url).search.slice('?dn=7001'.length));

test('a lost connection in a call: only the gateway of before will do while audio comes from it', async () => {
  await inCall();
  stand.Socket.refuse = true;
  stand.janus.cut();
  await stand.audioFor(8000);
  assert.ok(asked().length > 3);
  assert.deepEqual([...new Set(asked())], ['&stay=1']);
  await stand.time.advance(6000);
  assert.equal(asked().at(-1), '', 'nothing comes any more: any gateway will do');
  stand.Socket.refuse = false;
  await stand.time.advance(3000);
  assert.equal(stand.phone.state, 'in-service');
});

test('a lost connection in a call: after 30 s any gateway will do', async () => {
  await inCall();
  stand.Socket.refuse = true;
  stand.janus.cut();
  await stand.audioFor(29_000);
  assert.equal(asked().at(-1), '&stay=1');
  await stand.audioFor(4000);
  assert.equal(asked().at(-1), '');
});

test('a lost connection without a call: any gateway will do', async () => {
  await signedIn();
  FakePeerConnection.last.packetsReceived = 100;
  stand.janus.cut();
  await stand.time.advance(500);
  assert.deepEqual(asked(), ['']);
});
