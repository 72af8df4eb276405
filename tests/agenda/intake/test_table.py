"""Tables as people make them: merged days, times over midnight, columns of their own."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest

from app.agenda.intake.table import blank_table
from app.extensions import db
from app.workshops.models import Workshop
from tests.agenda.reading import HEADING, book, read_book, saved
from tests.factories import make_workshop

SATURDAY = date(2027, 3, 27)


@pytest.fixture
def march(ctx: object) -> Workshop:
    made = make_workshop(starts_on=SATURDAY, ends_on=date(2027, 3, 28))
    db.session.commit()
    return made


def _moment(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of that March, as Excel has it: without a zone."""
    return datetime.combine(date(2027, 3, day), time(hour, minute))


def _times(workshop: Workshop, content: bytes) -> list[tuple[Any, ...]]:
    return [(s.title, s.day, s.starts, s.ends) for s in read_book(workshop, content).sessions]


def test_merged_days_rooms_and_times_reach_down(march: Workshop) -> None:
    made = book(
        [SATURDAY, time(9), time(10), "Begrüßung", None, "Saal"],
        [None, None, None, "Nebenan", None, "Aula"],
        [None, time(11), time(12), "Vortrag", None, None],
        merged=("A2:A4", "B2:B3", "C2:C3", "F3:F4", "D4:D6"),
    )
    plan = read_book(march, saved(made))
    assert plan.problems == ()
    assert [(s.title, s.day, s.starts, s.ends, s.room) for s in plan.sessions] == [
        ("Begrüßung", SATURDAY, time(9), time(10), "Saal"),
        ("Nebenan", SATURDAY, time(9), time(10), "Aula"),
        ("Vortrag", SATURDAY, time(11), time(12), "Aula"),
    ]


def test_a_day_that_is_written_once_holds_for_the_rows_below(march: Workshop) -> None:
    plan = read_book(
        march,
        saved(
            book(
                ["Samstag, 27. März"],
                [None, "9", "10", "Erstes"],
                [None, "10", "11", "Zweites"],
                ["28.3.27", "9", "10", "Drittes"],
                [None, None, None, "Idee"],
            )
        ),
    )
    assert [(s.title, s.day) for s in plan.sessions] == [
        *(("Erstes", SATURDAY), ("Zweites", SATURDAY), ("Drittes", date(2027, 3, 28))),
        ("Idee", None),
    ]
    assert plan.problems == ("Ohne Tag, also am Tag der Zeile darüber: 3, 4.",)


def test_times_at_and_over_midnight(march: Workshop) -> None:
    made = book(
        [SATURDAY, time(20), timedelta(hours=24), "Dauerformat"],
        [SATURDAY, time(20), 1, "Eins Komma null"],
        [SATURDAY, time(20), "24:00", "Text"],
        [SATURDAY, time(20), time(0), "Null Uhr"],
        [SATURDAY, time(20), timedelta(hours=26), "Bis zwei"],
        [_moment(27, 9), None, timedelta(hours=10), "Im Tag"],
    )
    sheet: Any = made.active
    sheet["C3"].number_format = "h:mm"  # Excel shows 0:00
    plan = read_book(march, saved(made))
    assert [(s.title, s.starts, s.ends) for s in plan.sessions] == [
        ("Dauerformat", time(20), time(0)),
        ("Eins Komma null", time(20), time(0)),
        ("Text", time(20), time(0)),
        ("Null Uhr", time(20), time(0)),
        ("Bis zwei", None, None),
        ("Im Tag", time(9), time(10)),
    ]
    assert plan.problems == (
        "Zeile 6: „26:00“ ist keine Uhrzeit.",
        "Zeile 6: Beginn oder Ende fehlt; kommt in die Ablage (27. März 2027, 20:00).",
    )


