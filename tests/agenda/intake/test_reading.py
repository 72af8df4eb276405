"""A programme from a file: what is read, what is told, and files made to do harm."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, time, timedelta
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
import sqlalchemy as sa

from app import limited
from app.agenda.draft.queries import list_sessions, list_tray, people_by_session
from app.agenda.exports.frab import schedule_xml
from app.agenda.intake import reading as imports
from app.agenda.intake.plans import KEPT, MOST_SESSIONS, Plan, PlannedSession, find_plan, fit
from app.agenda.intake.reading import LARGEST_FILE, Unreadable, read_file
from app.agenda.intake.table import COLUMNS, blank_table
from app.agenda.models import AgendaImport, AgendaRelease, AgendaSession, Room, SessionKind, Track
from app.agenda.releases import service as releases
from app.extensions import db, now
from app.privacy.tasks import delete_what_is_overdue
from app.workshops.models import Workshop
from tests.agenda.programme import add_room, add_session, add_topic
from tests.factories import make_account, make_workshop
from tests.pages import Page, Visitor

HEADING = [words[0] for words in COLUMNS.values()]
EVENT = """<schedule><conference/><day date="{day}"><room name="Saal"><event id="1">
<date>{day}T23:30:00+01:00</date><start>23:30</start><duration>01:30</duration><room>Saal</room>
<title>{title}</title><type>lecture</type><persons><person>Jana; Ole</person></persons>
</event></room></day></schedule>"""


def table(*rows: list[Any], heading: list[str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(heading or HEADING)
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(content: bytes, name: str, text: bytes) -> bytes:
    """The archive with one part exchanged."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, text if part == name else old.read(part))
    return file.getvalue()


def read(workshop: Workshop, content: bytes) -> Plan:
    return fit(workshop, read_file(content, workshop.days, workshop.zone))


def send(desk: Visitor, workshop: Workshop, content: bytes, *, status: int = 200) -> Page:
    url = f"/{workshop.slug}/desk/agenda/start"
    form = desk.get(url)
    sent = {"file": (io.BytesIO(content), "programm.xlsx")}
    return desk.submit(form, sent, form="form[action$='/file']", status=status)


@pytest.fixture
def december(ctx: object) -> Workshop:
    """A workshop whose days do not move with the calendar."""
    made = make_workshop(starts_on=date(2026, 12, 4), ends_on=date(2026, 12, 5))
    db.session.commit()
    return made


def test_a_table_is_previewed_then_taken_over(december: Workshop, organiser: Visitor) -> None:
    add_room(december, "plenarsaal")
    rows: list[list[Any]] = [
        [
            *(date(2026, 12, 4), time(9), time(10), "Lage im Netz", "Vortrag", "Plenarsaal"),
            *("Kampagnen", "Jana Beispiel, Polizei Musterland; Ole Muster", "Ute Vorlage"),
            "Was *trägt*.",
        ],
        ["05.12.2026", "9.30", "10:30 Uhr", "Planspiel", "Workshop", "Raum 2", "kampagnen"],
        ["Tag 2", 0.5, "13", "Mittag", "pause"],
        [],
        ["04.12.2026", "11:00", "10:00", "Verdreht"],
        [None, None, None, "", None, "Saal"],
        ["24.12.2026", "11:00", "12:00", "Zu spät", "Tanz"],
        [None, None, None, "<b>Idee</b>"],
        ["irgendwann", "25 Uhr", None, "Unklar"],
    ]

    page = send(organiser, december, table(*rows))

    assert page.texts(".alert li") == [
        "Zeile 6: Ende vor Beginn; kommt in die Ablage (4. Dezember 2026, 11:00–10:00).",
        "Zeile 7: Der Titel fehlt; die Zeile wird ausgelassen.",
        "Zeile 8: Die Art „Tanz“ ist unbekannt; wird ein Vortrag.",
        "Zeile 8: Kein Tag des Workshops; kommt in die Ablage (24. Dezember 2026, 11:00–12:00).",
        "Zeile 10: „25 Uhr“ ist keine Uhrzeit.",
        "Zeile 10: „irgendwann“ ist kein Tag; kommt in die Ablage.",
    ]
    assert "Neue Räume: Raum 2" in page.text()
    assert "Neue Themen: Kampagnen" in page.text()
    assert page.texts("h2")[-1] == "Ablage, ohne Zeit"
    assert list_sessions(december.id) == []

    page = organiser.submit(page)

    assert "7 Programmpunkte sind übernommen." in page.text(".alert--success, .alert[role=status]")
    talk, game, lunch = list_sessions(december.id)
    assert (talk.title, talk.abstract, talk.room and talk.room.name) == (
        *("Lage im Netz", "Was *trägt*.", "plenarsaal"),
    )
    assert [(p.name, p.organisation, p.role) for p in people_by_session(december.id)[talk.id]] == [
        ("Jana Beispiel", "Polizei Musterland", "speaker"),
        ("Ole Muster", "", "speaker"),
        ("Ute Vorlage", "", "chair"),
    ]
    assert (game.kind, game.track_id == talk.track_id) == (SessionKind.WORKSHOP, True)
    local = [at.astimezone(december.zone) for at in (game.starts_at, game.ends_at) if at]
    assert [f"{at:%d. %H:%M}" for at in local] == ["05. 09:30", "05. 10:30"]
    assert (lunch.kind, lunch.room_id, lunch.minutes) == (SessionKind.BREAK, None, 60)
    assert [s.title for s in list_tray(december.id)] == [
        *("<b>Idee</b>", "Unklar", "Verdreht", "Zu spät")
    ]
    assert db.session.scalars(sa.select(AgendaImport)).all() == []


