// A Janus with the plugin of docs/api.md, as far as a page can tell: sessions, handles and one DN, over
// any connection that can send objects. Tests drive the far end and break things.

let nextId = 1001;

/** @typedef {{send: (message: object) => void, close: () => void}} Connection */

export class MockJanus {
  /** @type {Map<number, {connection: Connection | null, handles: Set<number>}>} */
  sessions = new Map();
  /** @type {Set<Connection>} */
  connections = new Set();
  /** Every message of the page, oldest first. @type {any[]} */
  received = [];
  /** Janus takes messages and says nothing: a dead network. */
  silent = false;
  plugin = new MockPlugin(this);

  /**
   * @param {Connection} connection
   * @returns {{message: (message: any) => void, gone: () => void}}
   */
  accept(connection) {
    this.connections.add(connection);
    return {
      message: (message) => this.#received(connection, message),
      gone: () => {
        this.connections.delete(connection);
        for (const session of this.sessions.values()) {
          if (session.connection === connection) session.connection = null;
        }
      },
    };
  }

  /** Cuts every connection; sessions can be claimed. */
  cut() {
    for (const connection of [...this.connections]) connection.close();
  }

  /** Forgets every session, as a restarted Janus has. */
  forget() {
    this.sessions.clear();
    this.plugin.handle = 0;
  }

  /**
   * Messages of one kind: `janus`, or `request` of a plugin message.
   * @param {string} kind
   */
  of(kind) {
    return this.received.filter((message) => message.janus === kind || message.body?.request === kind);
  }

  /**
   * @param {number} handle
   * @param {object} message without session_id and sender
   */
  tell(handle, message) {
    for (const [id, session] of this.sessions) {
      if (session.handles.has(handle)) session.connection?.send({ session_id: id, sender: handle, ...message });
    }
  }

  /** Janus ends the PeerConnection. */
  hangUpPeerConnection(reason = 'ICE failed') {
    this.tell(this.plugin.handle, { janus: 'hangup', reason });
  }

  #received(connection, message) {
    this.received.push(message);
    if (this.silent) return;
    const { janus, transaction, session_id: id } = message;
    const reply = (/** @type {object} */ more) => connection.send({ transaction, ...more });
    const session = this.sessions.get(id);
    if (janus === 'create') return reply({ janus: 'success', data: { id: this.#create(connection) } });
    if (!session) return reply({ janus: 'error', error: { code: 458, reason: `No such session ${id}` } });
    if (janus === 'claim') {
      session.connection = connection;
      return reply({ janus: 'success', session_id: id });
    }
    return this.#sessionRequest(session, message, (more) => reply({ session_id: id, ...more }));
  }

  #create(connection) {
    this.sessions.set(nextId, { connection, handles: new Set() });
    return nextId++;
  }

  #sessionRequest(session, message, reply) {
    const { janus, handle_id: handle } = message;
    switch (janus) {
      case 'attach':
        session.handles.add(nextId);
        return reply({ janus: 'success', data: { id: nextId++ } });
      case 'destroy':
        reply({ janus: 'success' });
        return this.sessions.delete(message.session_id);
      case 'hangup':
        reply({ janus: 'success' });
        return this.tell(handle, { janus: 'hangup', reason: 'Janus API' });
      case 'message':
        reply({ janus: 'ack' });
        return this.plugin.request(handle, message.body, message.jsep, message.transaction);
      default:
        return reply({ janus: 'ack' });
    }
  }
}

export class MockPlugin {
  #janus;
  /** The handle that is signed in. */
  handle = 0;
  secret = 'agent-password';
  /** Whether the SIP Server has the DN. */
  inService = true;
  failure = { code: 404, reason: 'The DN is not configured at the SIP Server', retry_in: 4000 };
  /** s, undefined for a sign-in by password @type {number | undefined} */
  tokenLife = undefined;
  /** @type {Map<string, any>} as `registered` lists them */
  calls = new Map();
  /** The next request of a kind is refused with this. @type {Map<string, object>} */
  refusals = new Map();
  /** … and every further one, too. */
  refusesForGood = false;
  iceServers = [{ urls: ['stun:192.0.2.1:3478'] }];
  /** @type {(offer: {sdp: string}) => Promise<string>} */
  answer = async (offer) => `answer to ${offer.sdp}`;