def test_nothing_is_left_out_in_silence(march: Workshop) -> None:
    made = book(
        [SATURDAY, "9-10 Uhr", "11:00", "Spanne", *[None] * 6, "40", "laut"],
        [None, 9.3, 10.15, 2027, *[None] * 6, None, "leise"],
        ["Fr, 27.03.2027", "9", "10", "Wochentag"],
        [_moment(27, 8), "9", "10", "Zwei Zeiten"],
        heading=[*HEADING, "Plätze", ""],
    )
    sheet: Any = made.active
    sheet.insert_rows(1)
    sheet["A1"] = "Programm der Tagung"
    other: Any = made.create_sheet("Tag 2")
    other.append(HEADING)
    made.create_sheet("Notizen")["A1"] = "nicht gemeint"
    plan = read_book(march, saved(made))
    assert plan.problems == (
        "Das Blatt „Tag 2“ wird nicht gelesen, nur das erste.",
        "Die Spalte „Plätze“ wird nicht gelesen.",
        "Die Spalte „L“ wird nicht gelesen.",
        "Was über den Überschriften steht, wird nicht gelesen.",
        "Ohne Tag, also am Tag der Zeile darüber: 4.",
        "Zeile 3: Die Uhrzeit 10:00 wird nicht verwendet.",
        "Zeile 4: „9,3“ wird als 09:30 Uhr gelesen.",
        "Zeile 5: „Fr, 27.03.2027“ ist ein anderer Wochentag: Samstag, 27. März.",
        "Zeile 6: Die Uhrzeit 08:00 wird nicht verwendet.",
    )
    assert [(s.title, s.starts, s.ends) for s in plan.sessions][:2] == [
        ("Spanne", time(9), time(11)),
        ("2027", time(9, 30), time(10, 15)),
    ]


def test_times_without_any_day_are_named(march: Workshop) -> None:
    plan = read_book(march, saved(book([None, "9:00", "10:30", "Irgendwann"])))
    assert plan.problems == ("Zeile 2: Der Tag fehlt; kommt in die Ablage (09:00–10:30).",)
    assert plan.sessions[0].minutes == 90


def test_a_start_with_a_date_needs_no_column_for_the_day(march: Workshop) -> None:
    made = book(
        [_moment(28, 9), _moment(28, 10, 30), "Lage"],
        heading=["Start", "Ende", "Titel"],
    )
    assert _times(march, saved(made)) == [("Lage", date(2027, 3, 28), time(9), time(10, 30))]


def test_the_first_sheet_with_a_programme_is_read(march: Workshop) -> None:
    made = book([SATURDAY, time(9), time(10), "Lage"])
    made.create_sheet("Deckblatt", 0)["A1"] = "Willkommen"
    assert [title for title, *_times_ in _times(march, saved(made))] == ["Lage"]


def test_dates_of_a_mac_are_the_same(march: Workshop) -> None:
    made = openpyxl.load_workbook(
        io.BytesIO(saved(book([SATURDAY, time(20), timedelta(days=1), "Mac"])))
    )
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet: Any = made.active
    sheet["A2"], sheet["C2"] = SATURDAY, 1
    sheet["C2"].number_format = "hh:mm"
    assert _times(march, saved(made)) == [("Mac", SATURDAY, time(20), time(0))]


def test_control_characters_are_what_excel_writes_for_them(march: Workshop) -> None:
    """Excel keeps a line end of PowerPoint as '_x000B_', and a typed '_x' as '_x005F_x'."""
    text = "eins_x000B_zwei_x000D_\ndrei _x005F_x000B_ _xtra_"
    plan = read_book(march, saved(book([1, time(9), time(10), "Lage_x0009_bild", *[""] * 5, text])))
    assert plan.sessions[0].title == "Lage bild"
    assert plan.sessions[0].abstract == "eins\nzwei\ndrei _x000B_ _xtra_"


def test_the_file_to_fill_in_comes_back_without_a_word(march: Workshop) -> None:
    plan = read_book(march, blank_table(march))
    assert plan.problems == ()
    assert [(s.title, s.day, s.starts, s.ends, s.room) for s in plan.sessions] == [
        ("Begrüßung", SATURDAY, time(9), time(9, 30), "Plenarsaal"),
        ("Lage im Netz", SATURDAY, time(9, 30), time(10, 30), "Plenarsaal"),
        ("Kaffeepause", SATURDAY, time(10, 30), time(11), ""),
    ]