def test_taking_over_adds_or_replaces_and_leaves_releases_alone(
    december: Workshop, organiser: Visitor
) -> None:
    add_session(december, "Alt")
    releases.release(december)
    page = send(organiser, december, table([1, time(9), time(10), "Neu"]))
    refused = organiser.submit(page, status=422)
    assert refused.text(".error-summary li") == "Wählen Sie eine der Antworten."
    organiser.submit(refused, {"replaces": "no"})
    assert [s.title for s in list_sessions(december.id)] == ["Alt", "Neu"]

    again = organiser.submit(page, {"replaces": "yes"})
    assert "schon übernommen oder zu alt" in again.text(".alert")
    page = send(organiser, december, table([2, time(9), time(10), "Ganz neu"]))
    organiser.submit(page, {"replaces": "yes"})

    assert [s.title for s in list_sessions(december.id)] == ["Ganz neu"]
    assert [e["title"] for e in (releases.shown_content(december) or {})["sessions"]] == ["Alt"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AgendaRelease)) == 1


def test_a_preview_is_of_its_organiser_workshop_and_day(
    december: Workshop, organiser: Visitor, sign_in: Callable[..., Visitor]
) -> None:
    page = send(organiser, december, table([1, time(9), time(10), "Neu"]))
    kept = db.session.scalars(sa.select(AgendaImport)).one()
    other = sign_in().get(page.path)
    assert other.text("h1") == "Programm beginnen"
    elsewhere, stranger = make_workshop(), make_account()
    assert find_plan(december, kept.id, kept.account_id)
    assert find_plan(elsewhere, kept.id, kept.account_id) is None
    assert find_plan(december, kept.id, stranger.id) is None
    assert find_plan(december, "\x00", kept.account_id) is None
    kept.created_at = now() - KEPT - timedelta(seconds=1)
    assert "zu alt" in organiser.submit(page).text(".alert")
    delete_what_is_overdue.call_local()
    assert db.session.scalars(sa.select(AgendaImport)).all() == []
    send(organiser, december, table([1, time(9), time(10), "Neu"]))
    assert db.session.scalars(sa.select(AgendaImport.id)).one()


def test_the_file_to_fill_in_can_be_read(december: Workshop, organiser: Visitor) -> None:
    answer = organiser.client.get(f"/{december.slug}/desk/agenda/start/template.xlsx")
    plan = read(december, answer.data)
    assert plan.problems == ()
    assert [(s.title, s.kind) for s in plan.sessions] == [
        ("Begrüßung", SessionKind.TALK),
        ("Lage im Netz", SessionKind.TALK),
        ("Kaffeepause", SessionKind.BREAK),
    ]


def test_what_was_exported_comes_back(december: Workshop) -> None:
    room, topic = add_room(december, "Großer Saal"), add_topic(december, "Bewegtbild & Ton")
    add_session(
        december,
        "Ä & <b>",
        room_id=room.id,
        track_id=topic.id,
        speakers="Jana Beispiel, Polizei Musterland\nOle Muster",
        kind=SessionKind.WORKSHOP,
        abstract="Zuerst:\n\n- eins\n  - darunter\n- zwei\n\nDann.",
    )
    add_session(december, "Pause", starts=time(10), ends=time(10, 15), kind=SessionKind.BREAK)
    release = releases.release(december)

    plan = read(december, schedule_xml(december, release))

    assert plan.problems == ()
    first, pause = sorted(plan.sessions, key=lambda s: s.starts or time())
    assert (first.title, first.room, first.topic, first.kind, first.speakers) == (
        *("Ä & <b>", "Großer Saal", "Bewegtbild & Ton", SessionKind.WORKSHOP),
        "Jana Beispiel, Polizei Musterland\nOle Muster",
    )
    assert first.abstract == "Zuerst:\n\n- eins\n  - darunter\n- zwei\n\nDann."
    assert (pause.room, pause.kind, pause.starts, pause.ends) == (
        *("", SessionKind.BREAK, time(10), time(10, 15)),
    )


