import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { ArgumentError, MediaError, Phone, PluginError, StateError } from '../lib/index.js';
import { FakePeerConnection } from './fakes/browser.js';
import { Stand } from './fakes/stand.js';
import { settle } from './fakes/virtual-time.js';

/** @type {Stand} */
let stand;
const open = (options) => (stand = new Stand(options));
afterEach(() => stand?.close());

async function signedIn(options) {
  open(options);
  await stand.phone.signIn();
  await settle();
  return stand;
}

async function inCall(options) {
  await signedIn(options);
  stand.plugin.incoming();
  const [call] = stand.heard('incoming');
  await call.answer();
  await settle();
  return call;
}

test('signs in: microphone, register without JSEP, then the PeerConnection by update', async () => {
  open();
  assert.equal(await stand.phone.signIn(), 'in-service');
  await settle();
  const [register] = stand.janus.of('register');
  assert.deepEqual(register.body, { request: 'register', username: '7001', secret: 'agent-password', incoming_offer: false });
  assert.equal(register.jsep, undefined);
  assert.equal(stand.janus.of('update')[0].jsep.type, 'offer');
  assert.deepEqual(FakePeerConnection.last.configuration.iceServers, stand.plugin.iceServers);
  assert.equal(FakePeerConnection.last.remoteDescription.sdp, 'answer to offer 1.1');
  assert.equal(stand.phone.media, 'connected');
  assert.deepEqual(stand.states, ['signing-in', 'signing-in', 'in-service']);
});

test('candidates are trickled once the gateway has the offer, never before', async () => {
  await signedIn();
  const kinds = stand.janus.received.map((message) => message.body?.request ?? message.janus);
  assert.ok(kinds.indexOf('trickle') > kinds.indexOf('update'), kinds.join(' '));
  assert.deepEqual(stand.janus.of('trickle')[0].candidates, [{ candidate: 'candidate:1' }]);
});

test('candidates of Janus wait for its description', async () => {
  open();
  stand.plugin.answer = async (offer) => {
    stand.janus.tell(stand.plugin.handle, { janus: 'trickle', candidate: { candidate: 'candidate:9' } });
    stand.janus.tell(stand.plugin.handle, { janus: 'trickle', candidate: { completed: true } });
    assert.deepEqual(FakePeerConnection.last.candidates, []);
    return `answer to ${offer.sdp}`;
  };
  await stand.phone.signIn();
  assert.deepEqual(FakePeerConnection.last.candidates, [{ candidate: 'candidate:9' }, undefined]);
});

test('a wrong password is a PluginError, and the microphone is given back', async () => {
  open({ secret: 'wrong' });
  await assert.rejects(stand.phone.signIn(), (error) => {
    assert.ok(error instanceof PluginError);
    assert.deepEqual([error.code, error.name, error.field], [460, 'bad_credential', 'secret']);
    return true;
  });
  assert.equal(stand.phone.state, 'signed-out');
  assert.equal(stand.phone.status.reason, 'The password is wrong');
  assert.equal(stand.devices.captured[0].readyState, 'ended');
  assert.equal(stand.janus.connections.size, 0);
});

test('a refused microphone is told in words, and the DN is left alone', async () => {
  open();
  stand.devices.refusal = 'NotAllowedError';
  await assert.rejects(stand.phone.signIn(), (error) => {
    assert.ok(error instanceof MediaError);
    assert.equal(error.kind, 'permission-denied');
    assert.match(error.message, /microphone/);
    return true;
  });
  assert.equal(stand.janus.of('register').length, 0);
  stand.devices.refusal = '';
  assert.equal(await stand.phone.signIn(), 'in-service');
});

test('each failure of getUserMedia has its own kind', async () => {
  for (const [name, kind] of [['NotFoundError', 'no-device'], ['NotReadableError', 'device-busy'], ['TypeError', 'unsupported']]) {
    open();
    stand.devices.refusal = name;
    await assert.rejects(stand.phone.signIn(), (error) => error.kind === kind, name);
    await stand.close();
  }
  open();
});

test('a DN that the SIP Server does not have: signed in, out of service, with the reason', async () => {
  open();
  stand.plugin.inService = false;
  assert.equal(await stand.phone.signIn(), 'out-of-service');
  assert.deepEqual(stand.phone.status, {
    state: 'out-of-service',
    reason: 'The DN is not configured at the SIP Server',
    code: 404,
    retryIn: 4000,
  });
  stand.plugin.setInService(true);
  assert.equal(stand.phone.state, 'in-service');
});

test('options are checked when the phone is made', () => {
  const url = 'wss://gateway.test';
  assert.throws(() => new Phone({ url, dn: '', secret: 'x' }), StateError);
  assert.throws(() => new Phone({ url, dn: '7001' }), StateError);
  assert.throws(() => new Phone({ url, dn: '7001', secret: 'x', token: 'y' }), StateError);
});

