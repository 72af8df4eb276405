"""Gives a font one glyph for each letter of DIN 91379 that is a letter and a mark, or several.

As two or three glyphs such a letter is read out of PDF files in pieces, and some readers draw it
over its neighbour. The marks stand where the font's own anchors put them (OpenType's GPOS table:
attachment of marks to letters and to marks). Letters that the font takes apart to set them are
put together again.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fontTools.otlLib.builder import LigatureSubstBuilder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

_LETTER = 1  # the class of its definition table (GDEF)
_TO_LETTER, _TO_MARK = 4, 6  # types of lookup
_KINDS = {_TO_LETTER: ("Mark", "Base"), _TO_MARK: ("Mark1", "Mark2")}  # what their parts are called
_ROUND_AND_OFFSETS = 0x0002 | 0x0004  # flags of a component
_WITHOUT_DOT = {"i": 0x131, "j": 0x237}


def compose_letters(font: TTFont, letters: Iterable[str]) -> None:
    """Add glyphs for these letters, which must be composed (NFC), and what calls them up."""
    codes = font.getBestCmap()
    placer = _Placer(font)
    ligatures: dict[tuple[str, ...], str] = {}
    for letter in letters:
        glyphs = [codes[ord(char)] for char in letter]
        if len(glyphs) > 1:
            name = "_".join(glyphs)
            drawn = [*_dotless(letter[:1], letter[1:], codes), *glyphs[1:]]
            _add_glyph(font, name, placer.places(drawn))
        else:
            name = glyphs[0]
        for way in _ways(letter, codes):
            if len(way) > 1:
                ligatures.setdefault(way, name)
    _add_lookup(font, ligatures)


def _dotless(first: str, marks: str, codes: dict[int, str]) -> list[str]:
    is_below = not any(unicodedata.combining(mark) == 230 for mark in marks)
    return [codes[ord(first)] if is_below else codes[_WITHOUT_DOT.get(first, ord(first))]]


def _ways(letter: str, codes: dict[int, str]) -> Iterator[tuple[str, ...]]:
    """The rows of glyphs that the letter may have become: more and more of it taken apart."""
    for form in (letter, unicodedata.normalize("NFD", letter), *_half_composed(letter)):
        yield tuple(codes[ord(char)] for char in form)
        if form[0] in _WITHOUT_DOT:
            yield (codes[_WITHOUT_DOT[form[0]]], *(codes[ord(char)] for char in form[1:]))


def _half_composed(letter: str) -> Iterator[str]:
    """The letter with one of its marks: 'Ä' and a dot below, for 'Ạ̈'."""
    first, *marks = unicodedata.normalize("NFD", letter)
    for mark in marks:
        composed = unicodedata.normalize("NFC", first + mark)
        if len(composed) == 1 < len(marks):
            rest = list(marks)
            rest.remove(mark)
            yield composed + "".join(rest)


class _Placer:
    """Where marks stand, by the anchors of a font."""

    def __init__(self, font: TTFont) -> None:
        table = font["GPOS"].table
        self._metrics = font["hmtx"].metrics
        self._definitions = font["GDEF"].table.GlyphClassDef.classDefs
        chosen = {
            number
            for record in table.FeatureList.FeatureRecord
            if record.FeatureTag in {"mark", "mkmk"}
            for number in record.Feature.LookupListIndex
        }
        lookups = ([*_attachments(table.LookupList.Lookup[number])] for number in sorted(chosen))
        self._lookups = [parts for parts in lookups if parts]

    def places(self, glyphs: Sequence[str]) -> tuple[list[tuple[str, int, int]], int]:
        """Each glyph with its offset, and the advance of all of them."""
        placed: list[tuple[str, int, int]] = []
        advance = base = 0
        for glyph in glyphs:
            is_mark = self._definitions.get(glyph) == 3
            x, y = advance, 0
            if is_mark and placed:
                found = self._attached(placed[base:], glyph)
                x, y = found if found else (advance, 0)
            else:
                base = len(placed)
                advance += self._metrics[glyph][0]
            placed.append((glyph, x, y))
        return placed, advance

    def _attached(
        self, before: Sequence[tuple[str, int, int]], mark: str
    ) -> tuple[int, int] | None:
        """The offset by the last lookup that knows the mark and what stands before it."""
        found = None
        for parts in self._lookups:
            for part in parts:
                to, x, y = before[-1] if part.is_to_mark else before[0]
                if part.is_to_mark and len(before) == 1:
                    continue
                own, other = part.marks.get(mark), part.others.get(to)
                anchor = other[own.Class] if own and other else None
                if anchor:
                    found = (
                        x + anchor.XCoordinate - own.MarkAnchor.XCoordinate,
                        y + anchor.YCoordinate - own.MarkAnchor.YCoordinate,
                    )
                    break
        return found


@dataclass(frozen=True)
class _Attachment:
    """A part of a lookup: the marks' records and the others' anchors by the marks' classes."""

    is_to_mark: bool
    marks: dict[str, Any]
    others: dict[str, list[Any]]


def _attachments(lookup: Any) -> Iterator[_Attachment]:
    for subtable in lookup.SubTable:
        part = getattr(subtable, "ExtSubTable", subtable)
        if part.LookupType not in _KINDS:
            continue
        mark, other = _KINDS[part.LookupType]
        records = getattr(getattr(part, f"{other}Array"), f"{other}Record")
        yield _Attachment(
            part.LookupType == _TO_MARK,
            dict(
                zip(
                    getattr(part, f"{mark}Coverage").glyphs,
                    getattr(part, f"{mark}Array").MarkRecord,
                    strict=True,
                )
            ),
            {
                glyph: getattr(record, f"{other}Anchor")
                for glyph, record in zip(
                    getattr(part, f"{other}Coverage").glyphs, records, strict=True
                )
            },
        )


def _add_glyph(font: TTFont, name: str, parts: tuple[list[tuple[str, int, int]], int]) -> None:
    placed, advance = parts
    glyph = Glyph()
    glyph.numberOfContours = -1
    glyph.components = []
    for part, x, y in placed:
        component = GlyphComponent()
        component.glyphName, component.x, component.y = part, x, y
        component.flags = _ROUND_AND_OFFSETS
        glyph.components.append(component)
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"].glyphs[name] = glyph
    font["glyf"].glyphOrder = font.getGlyphOrder()
    glyph.recalcBounds(font["glyf"])
    font["hmtx"].metrics[name] = (advance, glyph.xMin)
    font["GDEF"].table.GlyphClassDef.classDefs[name] = _LETTER


def _add_lookup(font: TTFont, ligatures: dict[tuple[str, ...], str]) -> None:
    """The last of all substitutions, after the font has taken letters apart."""
    table = font["GSUB"].table
    builder = LigatureSubstBuilder(font, None)
    builder.ligatures = ligatures
    lookup = builder.build()
    table.LookupList.Lookup.append(lookup)
    table.LookupList.LookupCount = len(table.LookupList.Lookup)
    number = table.LookupList.LookupCount - 1
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "ccmp":
            record.Feature.LookupListIndex.append(number)
            record.Feature.LookupCount += 1
