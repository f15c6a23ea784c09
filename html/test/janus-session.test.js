import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { ConnectionError, JanusError, JanusSession, PluginError, PluginHandle } from '../lib/index.js';
import { webSocketTo } from './fakes/browser.js';
import { MockJanus } from './fakes/mock-janus.js';
import { settle, VirtualTime } from './fakes/virtual-time.js';

let time, janus, Socket, session, told;

beforeEach(() => {
  time = new VirtualTime();
  time.install();
  janus = new MockJanus();
  Socket = webSocketTo(janus);
  session = new JanusSession({ url: 'wss://gateway.test/janus-ws', WebSocket: Socket, random: () => 0.5 });
  told = [];
  for (const event of ['reconnecting', 'reclaimed', 'renewed', 'closed']) {
    session.on(event, (detail) => told.push([event, detail]));
  }
});

afterEach(async () => {
  const closed = session.destroy();
  await time.advance(3000);
  await closed;
  time.restore();
});

test('connects with the subprotocol and creates a session', async () => {
  await session.connect();
  assert.deepEqual(Socket.opened[0].protocol, ['janus-protocol']);
  assert.equal(janus.received[0].janus, 'create');
  assert.ok(janus.sessions.has(session.id));
});

test('a gateway that cannot be reached is told at once, and can be tried again', async () => {
  Socket.refuse = true;
  await assert.rejects(session.connect(), (error) => error instanceof ConnectionError && error.kind === 'unreachable');
  assert.deepEqual(told, []);
  Socket.refuse = false;
  await session.connect();
  assert.equal(session.state, 'open');
});

test('keeps alive every 25 s', async () => {
  await session.connect();
  await time.advance(24_900);
  assert.equal(janus.of('keepalive').length, 0);
  await time.advance(50_200);
  assert.equal(janus.of('keepalive').length, 3);
  assert.equal(janus.of('keepalive')[0].session_id, session.id);
});

test('a keep-alive without an answer is a lost connection', async () => {
  await session.connect();
  janus.silent = true;
  await time.advance(25_000 + 9_900);
  assert.equal(session.state, 'open');
  await time.advance(200);
  assert.equal(session.state, 'reconnecting');
});

test('claims its session after a cut; the handle lives on', async () => {
  await session.connect();
  const handle = await PluginHandle.attach(session);
  const events = [];
  handle.on('event', ({ result }) => events.push(result.event));
  const id = session.id;
  janus.cut();
  await settle();
  assert.equal(session.state, 'reconnecting');
  await time.advance(500);
  assert.deepEqual(told.map(([event]) => event), ['reconnecting', 'reclaimed']);
  assert.equal(session.id, id);
  assert.equal(janus.of('claim')[0].session_id, id);
  janus.plugin.event({ event: 'ringing', call_id: 'c' }, undefined, undefined, handle.id);
  assert.deepEqual(events, ['ringing']);
});

test('a session that Janus has forgotten is replaced, and its handles say so', async () => {
  await session.connect();
  const handle = await PluginHandle.attach(session);
  const id = session.id;
  janus.forget();
  janus.cut();
  await time.advance(1000);
  assert.deepEqual(told.map(([event]) => event), ['reconnecting', 'renewed']);
  assert.notEqual(session.id, id);
  await assert.rejects(handle.request({ request: 'query' }), (error) => error.kind === 'lost');
});

test("Janus's own timeout of the session leads to a new one", async () => {
  await session.connect();
  const id = session.id;
  janus.sessions.get(id).connection.send({ janus: 'timeout', session_id: id });
  await time.advance(1000);
  assert.deepEqual(told.map(([event]) => event), ['reconnecting', 'renewed']);
  assert.equal(janus.of('claim').length, 0);
});

test('backs off from 0.5 s to 3 s, less up to half of it by chance', async () => {
  await session.connect();
  Socket.refuse = true;
  janus.cut();
  await time.advance(60_000);
  const delays = told.map(([, detail]) => detail.delay);
  assert.deepEqual(delays.slice(0, 7), [375, 750, 1500, 2250, 2250, 2250, 2250]);
  Socket.refuse = false;
  await time.advance(6000);
  assert.equal(session.state, 'open');
});

test('a request under way when the connection goes is told that it is unknown', async () => {
  await session.connect();
  const handle = await PluginHandle.attach(session);
  janus.silent = true;
  const request = handle.request({ request: 'query' });
  const outcome = assert.rejects(request, (error) => error instanceof ConnectionError && error.kind === 'lost');
  await settle();
  janus.silent = false;
  janus.cut();
  await time.advance(1000);
  await outcome;
});

