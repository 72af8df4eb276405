"""Badges for tests, with the names that really occur and a few that should not."""

from dataclasses import replace

from app.badges.design import Badge
from app.workshops.models import OrganisationKind

ORDINARY = Badge(
    name=("Ayşe", "Öztürk"),
    kind=OrganisationKind.STATE_POLICE,
    kind_label="Landespolizei",
    organisation="Polizei Sachsen",
    code_url="https://example.org/c/K7M2Q9ABCD",
    title="Dr.",
    department="Polizeidirektion Leipzig",
    function="Pressesprecherin",
    workshop="Polizei & Social Media",
    dates="4.–5. Dezember 2026 · Leipzig",
)
NAMES = (
    ("Karl-Friedrich", "Freiherr von Müller-Lüdenscheidt"),
    ("Żaneta", "Łukaszewska-Şahin"),
    ("O", "X"),
    ("Anna-Katharina Maria-Theresia", "von der Lühe-Schwarzenberger-Hohenstein"),
    ("Pat", "O’Brien"),
    ("عبد الرحمن", "محمد"),
    ("דוד", "כהן"),
    ("Li 👩🏽‍🚒", "Wu"),
    ("Donaudampfschifffahrtsgesellschaftskapitänswitwe", "Ng"),
    ("<b>Eva</b>", "& Söhne"),
)


def hard_badges() -> list[Badge]:
    """One badge for each hard name, every other text as long as it gets."""
    kinds = list(OrganisationKind)
    return [
        replace(
            ORDINARY,
            name=name,
            kind=kinds[number % len(kinds)],
            title="Prof. Dr. Dr. h. c. mult." if number % 2 else "",
            organisation="Senatsverwaltung für Inneres und Sport des Landes Berlin",
            department="Abteilung II – Öffentliche Sicherheit und Ordnung, Referat 42",
            function="Referatsleitung Digitale Kommunikation, Kampagnen und Bewegtbild",
            role="Organisation",
            no_photos=True,
            code_url=f"https://example.org/c/K7M2Q9{number:04d}",
        )
        for number, name in enumerate(NAMES)
    ]
