"""A page without a browser: Janus's WebSocket API and the plugin's JSON, with aiortc as the
PeerConnection. Independent of html/, so that one does not merely agree with the other."""

import asyncio
import contextlib
import itertools
import json
import secrets

import websockets
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

PLUGIN = "janus.plugin.genesys"


class RequestRefused(Exception):
    """The plugin answered with an error event."""

    def __init__(self, answer):
        super().__init__(f"{answer['error_code']} {answer['error']}")
        self.code = answer["error_code"]
        self.name = answer.get("error_name")
        self.field = answer.get("field")


class JanusClient:
    """One WebSocket, one session, one handle. Use as an async context manager."""

    def __init__(self, url, audio=None):
        self._url = url
        self.audio = audio  # an aiortc track to send, None: a silent one
        self.heard = None  # what the far side sends, once there
        self.pc = None
        self.ice_servers = []  # RTCIceServers of the next PeerConnection
        self.connecting = {}  # more for websockets.connect
        self.protocols = ["janus-protocol"]  # subprotocols that are offered, a token among them
        self._waiting = {}
        self._events = []
        self._changed = asyncio.Condition()
        self._transactions = (f"t{n}-{secrets.token_hex(4)}" for n in itertools.count())

    async def __aenter__(self):
        self._socket = await websockets.connect(self._url, subprotocols=self.protocols, **self.connecting)
        self._reader = asyncio.create_task(self._read())
        self.session = (await self._ask({"janus": "create"}))["data"]["id"]
        self.handle = (await self._ask({"janus": "attach", "plugin": PLUGIN}))["data"]["id"]
        self._keeper = asyncio.create_task(self._keep_alive())
        return self

    async def __aexit__(self, *_):
        self._keeper.cancel()
        await self.drop_peer_connection()
        await self._socket.close()
        self._reader.cancel()

    async def _keep_alive(self):
        while True:
            await asyncio.sleep(20)
            await self._socket.send(json.dumps(self._addressed({"janus": "keepalive"})))  # the answer is an ack

    async def _read(self):
        with contextlib.suppress(websockets.ConnectionClosed):
            await self._read_all()

    async def _read_all(self):
        async for text in self._socket:
            message = json.loads(text)
            kind = message.get("janus")
            transaction = message.get("transaction")
            if kind != "ack" and transaction in self._waiting:
                self._waiting.pop(transaction).set_result(message)
                continue
            async with self._changed:
                self._events.append(message)
                self._changed.notify_all()

    def _addressed(self, message):
        message["transaction"] = next(self._transactions)
        if hasattr(self, "session"):
            message["session_id"] = self.session
        if hasattr(self, "handle"):
            message["handle_id"] = self.handle
        return message

    async def _ask(self, message, seconds=10):
        message = self._addressed(message)
        answer = asyncio.get_running_loop().create_future()
        self._waiting[message["transaction"]] = answer
        await self._socket.send(json.dumps(message))
        return await asyncio.wait_for(answer, seconds)

    async def request(self, body, jsep=None):
        """Sends a request and returns (result, jsep) of the event that answers it."""
        message = {"janus": "message", "body": body}
        if jsep is not None:
            message["jsep"] = jsep
        answer = await self._ask(message)
        if answer["janus"] == "error":
            raise RuntimeError(answer["error"])
        data = answer["plugindata"]["data"]
        if "error_code" in data:
            raise RequestRefused(data)
        return data["result"], answer.get("jsep")

    async def event(self, name, timeout=10, **fields):
        """The next plugin event of that name (and those fields), taken out of the queue."""

        def find():
            for message in self._events:
                result = message.get("plugindata", {}).get("data", {}).get("result", {})
                if result.get("event") == name and all(result.get(k) == v for k, v in fields.items()):
                    self._events.remove(message)
                    return result, message.get("jsep")
            return None

        async def wait():
            async with self._changed:
                await self._changed.wait_for(lambda: find_once())
                return found.pop()

        found = []

        def find_once():
            hit = find()
            if hit is not None:
                found.append(hit)
            return bool(found)

        try:
            return await asyncio.wait_for(wait(), timeout)
        except asyncio.TimeoutError:
            raise AssertionError(f"no event {name} {fields} within {timeout} s; queue: "
                                 f"{json.dumps(self._events)[-1500:]}") from None

    def forget_events(self):
        """What has come so far is of no interest any more."""
        self._events.clear()

    def seen(self):
        """Names of the plugin events that wait in the queue."""
        results = (m.get("plugindata", {}).get("data", {}).get("result", {}) for m in self._events)
        return [result.get("event") for result in results if result]

    # PeerConnection. Candidates travel in the SDP: aiortc gathers before it describes.

    def _new_peer_connection(self):
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=self.ice_servers))

        @self.pc.on("track")
        def on_track(track):
            self.heard = track

    async def offer(self, lines=("audio",)):
        """An offer of a new PeerConnection with these m-lines: audio, video or data."""
        await self.drop_peer_connection()
        self._new_peer_connection()
        for kind in lines:
            if kind == "data":
                self.pc.createDataChannel("chat")
            elif kind == "audio" and self.audio is not None:
                self.pc.addTrack(self.audio)
            else:
                self.pc.addTransceiver(kind)
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return {"type": "offer", "sdp": self.pc.localDescription.sdp}

    async def trickle(self, candidate):
        """One candidate as {"candidate", "sdpMid", "sdpMLineIndex"}, or {"completed": True}. Janus
        has only an acknowledgement for it."""
        await self._socket.send(json.dumps(self._addressed({"janus": "trickle", "candidate": candidate})))

    async def take_answer(self, jsep):
        await self.pc.setRemoteDescription(RTCSessionDescription(**jsep_fields(jsep)))
        await self.connected()

    async def answer(self, jsep):
        await self.drop_peer_connection()
        self._new_peer_connection()
        await self.pc.setRemoteDescription(RTCSessionDescription(**jsep_fields(jsep)))
        if self.audio is not None:
            self.pc.addTrack(self.audio)
        await self.pc.setLocalDescription(await self.pc.createAnswer())
        return {"type": "answer", "sdp": self.pc.localDescription.sdp}

    async def connected(self, timeout=10):
        for _ in range(timeout * 50):
            if self.pc.connectionState == "connected":
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"PeerConnection is {self.pc.connectionState} after {timeout} s")

    async def drop_peer_connection(self):
        if self.pc is not None:
            await self.pc.close()
            self.pc = None
            self.heard = None

    # The usual beginnings.

    async def sign_in(self, dn, secret, audio=True, **fields):
        """Signs in, waits until the DN is in service, and brings the agent's PeerConnection up. Without a
        secret (None) a token=… is needed."""
        if secret is not None:
            fields["secret"] = secret
        result, _ = await self.request({"request": "register", "username": dn, **fields})
        if result["event"] != "registered":
            result, _ = await self.event("registered")
        if audio:
            _, jsep = await self.request({"request": "update"}, await self.offer())
            await self.take_answer(jsep)
        return result


def jsep_fields(jsep):
    return {"type": jsep["type"], "sdp": jsep["sdp"]}
