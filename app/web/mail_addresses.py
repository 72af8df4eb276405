"""E-mail addresses and their domains: one form for the whole site, and how they travel.

Domains are read by UTS 46 without its transitional mapping, as registries and browsers do, so
'straße' and 'strasse' are two domains (IDNA 2008). Stored and compared is one canonical form: small
letters, labels of Latin letters in Unicode, as people read them, and all other labels in ASCII
('xn--'), so that no Cyrillic letter passes for a Latin one. `wire_address` is what mail servers
are told.

Local parts are ASCII. All others need SMTPUTF8 (RFC 6531), and behind a relay without it both the
mail and the notice of its failure are lost.
"""

import unicodedata
from typing import Any

import idna
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from wtforms import Field, ValidationError

LONGEST_ADDRESS = 254
"""Octets, as they travel (RFC 5321, 4.5.3.1.3)."""

NOT_AN_ADDRESS = _l("Enter the e-mail address in full, for example karla.muster@polizei.example.")
NOT_A_LOCAL_PART = _l(
    "In front of the @ only letters without accents, digits and signs are possible:"
    " to other addresses many mail servers cannot send."
)


class UnusableAddress(ValueError):  # noqa: N818 - a fact about the address
    """No mail can be sent there. `advice` is for whoever typed it."""

    def __init__(self, advice: Any) -> None:
        super().__init__("not an e-mail address that mail can be sent to")
        self.advice = advice


def canonical_domain(domain: str) -> str:
    """The form in which a domain is stored and compared, however it was typed.

    Raises ValueError if it is none, or has no dot.
    """
    return ".".join(_shown(label) for label in _wire_domain(domain).split("."))


def canonical_address(address: str) -> str:
    """The form in which an address is stored and compared. Raises `UnusableAddress`."""
    return _read(address)[0]


def wire_address(address: str) -> str:
    """The address as mail servers are told it, in ASCII. Raises `UnusableAddress`."""
    return _read(address)[1]


def ascii_domain(domain: str) -> str:
    """A domain, or the name of a machine, as it travels. Raises ValueError if it is none."""
    return idna.encode(domain, uts46=True, std3_rules=True).decode()


def is_mail_address(_form: Any, field: Field) -> None:
    """A form's check, by the address's form alone; leaves the canonical one in the field."""
    try:
        field.data = canonical_address(field.data)
    except UnusableAddress as error:
        raise ValidationError(error.advice) from error


def _read(address: str) -> tuple[str, str]:
    """The canonical form and the one that travels."""
    local, _at, domain = address.strip().rpartition("@")
    if len(local) + len(domain) >= LONGEST_ADDRESS:
        raise UnusableAddress(NOT_AN_ADDRESS)
    try:
        canonical, wire = canonical_domain(domain), _wire_domain(domain)
    except ValueError as error:
        raise UnusableAddress(NOT_AN_ADDRESS) from error
    if not local.isascii():
        raise UnusableAddress(NOT_A_LOCAL_PART)
    try:
        checked = validate_email(f"{local}@{wire}", check_deliverability=False)
    except EmailNotValidError as error:
        raise UnusableAddress(NOT_AN_ADDRESS) from error
    local = checked.local_part.lower()
    return f"{local}@{canonical}", f"{local}@{wire}"


def _wire_domain(domain: str) -> str:
    wire = ascii_domain(domain.strip().removesuffix("."))
    if "." not in wire or wire.rpartition(".")[2].isdigit():
        raise ValueError("not a domain of the internet")
    return wire


def _shown(label: str) -> str:
    shown = idna.decode(label)
    return shown if all(_is_latin(char) for char in shown) else label


def _is_latin(char: str) -> bool:
    return char.isascii() or unicodedata.name(char, "").startswith(("LATIN", "COMBINING"))
