"""What Prometheus scrapes and what stands in the call records, held against calls of every outcome."""

import collections
import json
import re
import stat

import inside_http
from stack_case import ADDRESS, ROOT, StackCase

SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
NAME = re.compile(r"\bjanus_genesys_\w+")
HISTOGRAM_PARTS = re.compile(r"_(bucket|sum|count)$")  # none of our names ends so


class Scrape:
    """One answer of /metrics."""

    def __init__(self, text):
        self.names = set(re.findall(r"^# TYPE (\S+)", text, re.M))
        self.samples = collections.defaultdict(dict)
        for line in text.splitlines():
            if line and not line.startswith("#"):
                name, labels, value = SAMPLE.match(line).groups()
                self.samples[name][frozenset(LABEL.findall(labels or ""))] = float(value)

    def total(self, name, **labels):
        """The sum of all samples that have these labels."""
        return sum(value for found, value in self.samples[name].items() if set(labels.items()) <= found)


class Metrics(StackCase):
    dns = "7000-7019"
    entries = ('number = "7103"',)  # the stand-in knows no such DN

    @classmethod
    def make_template(cls, directory):
        cls.records_file = directory / "calls.jsonl"
        cls.sections = f'cdr: {{ file = "{cls.records_file}" }}\n'
        return super().make_template(directory)

    async def get(self, path="/metrics", host="127.0.0.1"):
        return await inside_http.get(self.stack.settings.ports.inside, path, host=host)

    async def scrape(self):
        status, headers, text = await self.get()
        self.assertEqual((status, headers["Content-Type"]),
                         (200, "text/plain; version=0.0.4; charset=utf-8"))
        return Scrape(text)

    def records(self, dn=None):
        """The call records of the DN, oldest first."""
        if not self.records_file.exists():
            return []
        lines = self.records_file.read_text().splitlines()
        return [record for record in map(json.loads, lines) if record.get("dn") == (dn or self.dn)]

    async def counted(self, before, **labels):
        """Waits until one more call with these labels is counted, and is the last in the records."""
        async def one_more():
            now = await self.scrape()
            return now.total("janus_genesys_calls_total", **labels) \
                == before.total("janus_genesys_calls_total", **labels) + 1
        await self.eventually(one_more, f"one more call with {labels}")

    async def record(self, count=1):
        records = await self.eventually(
            lambda: len(self.records()) >= count and self.records(), f"{count} records of {self.dn}")
        self.assertEqual(len(records), count)
        return records[-1]

    async def test_an_answered_call(self):
        page = await self.sign_in()
        before = await self.scrape()
        call, call_id = await self.answered_call(page)
        await self.both_ways(page, call)
        during = await self.scrape()
        self.assertEqual(during.total("janus_genesys_calls", direction="in", state="established"), 1)
        self.assertEqual(during.total("janus_genesys_call_codecs", sip_codec="PCMU/8000"), 1)
        self.assertGreaterEqual(during.total("janus_genesys_pages"), 1)
        self.assertEqual(self.records(), [])
        await self.judged()
        uuid = (await self.sim.call(call))["call_uuid"]
        await self.sim.hang_up(call)
        await page.event("hangup")
        await self.counted(before, direction="in", outcome="answered", code="200")
        record = await self.record()
        self.assertEqual(
            {name: record[name] for name in ("direction", "from", "to", "call_id", "uuid", "outcome",
                                             "sip_code", "ended_by", "sip_codec", "browser_codec")},
            {"direction": "in", "from": "5551234", "to": self.dn, "call_id": call_id, "uuid": uuid,
             "outcome": "answered", "sip_code": 200, "ended_by": "far_end", "sip_codec": "PCMU/8000",
             "browser_codec": "opus/48000/2"})
        ids = f"uuid={re.escape(uuid)} sip_call_id={re.escape(record['sip_call_id'])}"
        for part in ("from sip:", "ended: 200 "):
            self.assertRegex(self.janus_log(), f"DN {self.dn}: call {call_id} {part}.* {ids}\n")
        for moment in ("started", "answered", "ended"):
            self.assertRegex(record[moment], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertLessEqual(record["setup_ms"], record["answer_ms"])
        self.assertGreater(record["duration_ms"], 4000)
        self.assertGreater(record["received"]["packets"], 100)
        self.assertGreater(record["received"]["mos"], 3)
        after = await self.scrape()
        for name in ("call_answer_seconds", "call_setup_seconds", "call_duration_seconds"):
            self.assertEqual(after.total(f"janus_genesys_{name}_count", direction="in"),
                             before.total(f"janus_genesys_{name}_count", direction="in") + 1, name)
        self.assertEqual(after.total("janus_genesys_audio_mos_count", leg="sip", way="received"),
                         before.total("janus_genesys_audio_mos_count", leg="sip", way="received") + 1)
        self.assertEqual(after.total("janus_genesys_calls", state="established"), 0)

    async def test_calls_in_that_nobody_answers(self):
        before = await self.scrape()
        call = await self.sim.ring(self.dn)  # no page
        await self.sim.state(call, "ended")
        await self.counted(before, direction="in", outcome="unavailable", code="480")
        self.assertEqual((await self.record(1))["sip_code"], 480)
        page = await self.sign_in()
        call = await self.sim.ring(self.dn)
        await page.event("incomingcall")
        await self.sim.hang_up(call)
        await page.event("hangup")
        await self.counted(before, direction="in", outcome="cancelled", code="487")
        self.assertEqual((await self.record(2))["outcome"], "cancelled")
        call = await self.sim.ring(self.dn)
        await page.event("incomingcall")
        await page.request({"request": "decline"})
        await self.sim.state(call, "ended")
        await self.counted(before, direction="in", outcome="busy", code="486")
        record = await self.record(3)
        self.assertEqual((record["sip_code"], record["reason"], record["duration_ms"]), (486, "declined", 0))
        self.assertNotIn("answered", record)

    async def test_calls_out(self):
        page = await self.sign_in()
        before = await self.scrape()
        for count, (number, outcome, code) in enumerate(
                (("9010", "busy", 486), ("9012", "rejected", 403), ("8888", "rejected", 404)), 1):
            await page.request({"request": "call", "uri": number})
            await page.event("hangup")
            await self.counted(before, direction="out", outcome=outcome, code=str(code))
            record = await self.record(count)
            self.assertEqual((record["direction"], record["from"], record["to"], record["sip_code"]),
                             ("out", self.dn, number, code))
            self.assertTrue(record["sip_call_id"])
        await page.request({"request": "call", "uri": "9011"})  # rings for ever
        await page.event("ringing")
        await page.request({"request": "hangup"})
        await self.counted(before, direction="out", outcome="cancelled", code="487")
        self.assertIn("setup_ms", await self.record(4))
        await page.request({"request": "call", "uri": "9001"})
        await page.event("accepted")
        await page.request({"request": "hangup"})
        await self.counted(before, direction="out", outcome="answered", code="200")
        self.assertEqual((await self.record(5))["ended_by"], "here")
        self.assertLessEqual(page_refusals(before), page_refusals(await self.scrape()))

    async def test_one_record_for_each_invite(self):
        """Of this whole class, whatever its calls came to; in-dialog INVITEs and digests make none."""
        page = await self.sign_in()
        _, call_id = await self.answered_call(page)
        await page.request({"request": "hold", "call_id": call_id})  # a re-INVITE
        await page.event("call_changed")
        await page.request({"request": "hangup", "call_id": call_id})
        await self.record()

        invites = {message.values["Call-ID"] for message in self.sim.trace()
                   if message.start.startswith("INVITE") and ";tag=" not in message.values["To"]}

        def recorded():
            lines = self.records_file.read_text().splitlines()
            return [json.loads(line)["sip_call_id"] for line in lines]
        await self.eventually(lambda: len(recorded()) >= len(invites), "a record of every INVITE", 10)
        self.assertCountEqual(recorded(), invites)
        self.assertEqual(stat.S_IMODE(self.records_file.stat().st_mode), 0o600)
        self.assertNotIn(self.password, self.records_file.read_text())

    async def test_dns_registrations_and_refusals(self):
        async def settled():
            now = await self.scrape()
            return now.total("janus_genesys_dns", state="registered") == 20 and now
        now = await self.eventually(settled, "20 DNs registered")
        self.assertEqual(now.total("janus_genesys_dns", state="failed", reason="unknown_dn"), 1)
        self.assertEqual(now.total("janus_genesys_dns"), 21)
        self.assertGreaterEqual(now.total("janus_genesys_registers_total", code="200", site="1"), 20)
        self.assertGreaterEqual(now.total("janus_genesys_registers_total", code="404", site="1"), 1)
        self.assertEqual(now.total("janus_genesys_sip_server_up", site="1"), 1)
        page = await self.open_page()
        with self.assertRefused(460, "bad_credential", "secret"):
            await page.request({"request": "register", "username": self.dn, "secret": "guessed wrong"})
        after = await self.scrape()
        self.assertEqual(page_refusals(after), page_refusals(now) + 1)

    async def test_no_label_names_a_dn_or_a_caller(self):
        _, _, text = await self.get()
        self.assertNotRegex(text, r'"70[01]\d"|5551234|9010')

    async def test_nobody_outside_can_scrape(self):
        with self.assertRaises(OSError):
            await self.get(host=ADDRESS)

    async def test_what_dashboard_and_rules_ask_for_is_there(self):
        page = await self.sign_in()
        call, _ = await self.answered_call(page)
        await self.judged()
        await self.sim.hang_up(call)
        await page.event("hangup")
        await self.record()
        with self.assertRefused(442, "unknown_request", "request"):
            await page.request({"request": "nonsense"})
        there = (await self.scrape()).names
        for file in ("conf/grafana/janus-genesys.json", "conf/prometheus/janus-genesys.rules.yml"):
            asked = {HISTOGRAM_PARTS.sub("", name) for name in NAME.findall((ROOT / file).read_text())}
            self.assertGreater(len(asked), 8, file)
            self.assertEqual(asked - there, set(), f"{file} asks for what is not there")


def page_refusals(scrape):
    return scrape.total("janus_genesys_refused_requests_total", error="bad_credential")