  /** @param {MockJanus} janus */
  constructor(janus) {
    this.#janus = janus;
  }

  /** @param {object} result @param {object} [jsep] @param {string} [transaction] @param {number} [handle] */
  event(result, jsep, transaction, handle = this.handle) {
    const callId = /** @type {any} */ (result).call_id;
    const data = { sip: 'event', ...(callId && { call_id: callId }), result };
    this.#send(handle, data, jsep, transaction);
  }

  /** @param {number} handle @param {object} error @param {string} [transaction] */
  error(handle, error, transaction) {
    this.#send(handle, { sip: 'event', ...error }, undefined, transaction);
  }

  /** A call comes in. */
  incoming({ id = 'call-1', username = 'sip:5551234@sip.test', displayname = 'Ada Lovelace', jsep, ...more } = {}) {
    const headers = { 'X-Customer': 'gold' };
    const call = { call_id: id, direction: 'in', state: 'ringing', username, displayname, uuid: 'UUID0001', headers };
    this.calls.set(id, { ...call, ...more, age: 0, answered: 0 });
    const { direction: _, state: __, ...event } = { ...call, ...more };
    this.event({ event: 'incomingcall', callee: 'sip:7001@sip.test', ...event }, jsep);
    return id;
  }

  /** The far end answers the page's call. */
  farAnswers(id, jsep) {
    this.#accepted(id, jsep);
  }

  farHangsUp(id, more = {}) {
    this.calls.delete(id);
    this.event({ event: 'hangup', call_id: id, code: 200, reason: 'Normal end', ...more });
  }

  /** What the SIP Server says of the DN changes. */
  setInService(inService) {
    this.inService = inService;
    if (inService) this.event(this.#session('registered'));
    else this.event({ event: 'registration_failed', username: '7001', ...this.failure });
  }

  takeOver() {
    this.event({ event: 'taken_over', username: '7001' });
    this.handle = 0;
  }

  async request(handle, body, jsep, transaction) {
    const refusal = this.refusals.get(body.request);
    if (refusal) {
      if (!this.refusesForGood) this.refusals.delete(body.request);
      return this.error(handle, refusal, transaction);
    }
    const answer = (/** @type {object} */ result, /** @type {object=} */ description) =>
      this.event(result, description, transaction, handle);
    switch (body.request) {
      case 'register':
        return this.#register(handle, body, transaction, answer);
      case 'unregister':
        if (this.calls.size > 0) return this.error(handle, callInProgress, transaction);
        answer({ event: 'unregistering', username: '7001' });
        return this.event({ event: 'unregistered', username: '7001' }, undefined, undefined, handle);
      case 'query':
        return answer(this.#session(this.inService ? 'registered' : 'registering'));
      case 'ice_servers':
        return answer({ event: 'ice_servers', ice_servers: this.iceServers });
      case 'update': {
        const calls = [...this.calls.keys()];
        return answer({ event: 'updated', calls }, { type: 'answer', sdp: await this.answer(jsep) });
      }
      default:
        return this.#callRequest(body, jsep, answer, (error) => this.error(handle, error, transaction));
    }
  }

  #send(handle, data, jsep, transaction) {
    const plugindata = { plugin: 'janus.plugin.genesys', data };
    this.#janus.tell(handle, { janus: 'event', ...(transaction && { transaction }), plugindata, ...(jsep && { jsep }) });
  }

  #register(handle, { secret, token }, transaction, answer) {
    if (token === undefined && secret !== this.secret) {
      const error = 'The password is wrong';
      return this.error(handle, { error_code: 460, error_name: 'bad_credential', error, field: 'secret' }, transaction);
    }
    this.handle = handle;
    answer(this.#session(this.inService ? 'registered' : 'registering'));
    if (!this.inService) this.setInService(false);
  }

  #session(event) {
    return {
      event,
      username: '7001',
      subject: 'ada',
      displayname: 'Ada',
      calls: [...this.calls.values()],
      ice_servers: this.iceServers,
      ignored: [],
      resume_window: 30,
      ...(this.tokenLife && { token_expires_in: this.tokenLife }),
    };
  }

