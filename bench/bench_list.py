"""CPU seconds for the participant list, warm: `python -m bench.bench_list`."""

from datetime import UTC, date, datetime
from tempfile import TemporaryDirectory

from app import create_app
from app.documents.lists import ListKind
from app.documents.participant_list import (
    ListedOrganisation,
    ListedPerson,
    ParticipantList,
    render_participant_list,
)
from bench.papers import cpu_seconds, warm_up
from bench.report import print_table

GOALS = {
    70: "goal: under 1 s (Indico 3.3: 1.56 s, pretix 2026: 0.42 s, both untagged)",
    2000: "Indico: 38.8 s, pretix: 10 s",
}
DAYS = (date(2026, 12, 4), date(2026, 12, 5))
PER_ORGANISATION = 3


def make_list(count: int) -> ParticipantList:
    """An internal list of so many people, three to an organisation."""
    people = [
        ListedPerson(
            first_name=f"Karl-Friedrich {number}",
            last_name="von Müller-Lüdenscheidt",
            title="Dr. iur.",
            rank="Kriminalhauptkommissar",
            department="Polizeipräsidium Rostock",
            function="Presse- und Öffentlichkeitsarbeit",
            email=f"person.{number}@polizei.example.org",
            phone="+49 341 0000000",
            days=DAYS if number % 4 else DAYS[:1],
            marks=("Keine Fotos",) if number % 3 == 0 else (),
        )
        for number in range(count)
    ]
    groups = tuple(
        ListedOrganisation(f"Behörde {start}", tuple(people[start : start + PER_ORGANISATION]))
        for start in range(0, count, PER_ORGANISATION)
    )
    return ParticipantList(
        kind=ListKind.INTERNAL,
        title="Teilnahmeliste",
        subtitle="Polizei & Social Media",
        organisations=groups,
        days=DAYS,
        printed_at=datetime(2026, 11, 12, 13, 5, tzinfo=UTC),
    )


def main() -> None:
    """Print the time for each number of people."""
    rows = []
    with TemporaryDirectory() as folder, create_app({"INSTANCE_DIR": folder}).app_context():
        warm_up()
        render_participant_list(make_list(6))
        for count, goal in GOALS.items():
            data = make_list(count)
            start = cpu_seconds()
            size = len(render_participant_list(data))
            cpu = cpu_seconds() - start
            rows.append((f"{count} people", f"{cpu:.3f} s", f"{goal}; {size // 1000} kB"))
    print_table("Participant list, tagged, CPU time of a warm press and of whoever asks", rows)


if __name__ == "__main__":
    main()
