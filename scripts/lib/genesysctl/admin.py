"""Janus's admin API, and through it the plugin's own requests. The secret goes in the request's body
and never stands in an argument list."""

import http.client
import json
import os
import pathlib
import secrets
import stat
import urllib.error
import urllib.request

PLUGIN = "janus.plugin.genesys"


class Unreachable(Exception):
    """Nobody answers, or not as Janus does: what to look at, in words."""


class Refused(Exception):
    """The gateway was asked and says no."""

    def __init__(self, answer: dict):
        super().__init__(answer["error"])
        self.answer = answer


class Admin:
    def __init__(self, url: str, secret_file: pathlib.Path, seconds: float):
        self.url, self.secret_file, self.seconds = url.rstrip("/"), secret_file, seconds

    def secret(self) -> str:
        try:
            text = self.secret_file.read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Unreachable(f"the admin secret cannot be read from {self.secret_file}: "
                              f"{getattr(error, 'strerror', None) or error}") from None
        if not text:
            raise Unreachable(f"{self.secret_file} is empty; it must hold Janus's admin secret")
        return text

    def janus(self, **body) -> dict:
        """One request of Janus's own, such as janus="info"."""
        body = {"transaction": secrets.token_hex(6), "admin_secret": self.secret(), **body}
        request = urllib.request.Request(self.url, json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=self.seconds) as answer:
                answered = json.load(answer)
        except urllib.error.HTTPError as error:
            raise Unreachable(f"{self.url} answers {error.code} {error.reason}: is that Janus's admin "
                              "interface?") from None
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f"{self.url} does not answer: {getattr(error, 'reason', error)}") from None
        except ValueError:
            raise Unreachable(f"{self.url} answers something that is not JSON") from None
        if answered.get("janus") == "error":
            raise Unreachable(f"Janus refuses: {answered['error']['reason']}")
        return answered

    def plugin(self, name: str, **fields) -> dict:
        """One request of the plugin's: its answer, or Refused."""
        answered = self.janus(janus="message_plugin", plugin=PLUGIN, request={"request": name, **fields})
        answer = answered.get("response", {})
        if "error_code" in answer:
            raise Refused(answer)
        return answer


def readable_by_others(path: pathlib.Path) -> bool:
    return bool(os.stat(path).st_mode & (stat.S_IROTH | stat.S_IWOTH))
