"""CPU seconds for the programme on paper, warm: `python -m bench.bench_programme`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from flask_babel import force_locale

from app import create_app
from app.agenda.models import SessionKind, SessionRole, SignUpMode
from app.agenda.timetable import Person, Slot, Topic, make_days
from app.documents.booklet import render_booklet
from app.documents.door_signs import render_door_signs
from app.documents.programme import PrintedProgramme, render_programme
from bench.papers import cpu_seconds, warm_up
from bench.report import print_table

COUNTS = (30, 120)
DAYS = (date(2026, 12, 4), date(2026, 12, 5))
ZONE = ZoneInfo("Europe/Berlin")
ROOMS = tuple((number, f"Raum {number}") for number in range(1, 9))
TOPICS = tuple(
    Topic(number, name, "", colour, letter)
    for number, (name, colour, letter) in enumerate(
        (
            ("Katastrophenfall", "orange", "A"),
            ("Bewegtbild", "blue", "B"),
            ("Kampagnen", "green", "C"),
        )
    )
)
ABSTRACT = "Wer schreibt, wer gibt frei, wer beantwortet Rückfragen? " * 8


def make_programme(count: int) -> PrintedProgramme:
    """So many sessions on two days, in as few rooms as hold them, each with speaker and text."""
    parallel = max(1, count // (2 * 10))
    slots = []
    for number in range(count):
        day, rest = divmod(number, (count + 1) // 2)
        starts = datetime.combine(DAYS[day], datetime.min.time(), ZONE)
        starts += timedelta(hours=8, minutes=45 * (rest // parallel))
        room, name = ROOMS[rest % parallel % len(ROOMS)]
        slots.append(
            Slot(
                id=number + 1,
                kind=SessionKind.WORKSHOP,
                title=f"Zusammenarbeit über Ländergrenzen hinweg, Teil {number + 1}",
                abstract=ABSTRACT,
                language="de",
                people=(Person(1, "Jana Tischendorf", "Polizei Sachsen", SessionRole.SPEAKER),),
                topic=TOPICS[number % 3],
                room_id=room,
                room=name,
                room_position=room,
                seats=None,
                sign_up=SignUpMode.NONE,
                starts=starts,
                ends=starts + timedelta(minutes=40),
                is_now=False,
                uid=str(number),
                sequence=0,
                changed_at=starts,
            )
        )
    return PrintedProgramme(
        slug="leipzig",
        title="Polizei & Social Media",
        dates="4.–5. Dezember 2026",
        place="Tagungshaus am Beispielring, Leipzig",
        host="Polizei Sachsen",
        contact=("Organisationsteam",),
        number=3,
        released_at=datetime(2026, 11, 12, 13, 5, tzinfo=UTC).astimezone(ZONE),
        topics=TOPICS,
        rooms=ROOMS,
        days=make_days(slots),
    )


def main() -> None:
    """Print the best of four runs for each number of sessions and kind of paper."""
    papers: tuple[tuple[str, Callable[[PrintedProgramme], bytes], str], ...] = (
        ("A4", render_programme, "goal: under 2 s"),
        ("A4 with descriptions", lambda d: render_programme(d, with_abstracts=True), ""),
        ("booklet", render_booklet, ""),
        ("door signs", render_door_signs, ""),
    )
    rows = []
    with (
        TemporaryDirectory() as folder,
        create_app({"INSTANCE_DIR": folder}).test_request_context(),
    ):
        warm_up()
        with force_locale("de"):
            for count in COUNTS:
                for name, render, goal in papers:
                    cpu, size = measure(make_programme(count), render)
                    note = "; ".join(filter(None, (goal, f"{size // 1000} kB")))
                    rows.append((f"{name}, {count} sessions", f"{cpu:.3f} s", note))
    print_table("The programme as PDF, CPU time of a warm press and of whoever asks", rows)


def measure(
    data: PrintedProgramme, render: Callable[[PrintedProgramme], bytes]
) -> tuple[float, int]:
    """CPU seconds and bytes; each run is of another release, so none is answered from memory."""
    times, size = [], 0
    for run in range(4):  # the first one parses the style sheet
        start = cpu_seconds()
        size = len(render(replace(data, number=run + 1)))
        times.append(cpu_seconds() - start)
    return min(times), size


if __name__ == "__main__":
    main()
