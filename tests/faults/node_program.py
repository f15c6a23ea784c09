"""A program of Node's that is told what to do, and tells what happens, by lines of JSON."""

import asyncio
import json
import pathlib


class NodeProgram:
    """Secrets go in by standard input: a command line is for everybody to read."""

    def __init__(self, process):
        self.process = process
        self.news = []  # what it told unasked, each with `at` in ms since 1970
        self._asked = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, name):
        script = pathlib.Path(__file__).with_name(name)
        return cls(await asyncio.create_subprocess_exec(
            "node", str(script), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**24))

    async def ask(self, seconds=30, **command):
        number = len(self._asked)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        self.process.stdin.write(json.dumps({"id": number, **command}).encode() + b"\n")
        answered = await asyncio.wait_for(answer, seconds)
        if "error" in answered:
            raise AssertionError(f"{command.get('command')}: {answered['error']}")
        return answered.get("result")

    async def _read(self):
        async for line in self.process.stdout:
            told = json.loads(line)
            if "id" in told:
                self._asked[told["id"]].set_result(told)
            else:
                self.news.append(told)

    async def end(self):
        self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), 10)
        except asyncio.TimeoutError:
            self.process.kill()
            await self.process.wait()
        self._reading.cancel()
