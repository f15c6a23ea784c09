"""Sign-in tokens made without the gateway's library (RFC 7515, section 3.1): good ones, and every other kind."""

import base64
import hashlib
import hmac
import json
import time

HEADER = {"alg": "HS256", "typ": "JWT"}


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def claims_of(**changed):
    """Those of a token that is good for five minutes, but for what is given (None: left out)."""
    now = int(time.time())
    claims = {"sub": "alice", "aud": "janus-genesys", "iat": now, "exp": now + 300, "dn": "7001", **changed}
    return {name: value for name, value in claims.items() if value is not None}


def signed(key, header=None, **claims):
    """By HMAC-SHA256 with the key (text or octets), whatever the header says of it."""
    text = ".".join(base64url(json.dumps(part).encode()) for part in (header or HEADER, claims_of(**claims)))
    key = key.encode() if isinstance(key, str) else key
    return f"{text}.{base64url(hmac.digest(key, text.encode(), hashlib.sha256))}"


def unsigned(**claims):
    """`alg: none`, RFC 7519 section 6."""
    return signed(b"", {"alg": "none", "typ": "JWT"}, **claims).rsplit(".", 1)[0] + "."
