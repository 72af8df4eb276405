"""Invented participants. Each name is made up; the hard ones are shaped like names that occur.

Addresses end in `.example` (RFC 2606) and telephone numbers lie in the block that the
Bundesnetzagentur keeps free for films (030 23125-000 to -999), so nobody real is reached.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from random import Random
from typing import Any

from app.registration.details import Details
from app.registration.models import Arrival, Diet, ParticipantRole, Salutation
from app.sorting import sort_key
from app.workshops.models import ConsentKind, Organisation, OrganisationKind

MS, MR, NONE = Salutation.MS, Salutation.MR, Salutation.NONE


@dataclass(frozen=True)
class _Name:
    salutation: Salutation
    first: str
    last: str
    title: str = ""


# Long, short, prefixed, accented, hyphenated: what badges, lists and sorting have to bear.
_HARD = (
    _Name(MS, "Maximiliane-Friederike Charlotte", "von der Straßburg-Żółkiewska", "Dr. iur."),
    _Name(MR, "Karl-Friedrich Wilhelm", "Freiherr von und zu Hohenfels-Rabeneck"),
    _Name(MS, "Annegret-Wilhelmine", "Schulze-Oberschelp zur Wiesche-Niedermöller"),
    _Name(MR, "Şükrü", "Çağlayan-Yıldırım"),
    _Name(MS, "Żaneta", "Wiśniewska-Łukasiewicz"),
    _Name(MR, "Łukasz", "Źródłowski", "Dr."),
    _Name(NONE, "Li", "O"),
    _Name(MS, "Aoife", "O’Brannigan-Weiß"),
    _Name(MR, "Björn", "Großkreutz-Öffner"),
    _Name(MS, "Özlem", "Özgür"),
    _Name(MR, "Jörg", "von der Mühlenstraße"),
    _Name(MS, "Mai-Linh", "Nguyễn Thị"),
    _Name(MR, "Håkon", "Ødegård-Sørensen", "Prof. Dr."),
    _Name(MS, "Zoë", "d’Angeli"),
    _Name(MR, "Đorđe", "Šimunić"),
    _Name(MS, "Theodora-Alexandra Konstantina", "Papadimitrakopoulou-Schönleber"),
)
_FIRST_MS = (
    *("Alina", "Amelie", "Anke", "Antje", "Ayşe", "Birgit", "Carla", "Dörte", "Elif", "Franziska"),
    *("Greta", "Heike", "Ines", "Jana", "Juliane", "Katharina", "Kübra", "Lena", "Maike", "Merle"),
    *("Nadine", "Natalia", "Petra", "Ronja", "Sabine", "Silke", "Svenja", "Tabea", "Ulrike", "Ute"),
)
_FIRST_MR = (
    *("Achim", "Arne", "Bastian", "Bernd", "Can", "Christoph", "Dieter", "Emre", "Fabian", "Georg"),
    *("Hannes", "Holger", "Ingo", "Jens", "Jonas", "Kai", "Lars", "Malte", "Marek", "Matthias"),
    *("Nils", "Oliver", "Ralf", "René", "Sören", "Steffen", "Thorsten", "Timo", "Uwe", "Volker"),
)
_LAST = (
    *("Ahrens", "Albrecht", "Bäumler", "Behrendt", "Böttcher", "Brandt", "Çelik", "Demir"),
    *("Dietz", "Ebert", "Eichhorn", "Falkner", "Förster", "Göbel", "Grünwald", "Haßelbach"),
    *("Heßling", "Hübner", "Jäger", "Kaminski", "Kießling", "König", "Kowalczyk", "Kröger"),
    *("Lindemann", "Löffler", "Maaßen-Vogt", "Möbius", "Müller", "Mueller", "Nowak", "Oswald"),
    *("Pätzold", "Petersen", "Quandt", "Rößler", "Sauer", "Schäfer", "Schmitz", "Schönfeld"),
    *("Seidel", "Thiele", "Trautmann", "Uhlig", "Vetter", "Wagenknecht-Roth", "Weiß", "Yılmaz"),
    *("Zacharias", "Ziegler", "zur Linden", "von Ahlefeldt", "vom Berge", "Am Ende"),
)
# Women's form, men's form. Neutral ranks stand twice.
_RANKS = {
    OrganisationKind.STATE_POLICE: (
        ("Polizeikommissarin", "Polizeikommissar"),
        ("Polizeioberkommissarin", "Polizeioberkommissar"),
        ("Polizeihauptkommissarin", "Polizeihauptkommissar"),
        ("Erste Kriminalhauptkommissarin", "Erster Kriminalhauptkommissar"),
        ("Polizeirätin", "Polizeirat"),
        ("Leitende Polizeidirektorin", "Leitender Polizeidirektor"),
        ("", ""),
    ),
    OrganisationKind.FEDERAL_POLICE: (
        ("Polizeihauptkommissarin", "Polizeihauptkommissar"),
        ("Kriminaloberrätin", "Kriminaloberrat"),
        ("Erste Polizeihauptkommissarin", "Erster Polizeihauptkommissar"),
        ("", ""),
    ),
    OrganisationKind.CUSTOMS: (
        ("Zollinspektorin", "Zollinspektor"),
        ("Zollamtsrätin", "Zollamtsrat"),
        ("Regierungsdirektorin", "Regierungsdirektor"),
    ),
    OrganisationKind.MINISTRY: (
        ("Oberregierungsrätin", "Oberregierungsrat"),
        ("Regierungsdirektorin", "Regierungsdirektor"),
        ("Ministerialrätin", "Ministerialrat"),
    ),
    OrganisationKind.OTHER: (("", ""),),
}
_DEPARTMENTS = (
    *("Pressestelle", "Social-Media-Team", "Stabsstelle Kommunikation", ""),
    *("Presse- und Öffentlichkeitsarbeit", "Zentralstelle für Prävention"),
)
_FUNCTIONS = (
    *("Leitung Social Media", "Redaktion", "Community-Management", "Bewegtbild", "Kampagnen"),
    *("Presse- und Öffentlichkeitsarbeit", "Nachwuchswerbung", "Krisenkommunikation", ""),
)
_INTOLERANCES = ("Laktose", "Gluten", "Nüsse", "Erdnüsse und Sellerie")
_AIDS = ("Stufenloser Zugang", "Platz nahe der Leinwand", "Höranlage (induktiv)")
# How many come from an organisation, in rounds: police forces send teams, ministries one person.
_ROUNDS = {
    OrganisationKind.STATE_POLICE: 3,
    OrganisationKind.FEDERAL_POLICE: 4,
    OrganisationKind.CUSTOMS: 3,
    OrganisationKind.MINISTRY: 1,
    OrganisationKind.OTHER: 1,
}
# Who asks to come from elsewhere, with an address that no listed organisation has.
_ELSEWHERE = (
    ("Forschungsstelle Krisenkommunikation Beispielstadt", "forschungsstelle.example"),
    ("Deutsch-Niederländisches Beispielbüro", "beispielbuero.example"),
)
_SPEAKERS = 8
_TEAM = 3
# So many have to be there before somebody comes from elsewhere.
_FEWEST = len(_HARD) + _SPEAKERS + _TEAM + len(_ELSEWHERE)


def mail_domain(organisation: Organisation) -> str:
    """A domain that stands for the organisation's in the demonstration."""
    word = sort_key(organisation.short_name).replace(" ", "-")
    state_police = organisation.kind is OrganisationKind.STATE_POLICE
    return f"polizei-{word}.example" if state_police else f"{word}.example"


