import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { lowContrast } from './contrast.js';
import { PageFixture } from './fixture.js';

const fixture = new PageFixture();
const at = (id) => fixture.at(id);
const says = (id, text) => fixture.says(id, text);
const press = (key) => fixture.page.keyboard.press(key);

before(() => fixture.launch());
after(() => fixture.quit());
afterEach(() => fixture.close());

test('a whole day under the strictest policy: no violation, no other host, no missing file', async () => {
  await fixture.open();
  const id = await fixture.inCall();
  await at('mute').click();
  await at('key-5').click();
  await says('digits-sent', '5');
  fixture.plugin.farHangsUp(id);
  await says('history', 'Ada Lovelace');
  await at('number').fill('9001');
  await at('dial').click();
  await says('call-state', 'Calling');
  await at('hang-up').click();
  await at('in-call').waitFor({ state: 'hidden' });
  await at('sign-out').click();
  await at('sign-in').waitFor();
  assert.deepEqual(fixture.complaints, []);
  assert.deepEqual(fixture.server.missing, []);
});

test('audio goes both ways, over real ICE and DTLS', async () => {
  await fixture.open({ hash: '#audio=raw' });
  await fixture.inCall();
  await fixture.until(async () => Math.abs((await fixture.levels()).output + 3) < 1, "the far end's tone at -3 dBFS");
  await fixture.until(async () => (await fixture.levels()).input > -40, "the microphone's beep");
  await says('codec-browser', 'Opus 48 kHz');
  await says('codec-sip', 'PCMU 8 kHz');
  await says('quality', /^0\.0 %, \d+ ms$/);
  const stats = await fixture.page.evaluate(() => globalThis.phone.stats());
  assert.equal(stats.codec, 'audio/opus');
  assert.ok(stats.packetsSent > 0);
});

test('by keyboard alone: sign in, answer, mute, digits, hang up, dial', async () => {
  await fixture.open({ hash: '#dn=7001' });
  await fixture.page.keyboard.type(fixture.plugin.secret);
  await press('Enter');
  await says('media-state', /^Connected$/);
  fixture.plugin.incoming();
  await at('incoming').waitFor();
  await press('a');
  await says('call-state', 'In call');
  await press('m');
  await says('mute', 'Muted');
  assert.equal(await at('mute').getAttribute('aria-pressed'), 'true');
  assert.equal(await fixture.page.evaluate(() => globalThis.phone.live), false);
  for (const key of ['1', '2', '#', '*']) await press(key);
  await says('digits-sent', '12#*');
  assert.deepEqual(fixture.janus.of('dtmf_info').map((message) => message.body.digit), ['1', '2', '#', '*']);
  await press('d');
  await at('in-call').waitFor({ state: 'hidden' });
  for (const key of ['9', '0', '0', '2', 'Backspace', '1']) await press(key);
  assert.equal(await at('number').inputValue(), '9001');
  await press('Enter');
  await says('party-name', '9001');
  await press('d');
  await at('in-call').waitFor({ state: 'hidden' });
  fixture.plugin.incoming({ id: 'call-2' });
  await at('incoming').waitFor();
  await press('d');
  await at('incoming').waitFor({ state: 'hidden' });
  assert.equal(fixture.janus.of('decline').length, 1);
});

test('keys mean in the number’s field what they mean elsewhere, and can be switched off', async () => {
  await fixture.open();
  await fixture.signIn();
  await at('number').click();
  fixture.plugin.incoming();
  await at('incoming').waitFor();
  await fixture.page.keyboard.type('90');
  await press('a');
  await says('call-state', 'In call');
  await press('?');
  await at('shortcuts-on').uncheck();
  await press('d');
  await press('m');
  await says('mute', /^Mute/);
  await says('call-state', 'In call');
});

