"""Mails from templates: written once as text, their HTML part is derived from it.

A template `<feature>/mail/<name>.txt` begins with `# ` and the subject. Paragraphs stand between
blank lines and keep their line breaks. Lines that begin with `- ` make a list. A paragraph

    [View my registration]([[link]])

is the mail's one button: its address is the secret link or a page of this site. Everything else
is taken literally, so nothing that a person typed becomes markup or a link, not even one to this
site or the mark for the secret link.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import current_app, g
from flask_babel import force_locale

from app.outbox.service import LINK_MARK

LANGUAGE = "de"
"""Mails are German, whoever's click or job sends them."""

LONGEST_SUBJECT = 300
# Stands around addresses that a template asked for: no form takes it, so nobody can type one.
_OURS = "\x02"
_BUTTON = re.compile(rf"\[([^\n]+)\]\({_OURS}([^()\s{_OURS}]+){_OURS}\)")
_TYPED_MARK = re.compile(rf"(?<!{_OURS}){re.escape(LINK_MARK)}")


class Composed(NamedTuple):
    """What `queue_mail` needs: `queue_mail(recipient=…, **composed._asdict())`."""

    subject: str
    text: str
    html: str
    sender_name: str


@dataclass(frozen=True)
class _Block:
    kind: str  # "paragraph", "list" or "button"
    lines: tuple[str, ...]
    address: str = ""


def compose(template: str, *, workshop: Any = None, **context: Any) -> Composed:
    """Subject, text, HTML and sender's name of `templates/<template>.txt`, in German.

    With a workshop its title begins the subject, its contact signs, its sender's name (else its
    title) stands before the address, and times are in its zone.
    `page(endpoint, **values)` in a template is the whole address of a page of this site.
    """
    with force_locale(LANGUAGE), _inside(workshop):
        source = _render(f"{template}.txt", page=_page, link=_ours(LINK_MARK), **context)
        source = _TYPED_MARK.sub("[ [link] ]", source)
        head, _, body = source.strip().partition("\n")
        subject = " ".join(head.removeprefix("#").replace(_OURS, "").split())
        if workshop is not None:
            subject = f"{workshop.title}: {subject}"
        blocks = list(_blocks(body))
        signature = _render("outbox/signature.txt").strip()
        html = _render(
            "outbox/mail.html", subject=subject, blocks=blocks, signature=signature.splitlines()
        )
    text = "\n\n".join([*(_plain(block) for block in blocks), f"-- \n{signature}"])
    name = (workshop.sender_name or workshop.title) if workshop is not None else ""
    return Composed(_shortened(subject), text + "\n", html, name)


@contextmanager
def _inside(workshop: Any) -> Iterator[None]:
    """Let templates and date filters see the mail's workshop, not the page's or none."""
    before = g.setdefault("workshop", None)  # the command line and the worker have none
    if workshop != before:  # the page's own proxy of it reads `g`, so it must not stand there
        g.workshop = workshop
    try:
        yield
    finally:
        g.workshop = before


def _render(template: str, **context: Any) -> str:
    # Not Flask's render_template: a mail must not depend on whose page is being shown.
    return current_app.jinja_env.get_template(template).render(workshop=g.workshop, **context)


def _page(endpoint: str, **values: Any) -> str:
    if g.workshop is not None and current_app.url_map.is_endpoint_expecting(endpoint, "slug"):
        values.setdefault("slug", g.workshop.slug)
    path: str = current_app.url_map.bind("").build(endpoint, values)
    return _ours(str(current_app.config["BASE_URL"]) + path)


def _ours(address: str) -> str:
    return f"{_OURS}{address}{_OURS}"


def _blocks(body: str) -> Iterator[_Block]:
    for part in re.split(r"\n\s*\n", body.strip()):
        plain = part.replace(_OURS, "").strip()
        lines = tuple(line.strip() for line in plain.splitlines())
        button = _BUTTON.fullmatch(part.strip())
        if all(line.startswith("- ") for line in lines):
            yield _Block("list", tuple(line[2:] for line in lines))
        elif button:
            yield _Block("button", (button[1],), button[2])
        else:
            yield _Block("paragraph", lines)


def _plain(block: _Block) -> str:
    if block.kind == "list":
        return "\n".join(f"- {line}" for line in block.lines)
    if block.kind == "button":
        return f"{block.lines[0]}:\n{block.address}"
    return "\n".join(block.lines)


def _shortened(subject: str) -> str:
    return subject if len(subject) <= LONGEST_SUBJECT else subject[: LONGEST_SUBJECT - 1] + "…"
