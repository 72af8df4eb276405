"""Names with all letters of DIN 91379 on paper: drawn by one font, apart, and read back."""

import io
import subprocess
import unicodedata
from datetime import UTC, datetime
from itertools import pairwise

import pikepdf
import pytest
from flask import Flask

from app.badges.design import Badge
from app.badges.sheets import render_badges
from app.documents.fitting import BOLD, Box, fit
from app.documents.lists import ListKind
from app.documents.participant_list import (
    ListedOrganisation,
    ListedPerson,
    ParticipantList,
    render_participant_list,
)
from app.documents.stock import get_stock
from app.press.drawing import draw
from app.press.fonts import Family, family_for, missing_letters, printable
from app.workshops.models import OrganisationKind
from tests.badges.badges import ORDINARY
from tests.names.letters import ALL, LETTERS, NAMES
from tests.pdf import MM, Pdf, accessibility_failures

pytestmark = pytest.mark.slow

DPI = 200


def document(body: str, style: str = "") -> str:
    """A document with this in its body."""
    return f'<html lang="de"><title>P</title><style>{style}</style><body><h1>P</h1>{body}'


def read_by_poppler(data: bytes) -> str:
    """All that pdftotext reads."""
    done = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode()


def families(data: bytes) -> set[str]:
    """The fonts of a file."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return {
            str(obj["/FontFamily"])
            for obj in pdf.objects
            if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/FontDescriptor"
        }


def test_the_norm_has_500_letters_and_149_sequences() -> None:
    assert len([text for text in LETTERS if len(text) == 1]) == 500
    assert len([text for text in LETTERS if len(text) > 1]) == 149
    assert all(unicodedata.is_normalized("NFC", letter.text) for letter in ALL)


def test_all_letters_are_read_as_they_were_written_by_two_readers() -> None:
    data = draw(document("".join(f"<p>{name} <b>{name}</b></p>" for name in NAMES)))

    for words in (read_by_poppler(data).split(), Pdf(data).all_text.split()):
        assert [word for word in words if word != "P"] == [n for n in NAMES for _ in range(2)]
    assert accessibility_failures(data) == []
    assert families(data) == {Family.FIRA, Family.NOTO}


def test_a_rare_letter_leaves_those_of_other_people_alone() -> None:
    names = ("Č̣elik", "Kovačević", "Ž̦ukov", "Ž̧ž̧", "Žižka", "Č̣č̣", "Čačić")
    for text in names, names[::-1]:
        data = draw(document("".join(f"<p>{name}</p>" for name in text)))
        assert read_by_poppler(data).split()[1:] == list(text)
        assert Pdf(data).all_text.split()[1:] == list(text)


def test_marks_beyond_the_norm_are_read_too_and_leave_others_alone() -> None:
    names = ("ẹ́bùn", "eben", "ɛ̃ɔ̃", "ɛɔ")
    data = draw(document("".join(f"<p>{name}</p>" for name in names)))

    read = [unicodedata.normalize("NFC", word) for word in Pdf(data).all_text.split()[1:]]
    assert read == [unicodedata.normalize("NFC", name) for name in names]
    assert accessibility_failures(data) == []


@pytest.mark.parametrize("name", ["C̨̆x", "L̥̄x", "R̥̄x", "l̥̄x", "ɛ̃x"])
def test_no_letter_is_drawn_over_its_neighbour(name: str) -> None:
    data = draw(document(f"<p>HH{name}HH</p>", "p { font-size: 40pt; margin: 0 }"))
    glyphs = [g for g in Pdf(data).glyphs() if g.text in "HxP"][1:]

    assert "".join(g.text for g in glyphs) == "HHxHH"
    for one, other in pairwise(glyphs):
        assert one.right < other.left + 0.05


def ink(data: bytes) -> tuple[float, float]:
    """Where the first page's ink begins and ends; millimetres from its top."""
    page = Pdf(data).document[0].render(scale=DPI / 72).to_pil().convert("L")
    bounds = page.point(lambda value: 255 if value < 200 else 0).getbbox()
    assert bounds
    return bounds[1] / DPI * 25.4, bounds[3] / DPI * 25.4


@pytest.mark.parametrize(
    "lines",
    [
        ("Ạg", "Ếy"),
        ("Țț", "Ǻǻ"),
        ("C̨̆ç", "M̐Û̄"),
        ("Ayşe", "Öztürk"),
        ("gyp", "ÄÖÜ"),
        ("R̥̄Ḳ̄", "M̐Ẳ"),
    ],
)
def test_lines_of_a_name_never_touch(lines: tuple[str, str]) -> None:
    fitted = fit(lines, Box(150, 60, 60, 20, lines=2, weight=BOLD))
    assert fitted is not None
    assert fitted.lines == lines
    assert fitted.height <= 60
    tag = f'<p class="fitted" style="{fitted.css};white-space:pre;margin:0;font-weight:700">'
    style = "@page { size: 180mm 140mm; margin: 15mm } h1 { display: none }"
    upper, lower = (
        ink(draw(document(f"{tag}{text}</p>", style)))
        for text in (f"{lines[0]}\n ", f"&nbsp;\n{lines[1]}")
    )

    assert upper[1] < lower[0]


