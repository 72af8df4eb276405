"""Descriptions as HTML and as plain text, and texts that would break out of them."""

import pytest
from lxml import html

from app.agenda.markdown import to_html, to_plain
from tests.growth import growth

ALLOWED = {
    *("p", "br", "strong", "em", "ul", "ol", "li", "a", "code", "pre"),
    *("h2", "h3", "h4", "h5", "h6"),
}


def test_what_people_write() -> None:
    text = (
        "## Worum es geht\nErste Zeile\nzweite **fett**, *kursiv*\n\n"
        "- Lage\n- [Warnung](https://warnung.example)\n\n"
        "1. Eins\n2. <mailto:a@b.example>\n\n`x < y`"
    )
    assert to_html(text) == (
        "<h3>Worum es geht</h3>\n"
        "<p>Erste Zeile<br>\nzweite <strong>fett</strong>, <em>kursiv</em></p>\n"
        '<ul>\n<li>Lage</li>\n<li><a href="https://warnung.example" rel="noopener noreferrer">'
        "Warnung</a></li>\n</ul>\n"
        '<ol>\n<li>Eins</li>\n<li><a href="mailto:a@b.example" rel="noopener noreferrer">'
        "mailto:a@b.example</a></li>\n</ol>\n"
        "<p><code>x &lt; y</code></p>\n"
    )
    assert to_plain(text) == (
        "Worum es geht\n\nErste Zeile\nzweite fett, kursiv\n\n"
        "– Lage\n– Warnung (https://warnung.example)\n\n1. Eins\n2. mailto:a@b.example\n\nx < y"
    )


def test_headings_skip_no_level_and_stay_below_the_pages_own() -> None:
    text = "### C\n\n# A\n\n#### D\n\n## B\n\n# A"
    assert [e.tag for e in html.fromstring(f"<div>{to_html(text, 4)}</div>")] == [
        *("h4", "h4", "h5", "h5", "h4"),
    ]
    assert "<h6>" in to_html("# A\n\n## B", 6)


def test_lists_within_lists_read_well_in_a_mail() -> None:
    text = "- Außen\n  - Innen\n  - Auch\n- Wieder\n\nDanach\n\n3. Drei\n4. Vier"
    assert to_plain(text) == (
        "– Außen\n  – Innen\n  – Auch\n– Wieder\n\nDanach\n\n3. Drei\n4. Vier"
    )


@pytest.mark.parametrize(
    "text",
    [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt&colon;alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](java\\\nscript:x)",
        "[a](\x01javascript:x)",
        "[a]( <javascript:x> )",
        "<javascript:alert(1)>",
        "[a](vbscript:x) [b](data:text/html,x) [c](file:///etc/passwd) [d](//evil.example)",
        "[a](/leipzig/desk/) [b](https:evil) [c](mailto:)",
        "[a]: javascript:x\n\n[a]",
        "<script>alert(1)</script><img src=x onerror=x>",
        "&lt;script&gt;x&lt;/script&gt;",
        "![x](https://evil.example/zaehler.png)",
        '[x](https://a.example "onmouseover=x") [y](<https://a.example" onclick="x>)',
        '`<b>` \n```"onclick=x\n</code><script>\n```\n    <i>eingerückt</i>',
        "<a href=x>[b](https://c.example)</a>",
        "| a | b |\n|---|---|\n~~x~~ > <b>Zitat</b>",
    ],
)
def test_nothing_breaks_out(text: str) -> None:
    body = html.fromstring(f"<div>{to_html(text)}</div>")
    for element in body.iterdescendants():
        assert element.tag in ALLOWED
        assert set(element.attrib) <= {"href", "rel", "title", "class", "start"}
        assert (element.get("href") or "https://").startswith(("https://", "mailto:"))
        if element.tag == "a":
            assert element.get("rel") == "noopener noreferrer"


def test_marks_that_turn_the_direction_of_writing_are_left_out() -> None:
    assert "\u202e" not in to_html("Bericht \u202efdp.exe") + to_plain("Bericht \u202efdp.exe")


@pytest.mark.parametrize("piece", ["[", "*", "_*a", "[[a](", "![", "`a", "- ", "<http:", "[a](<"])
def test_the_work_grows_with_the_text_not_with_its_square(piece: str) -> None:
    def write(size: int) -> None:
        text = (piece * size)[:size]
        to_html(text)
        to_plain(text)

    assert growth(write, 1250, times=4) < 10