test('an incoming call rides on the standing PeerConnection', async () => {
  await signedIn();
  stand.plugin.incoming();
  const [call] = stand.heard('incoming');
  assert.deepEqual(
    [call.direction, call.state, call.peer, call.number, call.name, call.uuid, call.headers],
    ['in', 'ringing', 'sip:5551234@sip.test', '5551234', 'Ada Lovelace', 'UUID0001', { 'X-Customer': 'gold' }],
  );
  assert.equal(stand.phone.ringing, 'ring');
  assert.equal(FakePeerConnection.last.sent.enabled, false, 'nothing is sent before the answer');
  const answered = call.answer();
  assert.equal(FakePeerConnection.last.sent.enabled, true);
  await answered;
  await settle();
  assert.equal(call.state, 'established');
  assert.deepEqual(call.codecs, { sip: 'PCMU/8000', browser: 'opus/48000/2' });
  assert.equal(stand.phone.ringing, null);
  assert.equal(stand.janus.of('accept')[0].jsep, undefined);
  assert.equal(FakePeerConnection.all.length, 1);
});

test('the far end hangs up: reason, times, and the microphone is silent again', async () => {
  const call = await inCall();
  const ends = [];
  call.on('ended', (end) => ends.push(end));
  await stand.time.advance(5000);
  stand.plugin.farHangsUp(call.id, { code: 200, reason: 'Transferred', reason_header: 'SIP;cause=200;text="x"' });
  assert.deepEqual(ends, [{ code: 200, reason: 'Transferred', reasonHeader: 'SIP;cause=200;text="x"' }]);
  assert.equal(call.endedAt - call.answeredAt, 5000);
  assert.equal(stand.phone.calls.size, 0);
  assert.equal(FakePeerConnection.last.sent.enabled, false);
  assert.equal(stand.devices.captured[0].readyState, 'live', 'open until sign-out');
});

test('declines with a code', async () => {
  await signedIn();
  stand.plugin.incoming();
  const [call] = stand.heard('incoming');
  await call.decline(603);
  await settle();
  assert.equal(stand.janus.of('decline')[0].body.code, 603);
  assert.equal(call.state, 'ended');
  assert.equal(stand.phone.ringing, null);
});

test('a caller who gives up while it rings', async () => {
  await signedIn();
  stand.plugin.incoming();
  stand.plugin.farHangsUp('call-1', { code: 487, reason: 'The caller hung up' });
  const [call] = stand.heard('incoming');
  assert.equal(call.state, 'ended');
  assert.equal(stand.phone.ringing, null);
  await assert.rejects(call.answer(), StateError);
});

test('an answer that the gateway refuses leaves the call ringing', async () => {
  await signedIn();
  stand.plugin.incoming();
  const [call] = stand.heard('incoming');
  stand.plugin.refusals.set('accept', { error_code: 469, error_name: 'no_media', error: 'No RTP port is free' });
  await assert.rejects(call.answer(), (error) => error.code === 469);
  assert.equal(call.state, 'ringing');
  assert.equal(stand.phone.live, false);
});

test('calls out: calling, alerting with ring-back, early, established', async () => {
  await signedIn();
  const call = await stand.phone.call('9001');
  assert.deepEqual([call.direction, call.state, call.number], ['out', 'calling', '9001']);
  assert.equal(stand.janus.of('call')[0].body.uri, '9001');
  stand.plugin.event({ event: 'ringing', call_id: call.id });
  assert.deepEqual([call.state, stand.phone.ringing], ['alerting', 'ringback']);
  stand.plugin.event({ event: 'progress', call_id: call.id, username: 'sip:9001@sip.test' });
  assert.deepEqual([call.state, stand.phone.ringing], ['early', null]);
  stand.plugin.farAnswers(call.id);
  assert.equal(call.state, 'established');
  await call.hangUp();
  await settle();
  assert.equal(call.state, 'ended');
  await call.hangUp(); // once more does no harm
});

test('hanging up twice asks once', async () => {
  const call = await inCall();
  await Promise.all([call.hangUp(), call.hangUp()]);
  await settle();
  assert.equal(stand.janus.of('hangup').length, 1);
  assert.equal(call.state, 'ended');
});

test('a refused call is a PluginError', async () => {
  await signedIn();
  stand.plugin.refusals.set('call', { error_code: 468, error_name: 'not_in_service', error: 'The DN is not in service' });
  await assert.rejects(stand.phone.call('9001'), (error) => error.code === 468 && error.name === 'not_in_service');
  assert.equal(stand.phone.calls.size, 0);
});

