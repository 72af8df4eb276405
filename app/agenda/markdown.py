"""Descriptions in a safe subset of Markdown, as HTML for pages and as plain text for mails.

Paragraphs, line breaks, bold, italic, lists, headings, code and links to the web or an address for
mail. Everything else, HTML and pictures above all, stays the text that was typed.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.web.texts import clean_text

_RULES = (
    "autolink",
    "backticks",
    "balance_pairs",
    "emphasis",
    "entity",
    "escape",
    "fence",
    "fragments_join",
    "heading",
    "link",
    "list",
    "newline",
)
# Whatever hides before the scheme (blanks, control characters) is no such address.
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20\x7f]+", re.IGNORECASE)
_DEEPEST = 6


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": 40})
    parser.enable(_RULES)
    parser.validateLink = _is_address  # type: ignore[method-assign]  # the package's own way
    return parser


def _is_address(url: str) -> bool:
    return _ADDRESS.fullmatch(url) is not None


_MARKDOWN = _parser()


@lru_cache(maxsize=512)  # the same few descriptions are shown again and again
def to_html(text: str, level: int = 3) -> Markup:
    """The text as safe HTML. Its highest heading is a heading of `level`, no level is skipped."""
    tokens = _MARKDOWN.parse(clean_text(text) or "")
    _set_levels(tokens, level)
    for token in _flat(tokens):
        if token.type == "link_open":
            token.attrSet("rel", "noopener noreferrer")
    # Safe: the renderer escapes all text and attributes, and HTML is no rule of this parser.
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704


def to_plain(text: str) -> str:
    """The text for mails and calendars: paragraphs, '– ' before entries, addresses in brackets."""
    lines: list[str] = []
    marks: list[str] = []
    for token in _MARKDOWN.parse(clean_text(text) or ""):
        if token.type == "bullet_list_open":
            marks.append("–")
        elif token.type == "ordered_list_open":
            marks.append("")
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            marks.pop()
            lines += [""] * (not marks)
        elif token.type == "list_item_open":
            mark = marks[-1] or f"{token.info}."
            lines.append(f"{'  ' * (len(marks) - 1)}{mark} ")
        elif token.type == "fence":
            lines += [*token.content.rstrip("\n").split("\n"), ""]
        elif token.type == "inline":
            written = _inline(token.children or ())
            if marks and lines[-1].endswith(" "):
                lines[-1] += written
            else:
                lines += [written] if marks else [written, ""]
    return "\n".join(lines).strip()


def _inline(tokens: Iterable[Token]) -> str:
    written: list[str] = []
    start, address = 0, ""
    for token in tokens:
        if token.type == "link_open":
            address, start = str(token.attrGet("href")), len(written)
        elif token.type == "link_close":
            shown = "".join(written[start:])
            bare = address.removeprefix("mailto:")
            written += [f" ({bare})"] if shown not in {address, bare} else []
        elif token.type in {"softbreak", "hardbreak"}:
            written.append("\n")
        else:
            written.append(token.content)
    return "".join(written)


def _set_levels(tokens: Iterable[Token], level: int) -> None:
    above: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            while above and above[-1] >= token.tag:
                above.pop()
            above.append(token.tag)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(level + len(above) - 1, _DEEPEST)}"


def _flat(tokens: Iterable[Token]) -> Iterable[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()