  async #callRequest(body, jsep, answer, refuse) {
    if (body.request === 'call') return this.#place(body, jsep, answer);
    if (body.request === 'merge') {
      const ids = body.call_ids ?? [...this.calls.keys()];
      answer({ event: 'merged', call_ids: ids });
      return ids.forEach((merged) => this.changeCall(merged, { hold: 'none', merged: true, heard: true }));
    }
    const id = body.call_id ?? [...this.calls.keys()][0];
    if (!this.calls.has(id)) return refuse({ error_code: 454, error_name: 'no_such_call', error: 'No such call' });
    switch (body.request) {
      case 'accept':
        answer({ event: 'accepting', call_id: id });
        return this.#accepted(id, jsep?.type === 'offer' && { type: 'answer', sdp: await this.answer(jsep) });
      case 'decline':
        answer({ event: 'declining', call_id: id, code: body.code ?? 486 });
        return this.farHangsUp(id, { code: body.code ?? 486, reason: 'Declined' });
      case 'hangup':
        answer({ event: 'hangingup', call_id: id });
        return this.farHangsUp(id);
      case 'dtmf_info':
        return answer({ event: 'dtmfsent', call_id: id, digit: body.digit });
      case 'hold':
        answer({ event: 'holding', call_id: id });
        return this.changeCall(id, { hold: 'local', heard: false });
      case 'unhold':
        answer({ event: 'resuming', call_id: id });
        for (const other of this.calls.keys()) if (other !== id) this.changeCall(other, { hold: 'local', heard: false });
        return this.changeCall(id, { hold: 'none', heard: true });
      case 'volume': {
        const { request, call_id, ...wish } = body;
        const volume = { muted: false, peer_muted: false, gain_db: 0, peer_gain_db: 0, ...wish };
        answer({ event: 'volume', call_id: id, ...volume });
        return this.changeCall(id, { volume });
      }
      case 'transfer':
        return answer({ event: 'transferring', call_id: id, refer_to: `sip:${body.uri ?? body.replace}@sip.test` });
      case 'info':
        return answer({ event: 'infosent', call_id: id });
      case 'message':
        return answer({ event: 'messagesent', call_id: id });
      default:
        return refuse({ error_code: 442, error_name: 'unknown_request', error: `Unknown request ${body.request}` });
    }
  }

  /** What SIP Server or a request has made of a call. */
  changeCall(id, changes) {
    const call = { ...this.calls.get(id), ...changes };
    this.calls.set(id, call);
    this.event({ event: 'call_changed', call_id: id, call });
  }

  async #place(body, jsep, answer) {
    const call_id = `call-${nextId++}`;
    const username = `sip:${body.uri}@sip.test`;
    this.calls.set(call_id, { call_id, direction: 'out', state: 'calling', username, age: 0, answered: 0 });
    const description = jsep && body.early_answer ? { type: 'answer', sdp: await this.answer(jsep) } : undefined;
    answer({ event: 'calling', call_id, uri: username }, description);
  }

  #accepted(id, jsep) {
    const codecs = { sip_codec: 'PCMU/8000', browser_codec: 'opus/48000/2' };
    const call = { ...this.calls.get(id), ...codecs, state: 'established', answered: 1 };
    this.calls.set(id, call);
    this.event({ event: 'accepted', call_id: id, username: call.username, headers: {}, uuid: call.uuid ?? 'UUID0001', ...codecs }, jsep || undefined);
  }
}

const callInProgress = { error_code: 467, error_name: 'call_in_progress', error: 'A call is in progress' };