def test_days_of_another_year_are_shifted(december: Workshop) -> None:
    events = "".join(
        EVENT.format(day=f"2025-05-1{n}", title=f"Tag {n}")
        .removeprefix("<schedule><conference/>")
        .removesuffix("</schedule>")
        .replace("23:30", "09:00")
        for n in (2, 7)
    )
    plan = read(december, f"<schedule><conference/>{events}</schedule>".encode())
    assert [s.day for s in plan.sessions] == december.days
    assert plan.sessions[0].speakers == "Jana, Ole"
    assert plan.problems == ("Die Tage sind auf die Tage des Workshops verschoben.",)


def test_what_runs_past_midnight_or_lacks_times_goes_to_the_tray(december: Workshop) -> None:
    late = EVENT.format(day="2026-12-04", title="Nachts")
    plan = read(december, late.encode())
    assert plan.problems == (
        "„Nachts“: Ende nach Mitternacht; kommt in die Ablage "
        "(04.12.2026 23:30 bis 05.12.2026 01:00).",
    )
    assert (plan.sessions[0].day, plan.sessions[0].minutes) == (None, 90)
    bare = read(december, late.replace("2026-12-04", "?").replace("01:30<", "99<").encode())
    assert (bare.sessions[0].day, bare.sessions[0].minutes) == (None, 60)
    assert bare.problems == (
        "„Nachts“: Die Länge „99“ ist nicht verständlich.",
        "„Nachts“: „?T23:30:00+01:00 23:30“ ist kein Tag mit Uhrzeit; kommt in die Ablage.",
    )