def invent_people(
    count: int, organisations: Sequence[Organisation], days: Sequence[date], random: Random
) -> Iterator[Details]:
    """People spread over all organisations; the same `random` gives the same people."""
    places = _places(organisations)
    used: set[str] = set()
    for number in range(count):
        organisation = places[number % len(places)]
        name = _HARD[number] if number < len(_HARD) else _draw_name(random)
        yield Details(
            salutation=name.salutation,
            title=name.title,
            first_name=name.first,
            last_name=name.last,
            rank=_draw_rank(organisation, name, random),
            email=_address(name, organisation, used),
            phone=f"030 23125-{random.randrange(1000):03}" if random.random() < 0.7 else "",
            organisation_id=organisation.id,
            department=random.choice(_DEPARTMENTS),
            function=random.choice(_FUNCTIONS),
            role=_role(number),
            days=_draw_days(days, random),
            evening_event=random.random() < 0.75,
            **_draw_travel(days, random),
            **_draw_needs_and_consents(random),
        )


def from_elsewhere(people: Sequence[Details]) -> list[Details]:
    """The same people; the last ones come from organisations that are not in the list."""
    if len(people) < _FEWEST:
        return list(people)
    known, others = people[: -len(_ELSEWHERE)], people[-len(_ELSEWHERE) :]
    return [
        *known,
        *(
            replace(
                person,
                email=f"{person.email.partition('@')[0]}@{domain}",
                organisation_id=None,
                other_organisation=name,
                rank="",
            )
            for person, (name, domain) in zip(others, _ELSEWHERE, strict=True)
        ),
    ]