test('every control can be reached by Tab and shows where the focus is', async () => {
  await fixture.open();
  await fixture.inCall();
  const reached = new Set();
  for (let step = 0; step < 60; step += 1) {
    await press('Tab');
    const [id, outline] = await fixture.page.evaluate(() => {
      const focused = document.activeElement;
      return [focused?.getAttribute('data-testid'), focused && getComputedStyle(focused).outlineStyle];
    });
    if (!id) continue;
    assert.equal(outline, 'solid', `${id} does not show its focus`);
    reached.add(id);
  }
  for (const id of ['mute', 'hang-up', 'key-0', 'key-star', 'input-device', 'output-device', 'ring-device', 'sign-out']) {
    assert.ok(reached.has(id), `${id} cannot be reached: ${[...reached].join(' ')}`);
  }
});

test('script in a caller’s name, number, header and reason is text', async () => {
  const script = '<img src=x onerror="document.title=1;alert(1)"><script>alert(2)</script>';
  await fixture.open();
  await fixture.signIn();
  fixture.plugin.incoming({ displayname: script, username: `sip:${script}@x`, headers: { 'X-<b>': script }, uuid: script });
  await at('incoming').waitFor();
  assert.equal(await at('caller-name').textContent(), script);
  assert.ok((await at('call-headers').textContent()).includes(script));
  await press('a');
  await says('call-state', 'In call');
  assert.equal(await at('party-name').textContent(), script);
  fixture.plugin.farHangsUp('call-1', { code: 500, reason: script });
  await says('notice', script);
  await says('history', script);
  assert.equal(await fixture.page.locator('main img, main script, .notices img').count(), 0);
  assert.deepEqual(fixture.complaints, []);
});

test('hold, consult, merge and transfer with two calls', async () => {
  await fixture.open();
  await fixture.inCall();
  await press('h');
  await at('in-call').waitFor({ state: 'hidden' });
  await says('held-calls', 'Ada Lovelace');
  await at('number').fill('5550001');
  await at('dial').click();
  await says('party-name', '5550001');
  const consultation = [...fixture.plugin.calls.keys()].at(-1);
  fixture.plugin.farAnswers(consultation);
  await says('call-state', 'In call');
  if (process.env.SCREENSHOT) await fixture.page.screenshot({ path: process.env.SCREENSHOT, fullPage: true });
  await at('merge').click();
  await at('held').waitFor({ state: 'hidden' });
  await says('call-state', 'In conversation with');
  assert.deepEqual(fixture.janus.of('merge')[0].body.call_ids, ['call-1', consultation]);
  fixture.plugin.changeCall('call-1', { hold: 'local', heard: false });
  await at('connect').click();
  await fixture.page.waitForFunction(() => document.activeElement !== null);
  fixture.plugin.event({ event: 'transfer_progress', call_id: 'call-1', code: 486, reason: 'Busy Here', final: true });
  await says('notices', 'the transfer failed: 486 Busy Here');
  await press('t');
  await at('transfer-number').fill('5559999');
  await at('transfer-go').click();
  await at('transfer-form').waitFor({ state: 'hidden' });
  const transfers = fixture.janus.of('transfer').map(({ body }) => [body.call_id, body.replace ?? body.uri]);
  assert.deepEqual(transfers, [['call-1', consultation], [consultation, '5559999']]);
});

test('the far end’s hold and the desktop’s wishes are said', async () => {
  await fixture.open();
  await fixture.inCall();
  fixture.plugin.changeCall('call-1', { hold: 'remote' });
  await says('call-state', 'Held by the far end');
  fixture.plugin.event({ event: 'transfer', call_id: 'call-1', refer_id: 3, refer_to: 'sip:5557777@h', referred_by: '', accepted: false });
  await says('notices', 'call 5557777 instead?');
});

