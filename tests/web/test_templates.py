"""Compiled templates are kept from one start to the next, and never used for another source."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import pytest
from flask import Flask

from app.web.templates import FOLDER, KeptTemplates, keep_all, load_kept

PAGE = "page.html"


@pytest.fixture
def build(make_app: Callable[..., Flask], tmp_path: Path) -> Callable[[str], Flask]:
    """`build(text)`: an application of one page, in the test's folder."""

    def build_one(text: str) -> Flask:
        app = make_app(INSTANCE_DIR=tmp_path)
        app.jinja_env.loader = jinja2.DictLoader({PAGE: text})
        return app

    return build_one


def compiled(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The names of templates that are compiled from now on."""
    names: list[str | None] = []
    usual = app.jinja_env._generate

    def generate(
        source: jinja2.nodes.Template, name: str | None, *words: Any, **settings: Any
    ) -> str:
        names.append(name)
        return usual(source, name, *words, **settings)

    monkeypatch.setattr(app.jinja_env, "_generate", generate)
    return names


def test_what_is_compiled_once_is_loaded_at_the_next_start(
    build: Callable[[str], Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_all(build("one {{ 1 }}"))
    assert (tmp_path / FOLDER).stat().st_mode & 0o777 == 0o700

    again = build("one {{ 1 }}")
    names = compiled(again, monkeypatch)
    load_kept(again)

    assert again.jinja_env.get_template(PAGE).render() == "one 1"
    assert names == []


def test_a_changed_source_or_setting_is_compiled_anew(
    build: Callable[[str], Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_all(build("one"))

    changed = build("two")
    names = compiled(changed, monkeypatch)
    load_kept(changed)
    assert names == [], "not while the server starts"
    assert changed.jinja_env.get_template(PAGE).render() == "two"
    assert names == [PAGE]

    other = build("two")
    names = compiled(other, monkeypatch)
    other.jinja_env.bytecode_cache = KeptTemplates(tmp_path / FOLDER, "another setting")
    other.jinja_env.get_template(PAGE)
    assert names == [PAGE]


def test_without_a_place_to_keep_them_pages_work(
    build: Callable[[str], Flask], tmp_path: Path
) -> None:
    app = build("one")
    (tmp_path / FOLDER).write_text("in the way")

    assert app.jinja_env.get_template(PAGE).render() == "one"