test('a request made while the connection is away is sent when it is back', async () => {
  await session.connect();
  const handle = await PluginHandle.attach(session);
  janus.cut();
  await settle();
  const request = handle.request({ request: 'query' });
  await time.advance(500);
  assert.equal((await request).result.event, 'registered');
});

test('… and fails in time if it stays away', async () => {
  await session.connect();
  const handle = await PluginHandle.attach(session);
  Socket.refuse = true;
  janus.cut();
  await settle();
  const outcome = assert.rejects(handle.request({ request: 'query' }), (error) => error.kind === 'timeout');
  await time.advance(10_000);
  await outcome;
});

test('check() finds a dead connection within 2 s and cuts a back-off short', async () => {
  await session.connect();
  janus.silent = true;
  session.check();
  await time.advance(2000);
  assert.equal(session.state, 'reconnecting');
  janus.silent = false;
  session.check();
  await settle();
  assert.equal(session.state, 'open');
});

test('an answer that never comes is a timeout of that request alone', async () => {
  await session.connect();
  const handle = await PluginHandle.attach(session);
  janus.plugin.request = async () => undefined;
  const outcome = assert.rejects(handle.request({ request: 'query' }), (error) => error.kind === 'timeout');
  await time.advance(10_000);
  await outcome;
  assert.equal(session.state, 'open');
});

test('errors of Janus and of the plugin come typed', async () => {
  await session.connect();
  await assert.rejects(
    session.request({ janus: 'claim', session_id: 1 }).then(() => session.request({ janus: 'x', handle_id: 5 })),
    (error) => error instanceof ConnectionError && error.kind === 'lost',
  );
  const handle = await PluginHandle.attach(session);
  const refusal = { error_code: 443, error_name: 'missing_field', error: "call: field 'uri' is missing", field: 'uri' };
  janus.plugin.refusals.set('call', refusal);
  await assert.rejects(handle.request({ request: 'call' }), (error) => {
    assert.ok(error instanceof PluginError);
    assert.deepEqual([error.code, error.name, error.field], [443, 'missing_field', 'uri']);
    assert.equal(error.message, refusal.error);
    return true;
  });
  janus.sessions.clear();
  await assert.rejects(handle.request({ request: 'query' }), (error) => error instanceof JanusError && error.code === 458);
});

test('an answer reaches event listeners before its request, so order is kept', async () => {
  await session.connect();
  const handle = await PluginHandle.attach(session);
  const order = [];
  handle.on('event', ({ result }) => order.push(result.event));
  await handle.request({ request: 'query' }).then(() => order.push('answered'));
  assert.deepEqual(order, ['registered', 'answered']);
});

test('the handle tells the news of its PeerConnection', async () => {
  await session.connect();
  const handle = await PluginHandle.attach(session);
  const news = [];
  for (const event of ['webrtcup', 'media', 'slowlink', 'hangup', 'candidate', 'detached']) {
    handle.on(event, (detail) => news.push([event, detail]));
  }
  janus.tell(handle.id, { janus: 'trickle', candidate: { candidate: 'candidate:7', sdpMLineIndex: 0 } });
  janus.tell(handle.id, { janus: 'webrtcup' });
  janus.tell(handle.id, { janus: 'media', type: 'audio', receiving: true });
  janus.tell(handle.id, { janus: 'slowlink', uplink: true, lost: 12 });
  janus.tell(handle.id, { janus: 'hangup', reason: 'DTLS alert' });
  janus.tell(handle.id, { janus: 'detached' });
  assert.deepEqual(news, [
    ['candidate', { candidate: 'candidate:7', sdpMLineIndex: 0 }],
    ['webrtcup', undefined],
    ['media', { receiving: true }],
    ['slowlink', { uplink: true, lost: 12 }],
    ['hangup', { reason: 'DTLS alert' }],
    ['detached', undefined],
  ]);
});

test('what is no JSON ends the connection, not the page', async () => {
  await session.connect();
  Socket.opened[0].onmessage({ data: '{"janus":' });
  await settle();
  assert.equal(session.state, 'reconnecting');
});

test('destroy() leaves nothing behind', async () => {
  await session.connect();
  const id = session.id;
  await session.destroy();
  assert.equal(janus.of('destroy')[0].session_id, id);
  assert.equal(time.pending, 0);
  await assert.rejects(session.request({ janus: 'keepalive' }), (error) => error.kind === 'closed');
});