def test_every_letter_keeps_within_the_line_that_is_reckoned_for_it() -> None:
    from app.press.setting import _extents

    too_low = []
    for start in range(0, len(LETTERS), 100):
        group = LETTERS[start : start + 100]
        body = "".join(
            f'<p style="top:{40 * (n // 10)}mm;left:{40 * (n % 10)}mm"><b>{text}</b></p>'
            for n, text in enumerate(group)
        )
        style = (
            "@page { size: 400mm 400mm; margin: 0 } h1 { display: none } body { margin: 0 }"
            " p { position: absolute; margin: 0; padding: 0 10mm; font-size: 50pt;"
            " line-height: 40mm }"
        )
        image = Pdf(draw(document(body, style))).document[0].render(scale=2).to_pil().convert("L")
        for n, text in enumerate(group):
            cell = [n % 10 * 40 * MM * 2, n // 10 * 40 * MM * 2]
            box = image.crop((*map(round, cell), *(round(edge + 40 * MM * 2) for edge in cell)))
            bounds = box.point(lambda value: 255 if value < 128 else 0).getbbox()
            assert bounds, f"{text} is not drawn"
            family = family_for(text)
            ascent, depth = _extents(text, family, BOLD)
            em = 50 * 2
            # The base line of Fira Sans in a line of 40 mm.
            base = 20 * MM * 2 + (0.935 - 0.265) / 2 * em
            if base - bounds[1] > ascent * em + 3 or bounds[3] - base > depth * em + 3:
                too_low.append(
                    (text, (base - bounds[1]) / em, ascent, (bounds[3] - base) / em, depth)
                )
    assert too_low == []


@pytest.mark.parametrize("start", range(0, len(LETTERS), 60))
def test_badges_show_every_letter_in_one_font_a_line(ctx: Flask, start: int) -> None:
    letters = LETTERS[start : start + 60]
    badges = [
        Badge(
            name=(f"K{letter}n", f"{letter.lower()}Müller"),
            kind=OrganisationKind.OTHER,
            kind_label="Gäste",
            organisation=f"Amt {letter}x",
            code_url=f"https://example.org/c/{number}",
        )
        for number, letter in enumerate(letters)
    ]
    data = render_badges(badges, get_stock("avery-l4785"))
    read = [read_by_poppler(data), Pdf(data).all_text]

    for badge in badges:
        for text in read:
            assert badge.name[0] in text
            assert badge.organisation in text
    assert accessibility_failures(data) == []


def test_a_list_shows_names_of_all_letters(ctx: Flask) -> None:
    people = tuple(
        ListedPerson(first_name=f"A{letter}", last_name=f"{letter}b") for letter in LETTERS
    )
    moment = datetime(2026, 12, 4, 8, tzinfo=UTC)
    made = ParticipantList(
        kind=ListKind.HANDOUT,
        title="Teilnehmende",
        subtitle="Ḫ̣ und Č̣",
        organisations=(ListedOrganisation("Amt", people),),
        days=(moment.date(),),
        printed_at=moment,
    )
    data = render_participant_list(made)

    for words in (set(read_by_poppler(data).split()), set(Pdf(data).all_text.split())):
        assert [p.last_name for p in people if f"{p.last_name}," not in words] == []
    assert accessibility_failures(data) == []


def test_a_text_is_set_in_one_font() -> None:
    assert family_for("Kovačević, Ayşe") is Family.FIRA
    assert family_for("Č̣elik, Ayşe") is Family.NOTO
    assert family_for("Ḫalid") is Family.NOTO
    assert family_for("Ψάλτης") is Family.FIRA
    assert family_for("דוד כהן") is family_for("محمد") is Family.DEJAVU
    data = draw(document("<p>Jana Č̣elik, Polizei Sachsen</p>").replace("<h1>P</h1>", ""))
    assert families(data) == {Family.NOTO}


def test_what_no_font_has_is_told_and_never_a_row_of_boxes() -> None:
    assert missing_letters("김민준 Müller 👩 Č̣ דוד محمد Иван Ψ ẖ ʾ") == "김민준👩"
    assert printable("김민준, Anna") == "?, Anna"
    data = draw(document("<p>김민준, Anna</p>"))
    assert Pdf(data).text().split()[1:] == ["?,", "Anna"]
    assert accessibility_failures(data) == []
    for letter in ALL:
        assert missing_letters(letter.text) == ""
        assert printable(letter.text) == letter.text


def test_the_usual_case_loads_no_other_font(ctx: Flask) -> None:
    assert families(render_badges([ORDINARY], get_stock("avery-l4785"))) == {Family.FIRA}


def test_a_title_with_rare_letters_is_right_in_the_margins() -> None:
    html = document(
        "<section>x</section>",
        "@page { @top-left { content: string(t) } } h1 { string-set: t content() }",
    )
    data = draw(html.replace(">P<", ">Č̣M̐<"))

    assert read_by_poppler(data).split().count("Č̣M̐") == 2
    assert families(data) == {Family.FIRA, Family.NOTO}


def test_the_ink_of_a_name_over_a_name_is_apart_on_a_badge(ctx: Flask) -> None:
    badge = Badge(
        name=("Nguyễn Ạ", "Ế Țepeș"),
        kind=OrganisationKind.OTHER,
        kind_label="Gäste",
        organisation="Ǻngström",
        code_url="https://example.org/c/1",
    )
    data = render_badges([badge], get_stock("holder-a6"))
    first, second, below = (
        [g for g in Pdf(data).glyphs() if g.text in letters] for letters in ("NyễẠ", "ẾȚș", "Ǻ")
    )

    assert max(g.bottom for g in first) < min(g.top for g in second)
    assert max(g.bottom for g in second) < min(g.top for g in below)