def test_other_writers_leave_out_dates_and_write_html(december: Workshop) -> None:
    plan = read(
        december,
        b"""<schedule><day index="1" date="2026-12-05"><room name="Aula"><event id="7">
        <start>10:00</start><duration>00:50</duration><title>Offen</title><type>keynote</type>
        <language/><abstract>Kurz</abstract><description>&lt;p&gt;Lang &amp;amp; &lt;b&gt;gut
        &lt;/b&gt;&lt;/p&gt;&lt;ul&gt;&lt;li&gt;eins&lt;/li&gt;&lt;/ul&gt;</description>
        </event></room></day></schedule>""",
    )
    session = plan.sessions[0]
    assert (session.day, session.starts, session.ends, session.room, session.language) == (
        *(date(2026, 12, 5), time(10), time(10, 50), "Aula", "de"),
    )
    assert session.abstract.splitlines()[:3] == ["Kurz", "", "Lang & gut"]
    assert session.abstract.endswith("\n\n- eins")


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE schedule [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<schedule><day date="2026-12-04"><room name="x"><event><title>&b;</title></event></room></day>
</schedule>"""
OUTSIDE = b"""<!DOCTYPE schedule [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<schedule><day><room><event><title>&x;</title></event></room></day></schedule>"""
SHEET = "xl/worksheets/sheet1.xml"


@cache
def hostile() -> dict[str, bytes]:
    fine = table([1, time(9), time(10), "Gut"])
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SHEET, b"0" * 13 * 1024 * 1024)
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(201):
            archive.writestr(str(number), b"")
    return {
        "laughs": LAUGHS,
        "outside": OUTSIDE,
        "other xml": b"<rss/>",
        "broken xml": b"<schedule><day>",
        "odd encoding": b'<?xml version="1.0" encoding="x-none"?><schedule/>',
        "no event": b"<schedule/>",
        "picture": b"\x89PNG\r\n\x1a\n",
        "empty": b"",
        "no archive": b"PK\x03\x04" + b"\x00" * 90,
        "other archive": many.getvalue(),
        "bomb": bomb.getvalue(),
        "cut": fine[: len(fine) // 2],
        "laughs in a sheet": with_part(fine, SHEET, LAUGHS),
        "broken sheet": with_part(fine, SHEET, b"<worksheet><sheetData><row r='x'>"),
        "no title": table([1], heading=["Tag", "Beginn"]),
        "too many": table(*([None, None, None, "x"] for _ in range(MOST_SESSIONS + 1))),
        "large": b"<" + b" " * LARGEST_FILE,
    }


@pytest.mark.parametrize("name", list(hostile()))
def test_files_made_to_do_harm_are_refused_in_a_sentence(december: Workshop, name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(december, hostile()[name])
    assert refused.value.message.endswith(".")


def test_a_file_made_to_be_read_for_a_minute_is_given_up(
    december: Workshop, organiser: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some twenty kilobytes with a million formats, which take their time one by one."""
    fine = table([1, time(9), time(10), "Gut"])
    with zipfile.ZipFile(io.BytesIO(fine)) as archive:
        styles = archive.read("xl/styles.xml")
    formats = b"<xf/>" * 1_000_000 + b"</cellXfs>"
    slow = with_part(fine, "xl/styles.xml", styles.replace(b"</cellXfs>", formats))
    assert len(slow) < 40_000
    monkeypatch.setattr(imports, "LIMITS", limited.ChildLimits(computing=1, waiting=60))

    page = send(organiser, december, slow, status=422)

    assert page.errors()["file"].startswith("Diese Datei zu lesen ist zu aufwendig.")
    assert db.session.scalars(sa.select(AgendaImport)).all() == []
    assert "1 Programmpunkt gelesen." in send(organiser, december, fine).text()


def test_a_refused_file_leaves_nothing(december: Workshop, organiser: Visitor) -> None:
    page = send(organiser, december, LAUGHS, status=422)
    assert page.errors() == {
        "file": "Die Datei lässt sich nicht lesen. Sie ist keine gültige schedule.xml."
    }
    page = send(organiser, december, b"", status=422)
    assert page.errors()["file"] == "Wählen Sie eine XLSX-Tabelle oder eine schedule.xml."
    page = organiser.submit(page, form="form[action$='/file']", status=422)
    assert page.errors()["file"] == "Wählen Sie eine Datei."
    for model in (AgendaImport, AgendaSession, Room, Track):
        assert db.session.scalars(sa.select(model)).all() == []


def test_formulas_cells_far_away_and_odd_characters_do_no_harm(december: Workshop) -> None:
    far = table([1, time(9), time(10), "Gut", None, "=1+1"])
    sheet = zipfile.ZipFile(io.BytesIO(far)).read(SHEET)
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    plan = read(december, with_part(far, SHEET, sheet.replace(b"</sheetData>", cell)))
    assert [(session.title, session.room) for session in plan.sessions] == [("Gut", "")]
    assert plan.problems == ("Die Zeilen ab 823 werden nicht gelesen.",)

    plain = read(december, table([1, time(9), time(10), "Summe", "", "Sa\u202eal", "x" * 120]))
    assert (plain.sessions[0].room, len(plain.sessions[0].topic)) == ("Saal", 100)
    assert plain.problems == ("Zeile 2: Ein Text ist auf 100 Zeichen gekürzt.",)


def test_times_that_do_not_exist_go_to_the_tray(ctx: object) -> None:
    march = make_workshop(starts_on=date(2026, 3, 29), ends_on=date(2026, 3, 29))
    plan = fit(
        march,
        Plan(
            sessions=(
                PlannedSession(
                    title="Früh", day=date(2026, 3, 29), starts=time(2, 30), ends=time(4)
                ),
            )
        ),
    )
    assert (plan.sessions[0].day, plan.sessions[0].minutes) == (None, 90)
    assert plan.problems[0].startswith("Diese Uhrzeit entfällt")


def test_the_blank_table_is_small(december: Workshop) -> None:
    assert len(blank_table(december)) < 30_000


@pytest.mark.parametrize(
    "begins", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00", "9999-12-31T23:59:00-12:00"]
)
def test_days_at_the_end_of_the_calendar_go_to_the_tray(december: Workshop, begins: str) -> None:
    content = EVENT.replace("{day}T23:30:00+01:00", begins).format(day="2026-12-04", title="Ende")
    assert read(december, content.encode()).sessions[0].day is None


@pytest.mark.parametrize("words", ["<!--", "<a ", "<![", " ", "<?"])
def test_markup_made_to_be_read_for_hours_is_cut(december: Workshop, words: str) -> None:
    text = escape("Anfang<br>" + words * 400_000)
    event = f"<event><title>Lage</title><abstract>{text}Ende</abstract></event>"
    content = f"<schedule><day><room>{event + '<event/>' * 2000}</room></day></schedule>"
    plan = read(december, content.encode())
    assert [session.title for session in plan.sessions] == ["Lage"]
    assert plan.sessions[0].abstract.startswith("Anfang")
    assert len(plan.problems) < 2 * MOST_SESSIONS + 3


def test_the_first_sheet_that_is_not_hidden_is_read(december: Workshop) -> None:
    book = openpyxl.load_workbook(io.BytesIO(table(["", "", "", "Lage im Netz"])))
    book.create_sheet("Listen", 0).sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    assert [s.title for s in read(december, file.getvalue()).sessions] == ["Lage im Netz"]
