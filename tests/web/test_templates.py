"""Compiled templates are kept from one start to the next, and never used for another source."""

from pathlib import Path
from typing import Any

import jinja2
import pytest
from flask import Flask

from app import create_app
from app.web.templates import FOLDER, KeptTemplates, keep_all, load_kept

PAGE = "page.html"


def build(tmp_path: Path, text: str) -> Flask:
    """An application of one page, in the test's folder."""
    app = create_app({"INSTANCE_DIR": tmp_path, "SECRET_KEY": "only for tests"})
    app.jinja_env.loader = jinja2.DictLoader({PAGE: text})
    return app


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
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_all(build(tmp_path, "one {{ 1 }}"))
    assert (tmp_path / FOLDER).stat().st_mode & 0o777 == 0o700

    again = build(tmp_path, "one {{ 1 }}")
    names = compiled(again, monkeypatch)
    load_kept(again)

    assert again.jinja_env.get_template(PAGE).render() == "one 1"
    assert names == []


def test_a_changed_source_or_setting_is_compiled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_all(build(tmp_path, "one"))

    changed = build(tmp_path, "two")
    names = compiled(changed, monkeypatch)
    load_kept(changed)
    assert names == [], "not while the server starts"
    assert changed.jinja_env.get_template(PAGE).render() == "two"
    assert names == [PAGE]

    other = build(tmp_path, "two")
    names = compiled(other, monkeypatch)
    other.jinja_env.bytecode_cache = KeptTemplates(tmp_path / FOLDER, "another setting")
    other.jinja_env.get_template(PAGE)
    assert names == [PAGE]


def test_without_a_place_to_keep_them_pages_work(tmp_path: Path) -> None:
    app = build(tmp_path, "one")
    (tmp_path / FOLDER).write_text("in the way")

    assert app.jinja_env.get_template(PAGE).render() == "one"
