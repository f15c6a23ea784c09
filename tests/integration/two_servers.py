"""A stack with a second stand-in SIP Server: self.backup beside self.sim."""

import subprocess

from sim_client import SimClient
from stack_case import StackCase

SECOND_SIP, SECOND_HTTP = 5180, 8185


class TwoServers(StackCase):
    dns = "7000-7099"
    settings = {"register_when": "always"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        settings = cls.stack.settings
        cls.second_process = subprocess.Popen(
            [settings.sim, "--listen", f"127.0.0.1:{SECOND_SIP}", "--http", f"127.0.0.1:{SECOND_HTTP}",
             "--dn", cls.dns, "--rtp-ports", "20000-21999", "--quiet"], stdout=subprocess.PIPE)
        cls.addClassCleanup(cls.end, cls.second_process)
        if cls.second_process.stdout.readline() != b"ready\n":
            raise AssertionError("the second stand-in did not start")
        cls.second = SimClient(f"http://127.0.0.1:{SECOND_HTTP}", None)

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()

    def primary(self):
        """The pid of the stack's own stand-in, by its control port's owner in this namespace."""
        address = f"127.0.0.1:{self.stack.settings.ports.sim_sip}".encode()
        for pid in subprocess.run(["ip", "netns", "pids", self.stack.settings.netns], check=True,
                                  capture_output=True, text=True).stdout.split():
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                command = file.read().split(b"\0")
            if command[0].endswith(b"genesys-sim") and address in command:
                return int(pid)
        return self.fail("the stand-in does not run")
