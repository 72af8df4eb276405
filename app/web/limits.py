"""How often something may be done. What is counted is what costs us or what was guessed wrongly.

A route declares its limit with `limited` and calls `count_request` once the costly thing is done (a
mail is queued, a draft begun, a wrong password was typed). Whoever sends a form with a mistake in
it, opens pages or signs in rightly, uses nothing up, nor does anybody for their neighbours.

Keys are keyed hashes: neither a client's address nor an e-mail address is stored or logged.
"""

import hashlib
import hmac
import math
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Protocol, TypeVar, cast

from flask import current_app, g, request

from app.extensions import limiter
from app.web.counting import DatabaseStorage

View = TypeVar("View", bound=Callable[..., Any])

COUNTED = "counted"
_V6_NETWORK = 64
"""Bits of an IPv6 address that are the network's; the rest, a client picks as it likes."""


class Decorator(Protocol):
    """Leaves the view's type as it is."""

    def __call__(self, view: View) -> View: ...


def limited(setting: str, key: Callable[[], str] | None = None, **options: Any) -> Decorator:
    """Limit a route's POSTs by a setting such as `RATELIMIT_LINK`; per client unless told."""
    limit = limiter.limit(
        lambda: current_app.config[setting],
        key_func=key or client_key,
        methods=["POST"],
        deduct_when=was_counted,
        **options,
    )
    return cast(Decorator, limit)


def limited_together(setting: str, scope: str, key: Callable[[], str], **options: Any) -> Decorator:
    """The same by another key, counted together for all routes with this scope."""
    limit = limiter.shared_limit(
        lambda: current_app.config[setting],
        scope=scope,
        key_func=key,
        methods=["POST"],
        deduct_when=was_counted,
        **options,
    )
    return cast(Decorator, limit)


def count_request() -> None:
    """This request did what its route's limits count."""
    g.counted = True


def was_counted(_response: object = None) -> bool:
    """Whether this request is to be counted."""
    return bool(g.get(COUNTED, False))


def client_key() -> str:
    """The client's network, as a key."""
    return hashed("client", network_of(request.remote_addr or ""))


def link_key() -> str:
    """The personal link that the address holds, as a key."""
    return hashed("link", str((request.view_args or {}).get("token")))


def network_of(address: str) -> str:
    """The address, or of an IPv6 address the network that a household or an office is given.

    Empty where there is none, as with a Unix socket.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, _V6_NETWORK), strict=False))
    return str(parsed)


def hashed(*parts: str) -> str:
    """A key that tells nothing about its parts without the installation's secret."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    text = "\0".join(("limits", *parts)).encode()
    return hmac.new(secret, text, hashlib.sha256).hexdigest()[:32]


def seconds_to_wait() -> int:
    """How long the limits that this request met want it to wait, never longer than they last."""
    # Not `reset_at`, which is up to a second later: 15 minutes would be told as 16.
    ends = [limit.window.reset_time for limit in limiter.current_limits if limit.breached]
    return max(1, math.ceil(max(ends, default=0.0) - time.time()))


def forget_old_counts() -> int:
    """Delete counts whose time is over, where they lie in a database; how many."""
    storage = limiter.storage
    return storage.purge() if isinstance(storage, DatabaseStorage) else 0
