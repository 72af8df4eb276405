"""The one way from HTML to PDF: own fonts, nothing fetched from anywhere, tagged as PDF/UA-1.

WeasyPrint writes the file. Importing it and unpacking the fonts costs half a second of CPU once
a process: `warm_up` does it before the first request, in each worker after the fork (a process
that ends takes its unpacked fonts with it). One lock keeps Pango, which WeasyPrint calls without
Python's own, to one thread at a time.
"""

import atexit
import contextlib
import functools
import gc
import threading
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from config import ROOT

FONT_DIRECTORY = ROOT / "static" / "vendor" / "fonts"
FONT_FAMILY = "Fira Sans"
# CSS weight: file. Scripts that Fira Sans lacks come from the system's DejaVu Sans.
FONT_FILES = {400: "FiraSans-Regular.woff2", 700: "FiraSans-Bold.woff2"}
IMAGE_TYPES = {"png": "image/png", "svg": "image/svg+xml"}
PDF_VARIANT = "pdf/ua-1"

# Categories of Unicode: format and private codes, pictographs, modifiers of both.
_UNPRINTABLE = frozenset({"Cf", "Cn", "Co", "Cs", "So", "Sk", "Me"})
_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_LAST_USUAL = "\u024f"  # the end of Latin Extended-B

_lock = threading.RLock()


class ResourceRefused(Exception):  # noqa: N818 - a refusal is a fact
    """A document asked for something that is not the application's own."""


def render_pdf(
    html: str,
    *,
    styles: Sequence[str] = (),
    images: Mapping[str, bytes] | None = None,
    variant: str | None = PDF_VARIANT,
) -> bytes:
    """The PDF of an HTML document.

    `styles` are style sheets that many documents share, each parsed once a process. `images`
    are PNG or SVG files by name; the document uses them as `app:image/<name>` and can load
    nothing else. The document needs a language, a title and, for PDF/UA-1, an h1 before other
    headings.
    """
    import weasyprint

    with _lock, _collector_paused():
        sheets = [_fonts_sheet(), *(_sheet(style) for style in styles)]
        document = weasyprint.HTML(
            string=printable(html), base_url="app:", url_fetcher=_fetcher(images or {})
        ).render(stylesheets=sheets, font_config=_font_config(), pdf_variant=variant)
        finisher = _describe_tables if variant == PDF_VARIANT else None
        pdf: bytes = document.write_pdf(pdf_variant=variant, finisher=finisher)
    return pdf


def warm_up() -> None:
    """Load WeasyPrint, its own style sheet and the fonts, so that no request waits for them."""
    render_pdf('<html lang="de"><title>-</title><h1>A<b>ä</b></h1>')


def printable(text: str) -> str:
    """`text` without what no office font can print: pictographs, direction marks, codes.

    PDF/UA-1 forbids the box that stands for a missing glyph (ISO 14289-1, 7.21.8).
    """
    unusual = (char for char in set(text) if char > _LAST_USUAL)
    dropped = {
        ord(char): None
        for char in unusual
        if unicodedata.category(char) in _UNPRINTABLE or char in _VARIATION_SELECTORS
    }
    return text.translate(dropped) if dropped else text


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
def _font_config() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    # Its files are removed when it goes, which must not be after the modules that do it.
    atexit.register(_forget_fonts)
    return FontConfiguration()


def _forget_fonts() -> None:
    for cached in (_sheet, _fonts_sheet, _font_config):
        cached.cache_clear()


@functools.cache
def _fonts_sheet() -> Any:
    faces = (
        f'@font-face {{ font-family: "{FONT_FAMILY}"; font-weight: {weight};'
        f' src: url("app:font/{file}") }}'
        for weight, file in FONT_FILES.items()
    )
    fallback = f'html {{ font-family: "{FONT_FAMILY}", "DejaVu Sans", sans-serif }}'
    return _parse("\n".join((*faces, fallback)))


@functools.lru_cache(maxsize=64)
def _sheet(css: str) -> Any:
    return _parse(css)


def _parse(css: str) -> Any:
    import weasyprint

    return weasyprint.CSS(
        string=css, base_url="app:", url_fetcher=_fetcher({}), font_config=_font_config()
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


def _describe_tables(_document: object, pdf: Any) -> None:
    """Complete the tags that WeasyPrint leaves unfinished (its issue 2508).

    Header cells get a Scope, their identifiers an IDTree, annotations the print flag, as
    ISO 14289-1 asks (7.5, 7.18). Done on the objects before they are written, so that the
    file is not read and written a second time.
    """
    import pydyf

    named = []
    for element in pdf.objects:
        if not isinstance(element, pydyf.Dictionary):
            continue
        if element.get("S") == "/TH":
            row = _referred(pdf, element["P"])
            in_head = _referred(pdf, row["P"])["S"] == "/THead"
            element["A"]["Scope"] = "/Column" if in_head else "/Row"
            named.append((element["ID"].string, element))
        elif element.get("Type") == "/Annot":
            element["F"] = 4  # print
    if named:
        names = pydyf.Array()
        for name, element in sorted(named, key=lambda pair: pair[0]):
            names.extend((pydyf.String(name), element.reference))
        root = _referred(pdf, pdf.catalog["StructTreeRoot"])
        root["IDTree"] = pydyf.Dictionary({"Names": names})


def _referred(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
