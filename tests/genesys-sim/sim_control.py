"""Starts genesys-sim and talks to its control interface; for tests. Python 3.11, no packages."""
import json
import pathlib
import re
import select
import socket
import subprocess
import time
import urllib.error
import urllib.request


class Refused(Exception):
    """A 4xx or 5xx of the control interface; args: status, reason."""


def free_port(kind=socket.SOCK_DGRAM, address="127.0.0.1"):
    """A port that was free a moment ago, over UDP and TCP alike."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, what):
    """Returns the first true value of condition(), asked every 10 ms; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.01)


class Message:
    """One SIP message of the trace: sent (by the stand-in) or received, and its bytes as text."""

    def __init__(self, direction, peer, text):
        self.direction, self.peer, self.text = direction, peer, text
        head, _, self.body = text.partition("\r\n\r\n")
        self.start, *lines = head.split("\r\n")
        self.headers = [line.split(":", 1)[0] for line in lines]
        self.values = {}
        for line in lines:
            name, _, value = line.partition(":")
            self.values.setdefault(name, value.strip())

    def __repr__(self):
        return f"{self.direction} {self.start}"


class Sim:
    """A running stand-in on loopback; use as a context manager."""

    def __init__(self, program, directory, *options, dns=("7000-7099",), address="127.0.0.1"):
        self.directory = pathlib.Path(directory)
        self.address, self.port = address, free_port()
        self.trace_file = self.directory / "trace"
        http_port = free_port(socket.SOCK_STREAM)
        self.url = f"http://127.0.0.1:{http_port}"
        self.log = open(self.directory / "sim.log", "wb")
        arguments = [program, "--listen", f"{address}:{self.port}",
                     "--http", f"127.0.0.1:{http_port}", "--trace-file", self.trace_file,
                     "--record-dir", self.directory, *options]
        for dn in dns:
            arguments += ["--dn", dn]
        self.process = subprocess.Popen([str(a) for a in arguments], stdout=subprocess.PIPE,
                                        stderr=self.log)

    def __enter__(self):
        ready, _, _ = select.select([self.process.stdout], [], [], 10)
        if not ready or self.process.stdout.readline() != b"ready\n":
            self.stop()
            raise AssertionError("genesys-sim did not start: " +
                                 (self.directory / "sim.log").read_text())
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Asks it to end, returns its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError("genesys-sim did not stop on SIGTERM")
        finally:
            self.process.stdout.close()
            self.log.close()

    def http(self, method, path, body=None, timeout=40):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                return json.loads(response.read())
        except urllib.error.HTTPError as error:
            raise Refused(error.code, json.loads(error.read()).get("error", "")) from None

    def get(self, path):
        return self.http("GET", path)

    def post(self, path, body=None):
        return self.http("POST", path, body or {})

    def delete(self, path, body=None):
        return self.http("DELETE", path, body)

    def call(self, call_id):
        return self.get(f"/calls/{call_id}")

    def wait_call(self, call_id, condition, seconds=5, what="call"):
        """The call's JSON as soon as condition(json) holds."""
        return wait_until(lambda: (c := self.call(call_id)) and condition(c) and c, seconds, what)

    def wait_state(self, call_id, state, seconds=5):
        return self.wait_call(call_id, lambda c: c["state"] == state, seconds, f"state {state}")

    def only_call(self, seconds=5):
        return wait_until(lambda: self.get("/calls"), seconds, "a call")[0]["id"]

    def trace(self):
        """Every SIP message so far."""
        text = self.trace_file.read_bytes().decode()
        messages = []
        at = 0
        head = re.compile(r"\d\d:\d\d:\d\d\.\d{3} (sent|received) (\d+) bytes (?:to|from) (\S+)\n")
        while match := head.match(text, at):
            end = match.end() + int(match[2])
            messages.append(Message(match[1], match[3], text[match.end():end]))
            at = end + 1
        return messages

    def sent(self, start):
        return [m for m in self.trace() if m.direction == "sent" and m.start.startswith(start)]
