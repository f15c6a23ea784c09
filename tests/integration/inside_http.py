"""What the gateway answers by HTTP on the inside, asked without stopping the page's audio meanwhile."""

import asyncio
import urllib.error
import urllib.request


async def get(port, path, token=None, host="127.0.0.1"):
    """(status, headers, text) of the answer; OSError if nobody listens there."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"http://{host}:{port}{path}", headers=headers)

    def ask():
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.headers, refusal.read().decode()
    return await asyncio.to_thread(ask)
