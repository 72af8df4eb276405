"""From HTML to PDF with WeasyPrint: own fonts, nothing fetched from anywhere, tagged as PDF/UA-1.

Importing WeasyPrint and unpacking the fonts costs half a second of CPU once a process; `warm_up`
does it beforehand. One lock keeps Pango, which WeasyPrint calls without Python's own, to one
thread at a time.
"""

import atexit
import contextlib
import functools
import gc
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.press.finishing import PDF_VARIANT, write_tagged
from app.press.fonts import FONT_DIRECTORY, FONT_FILES, font_config, fonts_css, printable

IMAGE_TYPES = {"png": "image/png", "svg": "image/svg+xml"}

_lock = threading.RLock()


class ResourceRefused(Exception):  # noqa: N818 - a refusal is a fact
    """A document asked for something that is not the application's own."""


def draw(
    html: str,
    *,
    styles: Sequence[str] = (),
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """The tagged PDF (PDF/UA-1) of an HTML document.

    `styles` are style sheets that many documents share, each parsed once a process. `images`
    are PNG or SVG files by name; the document uses them as `app:image/<name>` and can load
    nothing else. The document needs a language, a title and an h1 before other headings.
    """
    import weasyprint

    with _lock, _collector_paused():
        sheets = [_fonts_sheet(), *(_sheet(style) for style in styles)]
        document = weasyprint.HTML(
            string=printable(html), base_url="app:", url_fetcher=_fetcher(images or {})
        ).render(stylesheets=sheets, font_config=font_config(), pdf_variant=PDF_VARIANT)
        return write_tagged(document)


def warm_up() -> None:
    """Load WeasyPrint, its own style sheet and the fonts, so that no request waits for them."""
    draw('<html lang="de"><title>-</title><h1>A<b>ä</b></h1>')


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking through WeasyPrint's boxes again and again.

    All of them live until the document is written; this saves a quarter of the time.
    """
    was_running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_running:
            gc.enable()


@functools.cache
def _fonts_sheet() -> Any:
    # Parsed sheets hold on to the fonts, whose files are removed when the process ends.
    atexit.register(_forget_sheets)
    return _parse(fonts_css())


def _forget_sheets() -> None:
    _sheet.cache_clear()
    _fonts_sheet.cache_clear()


@functools.lru_cache(maxsize=64)
def _sheet(css: str) -> Any:
    return _parse(css)


def _parse(css: str) -> Any:
    import weasyprint

    return weasyprint.CSS(
        string=css, base_url="app:", url_fetcher=_fetcher({}), font_config=font_config()
    )


def _fetcher(images: Mapping[str, bytes]) -> Any:
    """A fetcher that knows the application's fonts and this document's images, by name."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: object = None) -> Any:
            if url.startswith("app:font/") and url[9:] in FONT_FILES.values():
                return URLFetcherResponse(url, (FONT_DIRECTORY / url[9:]).read_bytes())
            if url.startswith("app:image/") and url[10:] in images:
                suffix = url.rpartition(".")[2]
                kind = {"Content-Type": IMAGE_TYPES[suffix]}
                return URLFetcherResponse(url, images[url[10:]], kind)
            raise ResourceRefused(url.split(":", 1)[0])

    return OwnFilesOnly()
