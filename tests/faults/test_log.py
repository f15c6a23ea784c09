"""A log that nobody reads: Janus writes into a pipe of 4 KiB which is never emptied."""

import asyncio
import fcntl
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from stack_case import Stack  # noqa: E402
from test_transfer import PeerCase  # noqa: E402

F_SETPIPE_SZ = 1031  # fcntl.h


class BlockedStack(Stack):
    reader = None

    def start_one(self, service):
        if service.name == "janus":
            path = self.child("janus").log
            os.mkfifo(path)
            self.reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            fcntl.fcntl(self.reader, F_SETPIPE_SZ, 4096)
        super().start_one(service)

    def stop(self):
        if self.reader is not None:
            os.close(self.reader)  # else Janus would wait at its end, too
            self.reader = None
        super().stop()


class LogBlocked(PeerCase):
    stack_class = BlockedStack

    def run(self, result=None):
        """Reading the log, to show it with a failure, would let it go on."""
        return super(PeerCase.__base__, self).run(result)

    async def test_noise_that_the_stack_tells_of(self):
        """300 lines of it are more than the pipe takes; the gateway answers and signs agents in all the same."""
        for number in range(300):
            self.peer.write(b"no SIP at all\r\n\r\n")
            if number % 20 == 19:
                await asyncio.sleep(0.02)  # a receive buffer holds less than all of it
        dialog = self.peer.dialog(self.dn)
        dialog.send("OPTIONS")
        await dialog.receive(200, method="OPTIONS", seconds=15)
        await self.sign_in(audio=False)