test('digits go one after the other, each with its time', async () => {
  const call = await inCall();
  const sent = call.sendDigits('1a', { duration: 100, gap: 50 });
  const more = call.sendDigits('#', { duration: 100, gap: 50 });
  await settle();
  assert.deepEqual(stand.janus.of('dtmf_info').map((m) => m.body.digit), ['1']);
  await stand.time.advance(150);
  assert.deepEqual(stand.janus.of('dtmf_info').map((m) => m.body.digit), ['1', 'A']);
  await stand.time.advance(300);
  await sent;
  await more;
  assert.equal(call.digitsSent, '1A#');
  assert.deepEqual(stand.janus.of('dtmf_info')[0].body, { request: 'dtmf_info', call_id: call.id, digit: '1', duration: 100 });
  await assert.rejects(call.sendDigits('12E'), ArgumentError);
  assert.equal(stand.janus.of('dtmf_info').length, 3);
});

test('a key pressed at the far end', async () => {
  const call = await inCall();
  const digits = [];
  call.on('digit', (digit) => digits.push(digit));
  stand.plugin.event({ event: 'dtmf', call_id: call.id, digit: '5', duration: 120 });
  assert.deepEqual(digits, [{ digit: '5', duration: 120 }]);
});

test('mute silences what is sent, until the call ends', async () => {
  const call = await inCall();
  call.mute(true);
  assert.equal(FakePeerConnection.last.sent.enabled, false);
  call.mute(false);
  assert.equal(FakePeerConnection.last.sent.enabled, true);
  call.mute(true);
  stand.plugin.farHangsUp(call.id);
  stand.plugin.incoming({ id: 'call-2' });
  await stand.heard('incoming')[1].answer();
  assert.equal(FakePeerConnection.last.sent.enabled, true);
});

test('another microphone in mid-call: replaced without a negotiation, mute kept', async () => {
  const call = await inCall();
  call.mute(true);
  await stand.phone.setInput('headset');
  await settle();
  assert.equal(FakePeerConnection.last.sent.device, 'headset');
  assert.equal(FakePeerConnection.last.sent.enabled, false);
  assert.equal(stand.devices.captured[0].readyState, 'ended');
  assert.equal(stand.janus.of('update').length, 1);
});

test('an unplugged microphone is replaced by the default one, and told', async () => {
  await inCall({ ringTone: false });
  await stand.phone.setInput('headset');
  stand.devices.captured[1].onended();
  await settle();
  assert.equal(FakePeerConnection.last.sent.device, 'default');
  assert.equal(stand.heard('error')[0].kind, 'no-device');
});

test('devices, loudspeaker and the constraints of the application', async () => {
  const constraints = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  await signedIn({ constraints });
  assert.deepEqual(stand.devices.constraints, { audio: constraints });
  assert.deepEqual(await stand.phone.devices(), {
    inputs: [{ id: 'headset', label: 'Headset' }],
    outputs: [{ id: 'speaker', label: 'Speaker' }],
  });
  await stand.phone.setOutput('speaker');
  assert.equal(stand.audio.sink, 'speaker');
});

test('signs out: refused in a call, otherwise everything is given back', async () => {
  const call = await inCall();
  await assert.rejects(stand.phone.signOut(), (error) => error.code === 467);
  assert.equal(stand.phone.state, 'in-service');
  await call.hangUp();
  await settle();
  await stand.phone.signOut();
  assert.equal(stand.phone.state, 'signed-out');
  assert.equal(stand.devices.captured[0].readyState, 'ended');
  assert.equal(FakePeerConnection.last.connectionState, 'closed');
  assert.equal(stand.janus.sessions.size, 0);
  assert.equal(stand.time.pending, 0);
});

test('one PeerConnection per call: the page offers', async () => {
  await signedIn({ peerConnection: 'call' });
  assert.equal(FakePeerConnection.all.length, 0);
  assert.equal(stand.devices.captured.length, 0);
  const call = await stand.phone.call('9001');
  await settle();
  const [request] = stand.janus.of('call');
  assert.deepEqual([request.jsep.type, request.body.early_answer], ['offer', true]);
  assert.equal(FakePeerConnection.last.remoteDescription.type, 'answer');
  await call.hangUp();
  await settle();
  assert.equal(FakePeerConnection.last.connectionState, 'closed');
  assert.equal(stand.devices.captured[0].readyState, 'ended');
  assert.equal(stand.janus.of('hangup').filter((m) => m.janus === 'hangup').length, 1, "Janus's side is ended, too");
});

test("one PeerConnection per call: the gateway's offer in incomingcall is answered", async () => {
  await signedIn({ peerConnection: 'call' });
  assert.equal('incoming_offer' in stand.janus.of('register')[0].body, false);
  stand.plugin.incoming({ jsep: { type: 'offer', sdp: 'offer of the gateway' } });
  const [call] = stand.heard('incoming');
  assert.equal(FakePeerConnection.all.length, 0, 'nothing before the agent answers');
  await call.answer();
  await settle();
  assert.deepEqual(stand.janus.of('accept')[0].jsep, { type: 'answer', sdp: 'answer of 1' });
  assert.equal(FakePeerConnection.last.remoteDescription.sdp, 'offer of the gateway');
  assert.equal(call.state, 'established');
  assert.equal(FakePeerConnection.last.sent.enabled, true);
});
