"""Guessing passwords has to wait; the owner of the account does not.

Wrong passwords are counted three times: for one account from one address, for one account from
all addresses together, and (generously: an authority is behind one address) for one address.
A device on which somebody has signed in to the account, or set its password by a mailed link,
carries a cookie and is counted by itself, so that no stranger can lock the owner out.
"""

import hmac
import secrets

from flask import Response, current_app, g, request
from flask_login import current_user

from app.accounts.models import Account
from app.accounts.queries import find_account
from app.web.limits import View, client_key, hashed, limited_together, network_of
from app.web.mail_addresses import UnusableAddress, canonical_address
from app.web.texts import clean_line

COOKIE = "device"
KNOWN_DAYS = 180
_SCOPE = "password"
_DEVICE = "device_of_account"


def limit_guessing(view: View) -> View:
    """Limit a view that takes a password; it calls `count_request` if that is wrong."""
    view = limited_together("RATELIMIT_LOGIN", _SCOPE, _here)(view)
    for setting, key in (
        ("RATELIMIT_LOGIN_ACCOUNT", _anywhere),
        ("RATELIMIT_LOGIN_ADDRESS", client_key),
    ):
        view = limited_together(setting, _SCOPE, key, exempt_when=_is_known_device)(view)
    return view


def know_device(account: Account) -> None:
    """From now on this browser is known as one of the account's: its owner is in front of it."""
    g.device_of_account = account.fs_uniquifier


def give_cookie(response: Response) -> Response:
    """Hand out the cookie after a request that called `know_device`."""
    secret = g.get(_DEVICE)
    if secret is not None:
        name = _name_of_device(secret) or secrets.token_urlsafe(16)
        response.set_cookie(
            COOKIE,
            f"{name}.{_proof(name, secret)}",
            max_age=KNOWN_DAYS * 24 * 3600,
            samesite="Lax",
            httponly=True,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
    return response


def _here() -> str:
    account, device = _typed(), _known_device()
    if device is not None:
        return hashed("device", account, device)
    return hashed("account at address", account, network_of(request.remote_addr or ""))


def _anywhere() -> str:
    return hashed("account", _typed())


def _typed() -> str:
    """The account whose password is typed; known or not, it is counted the same way."""
    if current_user.is_authenticated:
        return str(current_user.email)
    # Read as the form reads it: one account must not have as many keys as spellings.
    typed = clean_line(request.form.get("email", "")) or ""
    try:
        return canonical_address(typed)
    except UnusableAddress:
        return typed.lower()


def _is_known_device() -> bool:
    return _known_device() is not None


def _known_device() -> str | None:
    """The name of this device, if it is one of the account's."""
    if COOKIE not in request.cookies:
        return None
    account = find_account(_typed())
    return _name_of_device(account.fs_uniquifier) if account is not None else None


def _name_of_device(secret: str) -> str | None:
    name, _, proof = request.cookies.get(COOKIE, "").partition(".")
    return name if hmac.compare_digest(proof.encode(), _proof(name, secret).encode()) else None


def _proof(name: str, secret: str) -> str:
    # With a new password the account has another secret, and no device is known any more.
    return hashed("known device", name, secret)
