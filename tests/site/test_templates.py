"""What holds for every template and for what we serve beside it."""

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(p for p in (ROOT / "templates").rglob("*") if p.is_file())


def is_page(path: Path) -> bool:
    """Whether a browser gets it. PDFs and mails have a frame of their own and may hold styles."""
    text = path.read_text()
    in_frame = re.search(r'\{% extends "(.+?)"', text)
    if in_frame:
        return is_page(ROOT / "templates" / in_frame[1])
    return path.parent.name == "layouts" or "<!doctype html>" not in text.lower()


PAGES = [p for p in TEMPLATES if p.suffix == ".html" and is_page(p)]
OWN_FILES = sorted(
    p
    for folder in ("css", "js")
    for p in (ROOT / "static" / folder).rglob("*")
    if p.suffix in {".css", ".js"}
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_compiles(application: Flask, path: Path) -> None:
    application.jinja_env.get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_escapes_what_people_typed(path: Path) -> None:
    # Two ways to switch escaping off, neither of which a page needs.
    assert re.findall(r"\|\s*safe\b|autoescape\s+false", path.read_text()) == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_has_no_inline_style_script_or_handler(path: Path) -> None:
    markup = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", markup) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", markup) == []


@pytest.mark.parametrize("path", [*TEMPLATES, *OWN_FILES], ids=name)
def test_names_no_other_host(path: Path) -> None:
    text = path.read_text()
    for namespace in ("2000/svg", "1999/xlink", "1999/xhtml", "2005/Atom"):
        text = text.replace(f"http://www.w3.org/{namespace}", "")
    assert (
        re.findall(r"(?:src|href|action)=[\"'](?:https?:)?//|url\([\"']?(?:https?:)?//", text) == []
    )
    assert re.findall(r"@import|https?://(?!\{\{)[\w.-]+", text) == []