test('a reload in mid-call signs in by itself and is back in the call, with its audio', async () => {
  await fixture.open();
  await fixture.inCall();
  await fixture.page.reload();
  await says('call-state', 'In call');
  await says('party-name', 'Ada Lovelace');
  await says('notice', 'back in your call');
  await says('media-state', /^Connected$/);
  await fixture.until(async () => Math.abs((await fixture.levels()).output + 3) < 1, 'the tone is heard again');
  assert.equal(await fixture.page.evaluate(() => globalThis.phone.live), true);
  assert.equal(fixture.janus.of('register').length, 2);
});

test('a cut connection is shown and heals; the call and its audio go on', async () => {
  await fixture.open();
  await fixture.inCall();
  fixture.janus.cut();
  await says('dn-state', 'Reconnecting');
  await says('dn-reason', 'a call in progress goes on');
  await says('call-state', 'In call');
  await says('dn-state', 'In service');
  assert.equal(fixture.janus.of('claim').length, 1);
  assert.equal(fixture.janus.of('update').length, 1);
});

test('a DN that goes out of service says why, and no call can be made', async () => {
  await fixture.open();
  await fixture.signIn();
  await at('number').fill('9001');
  fixture.plugin.setInService(false);
  await says('dn-state', 'Out of service');
  await says('dn-reason', 'The DN is not configured at the SIP Server (404). Next attempt in 4 s.');
  assert.equal(await at('dial').isDisabled(), true);
  fixture.plugin.setInService(true);
  await says('dn-state', 'In service');
  await at('dn-reason').waitFor({ state: 'hidden' });
  assert.equal(await at('dial').isDisabled(), false);
});

test('a wrong password and a missing field are said at the form', async () => {
  await fixture.open();
  await at('sign-in').click();
  await says('sign-in-error', 'Enter your DN.');
  await at('dn').fill('7001');
  await at('sign-in').click();
  await says('sign-in-error', 'Enter your password.');
  await at('credential').fill('wrong');
  await at('sign-in').click();
  await says('sign-in-error', 'The password is wrong');
  await at('credential').fill(fixture.plugin.secret);
  await at('sign-in').click();
  await says('dn-state', 'In service');
});

test('a refused microphone is said in words', async () => {
  await fixture.open({
    prepare: (page) =>
      page.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
      }),
  });
  await at('dn').fill('7001');
  await at('credential').fill(fixture.plugin.secret);
  await at('sign-in').click();
  await says('sign-in-error', 'does not let this page use the microphone');
  assert.equal(fixture.janus.of('register').length, 0);
});

test('taken over: back at the form with the reason, and a reload does not take it back', async () => {
  await fixture.open();
  await fixture.inCall();
  fixture.plugin.takeOver();
  await says('sign-in-error', 'Another page has signed in');
  await fixture.page.reload();
  await at('sign-in').waitFor();
  assert.equal(fixture.janus.of('register').length, 1);
});

test('the password stands in this tab’s storage alone and goes with the sign-out', async () => {
  await fixture.open();
  await fixture.signIn();
  const where = () =>
    fixture.page.evaluate((secret) => {
      const has = (/** @type {unknown} */ x) => JSON.stringify(x).includes(secret);
      const fields = [...document.querySelectorAll('input')].map((input) => input.value);
      return [has({ ...sessionStorage }), has({ ...localStorage }), has(location.href), has(document.cookie), has(fields)];
    }, fixture.plugin.secret);
  assert.deepEqual(await where(), [true, false, false, false, false]);
  await at('sign-out').click();
  await at('sign-in').waitFor();
  assert.deepEqual(await where(), [false, false, false, false, false]);
  assert.equal(await fixture.page.evaluate(() => globalThis.phone.media), 'none');
});

test('a sign-out in a call is refused in words', async () => {
  await fixture.open();
  await fixture.inCall();
  await at('sign-out').click();
  await says('notice', 'A call is in progress');
  await says('call-state', 'In call');
});

