"""CPU seconds for badges on label sheets, warm: `python -m bench.bench_badges`."""

from dataclasses import replace
from tempfile import TemporaryDirectory

from app import create_app
from app.badges.design import Badge
from app.badges.sheets import render_badges
from app.documents.stock import get_stock
from app.workshops.models import OrganisationKind
from bench.papers import cpu_seconds, warm_up
from bench.report import print_table

GOALS = {
    1: "goal: under 0.06 s",
    70: "goal: under 0.8 s (Indico 3.3: 1.22 s, pretix 2026: 16.2 s, untagged)",
    500: "Indico: 8.5 s",
}
COUNTS = tuple(GOALS)
SAMPLE = Badge(
    name=("Karl-Friedrich", "von Müller-Lüdenscheidt"),
    kind=OrganisationKind.STATE_POLICE,
    kind_label="Landespolizei",
    organisation="Polizei Mecklenburg-Vorpommern",
    code_url="https://tagung.example.org/c/K7M2Q9ABCD",
    title="Dr. iur.",
    department="Polizeipräsidium Rostock",
    function="Presse- und Öffentlichkeitsarbeit",
    role="Vortrag",
    workshop="Polizei & Social Media",
    dates="4.–5. Dezember 2026 · Leipzig",
)


def make_badges(count: int) -> list[Badge]:
    """Badges of all kinds, each with a code of its own, a third with 'no photos'."""
    kinds = list(OrganisationKind)
    return [
        replace(
            SAMPLE,
            name=(f"Karl-Friedrich{number % 7 * 'a'}", SAMPLE.name[1]),
            kind=kinds[number % len(kinds)],
            role=SAMPLE.role if number % 4 == 0 else "",
            no_photos=number % 3 == 0,
            code_url=f"https://tagung.example.org/c/K7M2{number:06d}",
        )
        for number in range(count)
    ]


def main() -> None:
    """Print the best of three runs for each number of badges."""
    with TemporaryDirectory() as folder, create_app({"INSTANCE_DIR": folder}).app_context():
        warm_up()
        render_badges(make_badges(10), get_stock("avery-l4785"))
        measured = {count: measure(count) for count in COUNTS}
    rows = [
        (f"{count} badges", f"{cpu:.3f} s", f"{GOALS[count]}; {size // 1000} kB")
        for count, (cpu, size) in measured.items()
    ]
    ratio = measured[500][0] / measured[70][0]
    rows.append(("500 badges to 70", f"{ratio:.2f}", "goal: at most 8"))
    print_table("Badges on A4 sheets with QR codes, CPU time of a warm press", rows)


def measure(count: int) -> tuple[float, int]:
    """CPU seconds and bytes of a file with so many badges."""
    badges = make_badges(count)
    times, size = [], 0
    for _run in range(3):
        start = cpu_seconds()
        size = len(render_badges(badges, get_stock("avery-l4785")))
        times.append(cpu_seconds() - start)
    return min(times), size


if __name__ == "__main__":
    main()
