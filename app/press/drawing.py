"""From HTML to PDF with WeasyPrint: own fonts, nothing fetched from anywhere, tagged as PDF/UA-1.

For the press's process alone (`app.press.drawer`), which draws one paper at a time. Importing
WeasyPrint and unpacking the fonts costs half a second of CPU; `warm_up` does it beforehand.
"""

import atexit
import contextlib
import functools
import gc
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.press.finishing import write_tagged
from app.press.fonts import (
    ALL_FILES,
    FONT_DIRECTORY,
    Family,
    font_config,
    fonts_css,
    printable,
    stack,
)
from app.press.limits import PDF_VARIANT
from app.press.setting import set_texts, setting_css

IMAGE_TYPES = {"png": "image/png", "svg": "image/svg+xml"}


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

    with _collector_paused():
        html, is_special = set_texts(printable(unicodedata.normalize("NFC", html)))
        sheets = [_fonts_sheet(), *(_sheet(style) for style in styles)]
        if is_special:
            sheets.insert(1, _other_fonts_sheet())
        document = weasyprint.HTML(
            string=html, base_url="app:", url_fetcher=_fetcher(images or {})
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
    return _parse(f"{fonts_css(Family.FIRA)}\nhtml {{ font-family: {stack(Family.FIRA)} }}")


@functools.cache
def _other_fonts_sheet() -> Any:
    return _parse(f"{fonts_css(Family.NOTO, Family.DEJAVU)}\n{setting_css()}")


def _forget_sheets() -> None:
    _sheet.cache_clear()
    _fonts_sheet.cache_clear()
    _other_fonts_sheet.cache_clear()


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
            if url.startswith("app:font/") and url[9:] in ALL_FILES:
                return URLFetcherResponse(url, (FONT_DIRECTORY / url[9:]).read_bytes())
            if url.startswith("app:image/") and url[10:] in images:
                suffix = url.rpartition(".")[2]
                kind = {"Content-Type": IMAGE_TYPES[suffix]}
                return URLFetcherResponse(url, images[url[10:]], kind)
            raise ResourceRefused(url.split(":", 1)[0])

    return OwnFilesOnly()