test('sign-in by token and a PeerConnection per call, as config.json says', async () => {
  await fixture.open({ config: { signIn: 'token', peerConnection: 'call' } });
  await fixture.page.getByLabel('Token').fill('header.claims.signature');
  await at('dn').fill('7001');
  await at('sign-in').click();
  await says('dn-state', 'In service');
  const [{ body }] = fixture.janus.of('register');
  assert.deepEqual([body.token, body.secret], ['header.claims.signature', undefined]);
  await says('media-state', 'Not connected');
  fixture.plugin.incoming();
  await at('answer').click();
  await says('media-state', /^Connected$/);
  await fixture.until(async () => Math.abs((await fixture.levels()).output + 3) < 1, "the far end's tone");
  fixture.plugin.farHangsUp('call-1');
  await says('media-state', 'Not connected');
});

test('without config.json there are defaults', async () => {
  await fixture.open({ config: null });
  await fixture.signIn();
});

test('devices: listed, changed in mid-call, remembered over a reload', async () => {
  await fixture.open();
  await fixture.inCall();
  const values = await at('input-device').locator('option').evaluateAll((all) => all.map((option) => option.value));
  assert.ok(values.length >= 2, 'Chromium’s fake microphones are listed');
  await at('input-device').selectOption(values[1]);
  await fixture.until(() => fixture.page.evaluate(() => sessionStorage['agent-phone.input-device'] !== undefined), 'chosen');
  assert.equal(fixture.janus.of('update').length, 1, 'no negotiation for another microphone');
  await fixture.page.reload();
  await says('call-state', 'In call');
  await fixture.until(async () => (await at('input-device').inputValue()) === values[1], 'chosen again');
});

test('history: a click fills the number in again', async () => {
  await fixture.open();
  await fixture.signIn();
  fixture.plugin.incoming();
  fixture.plugin.farHangsUp('call-1', { code: 487, reason: 'Cancelled' });
  await says('history', 'Not answered');
  await at('history').getByRole('button').click();
  assert.equal(await at('number').inputValue(), '5551234');
});

test('an incoming call is said to screen readers and in the title', async () => {
  await fixture.open();
  await fixture.signIn();
  fixture.plugin.incoming();
  await says('announcer', 'Incoming call from Ada Lovelace');
  await fixture.until(async () => (await fixture.page.title()) === 'Incoming: Ada Lovelace', 'the title');
});

for (const colorScheme of ['light', 'dark']) {
  test(`contrast is WCAG AA in every state, ${colorScheme}`, async () => {
    await fixture.open({ context: { colorScheme, reducedMotion: 'reduce' } });
    const check = async (/** @type {string} */ state) =>
      assert.deepEqual(await fixture.page.evaluate(lowContrast), [], state);
    await at('sign-in').click();
    await check('form with an error');
    await fixture.signIn();
    await check('idle');
    fixture.plugin.incoming();
    await at('incoming').waitFor();
    await check('incoming');
    await press('a');
    await says('call-state', 'In call');
    await press('m');
    await check('in a call, muted');
    await at('sign-out').click();
    await says('notice', 'in progress');
    fixture.plugin.farHangsUp('call-1');
    fixture.plugin.incoming({ id: 'call-2' });
    fixture.plugin.farHangsUp('call-2', { code: 487, reason: 'Cancelled' });
    fixture.plugin.setInService(false);
    await says('dn-state', 'Out of service');
    await press('?');
    await check('out of service, with history, notice and keys');
  });
}

test('nothing is cut off in a sidebar of 360 px', async () => {
  await fixture.open({ context: { viewport: { width: 360, height: 740 } } });
  await fixture.inCall({ displayname: 'Wolfeschlegelsteinhausenbergerdorff'.repeat(3), headers: { 'X-Long': 'x'.repeat(300) } });
  const wide = () => fixture.page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(await wide(), 360);
  fixture.plugin.farHangsUp('call-1');
  await says('history', 'Wolfe');
  assert.equal(await wide(), 360);
});