def _places(organisations: Sequence[Organisation]) -> list[Organisation]:
    return [
        organisation
        for turn in range(max(_ROUNDS.values()))
        for organisation in organisations
        if turn < _ROUNDS[organisation.kind]
    ]


def _draw_name(random: Random) -> _Name:
    salutation = MS if random.random() < 0.5 else MR
    first = random.choice(_FIRST_MS if salutation is MS else _FIRST_MR)
    last = random.choice(_LAST)
    if random.random() < 0.08:
        last = f"{last}-{random.choice(_LAST[:30])}"
    return _Name(salutation, first, last, "Dr." if random.random() < 0.05 else "")


def _draw_rank(organisation: Organisation, name: _Name, random: Random) -> str:
    women, men = random.choice(_RANKS[organisation.kind])
    return {MS: women, MR: men}.get(name.salutation, "")


def _address(name: _Name, organisation: Organisation, used: set[str]) -> str:
    words = (sort_key(part).replace(" ", "-") for part in (name.first, name.last))
    local = ".".join(words).encode("ascii", "ignore").decode()
    found, again = local, 1
    while f"{found}@{mail_domain(organisation)}" in used:
        again += 1
        found = f"{local}{again}"
    address = f"{found}@{mail_domain(organisation)}"
    used.add(address)
    return address


def _role(number: int) -> ParticipantRole:
    # Not the first ones: those with the hard names shall have plain badges too.
    if len(_HARD) <= number < len(_HARD) + _SPEAKERS:
        return ParticipantRole.SPEAKER
    if len(_HARD) + _SPEAKERS <= number < len(_HARD) + _SPEAKERS + _TEAM:
        return ParticipantRole.ORGANISER
    return ParticipantRole.PARTICIPANT


def _draw_days(days: Sequence[date], random: Random) -> tuple[date, ...]:
    return (random.choice(days),) if random.random() < 0.1 else tuple(days)


def _draw_travel(days: Sequence[date], random: Random) -> dict[str, Any]:
    arrival = random.choices(list(Arrival), weights=(1, 6, 3, 1))[0]
    known = arrival is not Arrival.UNKNOWN and random.random() < 0.7
    nights = random.random() < 0.6
    return {
        "arrival": arrival,
        "arrival_time": time(random.randrange(7, 10), random.choice((0, 15, 30)))
        if known
        else None,
        # 'XX' is no district, so nobody drives with these plates.
        "vehicle_plate": f"XX-PS {random.randrange(100, 999)}" if arrival is Arrival.CAR else "",
        "room_from": days[0] - timedelta(days=random.randrange(2)) if nights else None,
        "room_until": days[-1] if nights else None,
    }


def _draw_needs_and_consents(random: Random) -> dict[str, Any]:
    chances = {ConsentKind.LISTING: 0.85, ConsentKind.PHOTOS: 0.6, ConsentKind.MAILING: 0.5}
    consents = {kind for kind, chance in chances.items() if random.random() < chance}
    needs: dict[str, Any] = {}
    if random.random() < 0.3:
        consents.add(ConsentKind.NEEDS)
        needs["diet"] = random.choice(list(Diet))
        needs["intolerances"] = random.choice(_INTOLERANCES) if random.random() < 0.3 else ""
        needs["accessibility"] = random.choice(_AIDS) if random.random() < 0.15 else ""
    return {"consents": frozenset(consents), **needs}
