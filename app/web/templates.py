"""Compiled templates are kept in the instance folder: only the first start compiles them."""

import contextlib
import logging
from pathlib import Path

import jinja2
from flask import Flask
from jinja2.bccache import Bucket, FileSystemBytecodeCache

FOLDER = "templates"

log = logging.getLogger(__name__)


class KeptTemplates(FileSystemBytecodeCache):
    """Code of templates by name. It is used only for the very source and settings it came from."""

    def __init__(self, folder: Path, settings: str) -> None:
        super().__init__(str(folder))
        self._settings = settings

    def get_source_checksum(self, source: str) -> str:
        """What tells whether code is out of date; Jinja itself adds Python's version."""
        return super().get_source_checksum(f"{jinja2.__version__} {self._settings} {source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read code, if it can be read."""
        with contextlib.suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep code, unless the disk is full or read-only: it works without."""
        with contextlib.suppress(OSError):
            Path(self.directory).mkdir(mode=0o700, exist_ok=True)
            super().dump_bytecode(bucket)


def init_templates(app: Flask) -> None:
    """Set how templates are read, and keep what they become."""
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    settings = f"trim lstrip {sorted(environment.extensions)}"
    environment.bytecode_cache = KeptTemplates(app.config["INSTANCE_DIR"] / FOLDER, settings)


def load_kept(app: Flask) -> None:
    """Load all templates whose code is there: before workers are forked, which share it."""
    for name in app.jinja_env.list_templates():
        if _is_kept(app, name):
            app.jinja_env.get_template(name)


def keep_all(app: Flask) -> None:
    """Compile what is not kept yet, so that neither a person nor the next start waits for it."""
    names = [name for name in app.jinja_env.list_templates() if not _is_kept(app, name)]
    for name in names:
        app.jinja_env.get_template(name)
    if names:
        log.info("%d templates compiled", len(names))


def _is_kept(app: Flask, name: str) -> bool:
    environment = app.jinja_env
    assert environment.loader  # noqa: S101 - Flask always sets one
    source, filename, _is_current = environment.loader.get_source(environment, name)
    cache = environment.bytecode_cache
    assert cache  # noqa: S101 - set by init_templates
    return cache.get_bucket(environment, name, filename, source).code is not None
