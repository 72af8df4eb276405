"""Names with rare letters on pages: a letter and its mark come from one font."""

import pytest
from playwright.sync_api import Page

from app.workshops.models import Workshop


def fonts_of(page: Page, text: str) -> set[str]:
    """The fonts in which Chromium sets this text as a heading."""
    page.evaluate("text => { document.querySelector('h1').textContent = text }", text)
    page.evaluate("() => document.fonts.ready")
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    debugger = page.context.new_cdp_session(page)
    debugger.send("DOM.enable")
    debugger.send("CSS.enable")
    root = debugger.send("DOM.getDocument")["root"]["nodeId"]
    node = debugger.send("DOM.querySelector", {"nodeId": root, "selector": "h1"})["nodeId"]
    used = debugger.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return {font["familyName"].removesuffix(" SemiBold") for font in used}


@pytest.mark.parametrize(
    ("text", "fonts"),
    [
        ("Müller Kovačević", {"Fira Sans"}),
        ("Ếẳ", {"Fira Sans"}),
        ("C̨̆", {"Noto Sans"}),
        ("K̛", {"Noto Sans"}),
        ("Ḫḳ", {"Noto Sans"}),
    ],
)
def test_a_letter_and_its_mark_are_of_one_font(
    page: Page, workshop: Workshop, text: str, fonts: set[str]
) -> None:
    page.goto(f"/{workshop.slug}/")
    page.wait_for_load_state("networkidle")

    assert fonts_of(page, text) == fonts
