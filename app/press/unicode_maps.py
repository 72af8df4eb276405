"""What is read out of a PDF is what was written, though a mark was set by itself.

WeasyPrint notes one text for each glyph, the first that it meets, and shares the letters of a
cluster out wrongly: 'Č̣' first leaves the glyph of every Č without a text. Here each glyph of such
a font gets the letter that the font gives it. (Letters of DIN 91379 are one glyph each, see
bin/compose_letters.py; this is for all others.)

Empty strings between glyphs are dropped: PDFium loses the last move of an array that holds one,
which draws the next letter over its neighbour.
"""

import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.press.fonts import Family

_ENTRY = re.compile(rb"<([0-9a-f]{4})> <[0-9a-f]*>")
_NOTHING = "\u200b"  # a glyph whose letter another one tells


def mend_texts(document: Any, pdf: Any) -> None:
    """Put right what is read of the fonts of a document that may have set a mark by itself.

    Done on the objects before they are written, so that the file is not read a second time.
    """
    fonts = [
        font
        for font in document.fonts.values()
        if font.family != Family.FIRA or any(map(_is_doubtful, font.to_unicode.values()))
    ]
    if not fonts:
        return
    import pydyf

    letters = {font.name: _letters(font) for font in fonts}
    for element in pdf.objects:
        if isinstance(element, pydyf.Dictionary) and element.get("BaseFont") in letters:
            if "ToUnicode" in element:
                lines = pdf.objects[int(element["ToUnicode"].split()[0])].stream
                lines[:] = _mended_map(lines, letters[element["BaseFont"]])
        elif isinstance(element, pydyf.Stream) and b"BT" in element.stream:
            element.stream[:] = map(_without_empty_strings, element.stream)


def _is_doubtful(text: str) -> bool:
    """Whether a glyph's text may not be its own: none, or one with a mark in it."""
    return not text or any(map(unicodedata.combining, unicodedata.normalize("NFD", text)))


def _letters(font: Any) -> Mapping[int, str]:
    """Glyph → its text, the font's own where WeasyPrint's is doubtful."""
    from fontTools.ttLib import TTFont
    from weasyprint.text.fonts import get_hb_object_data

    whole = TTFont(io.BytesIO(get_hb_object_data(font.hb_face)), fontNumber=font.index, lazy=True)
    own = defaultdict(list)
    for code, name in whole.getBestCmap().items():
        own[whole.getGlyphID(name)].append(chr(code))
    return {
        glyph: min(own[glyph]) if _is_doubtful(text) and own[glyph] else text or _NOTHING
        for glyph, text in font.to_unicode.items()
    }


def _mended_map(lines: Iterable[bytes], letters: Mapping[int, str]) -> Iterator[bytes]:
    is_entry = False
    for line in lines:
        is_entry = line.endswith(b"beginbfchar") or (is_entry and line != b"endbfchar")
        entry = _ENTRY.fullmatch(line) if is_entry else None
        if entry:
            text = letters[int(entry[1], 16)].encode("utf-16-be").hex()
            yield b"<%s> <%s>" % (entry[1], text.encode())
        else:
            yield line


def _without_empty_strings(item: Any) -> Any:
    is_text = isinstance(item, bytes) and item.endswith(b" TJ")
    return item.replace(b"<>", b"") if is_text else item
