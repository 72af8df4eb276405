"""What the form takes and refuses, field by field."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.registration.form_data import data_for_new, data_from, details_from
from app.registration.forms import ChangeForm, DetailsForm, OrganisationForm
from app.registration.models import Arrival, Diet, ParticipantRole, Salutation
from app.registration.queries import list_organisations, match_organisations
from app.workshops.models import ConsentKind, Organisation, Workshop
from tests.factories import make_details, make_registration, make_workshop

TEXTS = {
    "title": 60,
    "first_name": 80,
    "last_name": 80,
    "badge_name": 120,
    "department": 120,
    "rank": 80,
    "function": 120,
    "intolerances": 300,
    "accessibility": 500,
}
NAMES = {"first_name", "last_name", "badge_name"}


@pytest.fixture(autouse=True)
def in_request(app: Flask, workshop: Workshop) -> Iterator[None]:
    """Forms speak the language of a request."""
    with app.test_request_context():
        yield


def sent(workshop: Workshop, **changes: Any) -> dict[str, Any]:
    """What a browser sends, with `changes`; None leaves a field out."""
    values: dict[str, Any] = {
        "salutation": "ms",
        "first_name": "Żaneta",
        "last_name": "von der Lühe",
        "email": "z.luehe@polizei.sachsen.de",
        "organisation_id": str(workshop.organisations[12].id),
        "role": "participant",
        "days": [day.isoformat() for day in workshop.days],
        "arrival": "rail",
        "diet": "none",
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def fill(workshop: Workshop, **changes: Any) -> DetailsForm:
    return DetailsForm(
        workshop, formdata=MultiDict(sent(workshop, **changes)), meta={"csrf": False}
    )


def errors(form: DetailsForm) -> dict[str, str]:
    """Field → its first message."""
    return {} if form.validate() else {name: str(found[0]) for name, found in form.errors.items()}


def test_what_was_sent_becomes_details(workshop: Workshop) -> None:
    first, last = workshop.days
    form = fill(
        workshop,
        email=" Z.Luehe@Polizei.Sachsen.DE ",
        first_name="  Anna   Maria ",
        nights=[(first - timedelta(days=1)).isoformat(), first.isoformat()],
        arrival="car",
        arrival_time="09:05",
        vehicle_plate="l-ab 123 e",
        diet="vegan",
        consent_needs="y",
        consent_photos="y",
        role="speaker",
    )
    assert errors(form) == {}

    details = details_from(form)
    assert details.email == "z.luehe@polizei.sachsen.de"
    assert details.first_name == "Anna Maria"
    assert details.salutation is Salutation.MS
    assert (details.room_from, details.room_until) == (first - timedelta(days=1), last)
    assert (details.arrival, details.arrival_time) == (Arrival.CAR, time(9, 5))
    assert details.vehicle_plate == "L-AB 123 E"
    assert details.diet is Diet.VEGAN
    assert details.role is ParticipantRole.SPEAKER
    assert details.consents == {ConsentKind.NEEDS, ConsentKind.PHOTOS}
    assert details.days == tuple(workshop.days)


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("first_name", "Geben Sie den Vornamen ein."),
        ("last_name", "Geben Sie den Nachnamen ein."),
        ("email", "Geben Sie Ihre dienstliche E-Mail-Adresse ein."),
        ("days", "Wählen Sie die Tage, an denen Sie teilnehmen."),
        (
            "organisation_id",
            "Wählen Sie die Organisation aus der Liste oder geben Sie ihren Namen ein.",
        ),
    ],
)
@pytest.mark.parametrize("empty", [None, "", "  "], ids=["absent", "empty", "blank"])
def test_what_must_be_there(
    workshop: Workshop, field: str, message: str, empty: str | None
) -> None:
    empty_field: Any = {"days": [], "organisation_id": (empty or "").strip()}.get(field, empty)
    assert errors(fill(workshop, **{field: empty_field})) == {field: message}


@pytest.mark.parametrize("field", TEXTS)
def test_texts_have_a_length(workshop: Workshop, field: str) -> None:
    longest = TEXTS[field]
    consent = {"consent_needs": "y"}

    assert errors(fill(workshop, **consent, **{field: "ä" * longest})) == {}
    assert errors(fill(workshop, **consent, **{field: "ä" * (longest + 1)})) == {
        field: f"Verwenden Sie höchstens {longest} Zeichen."
    }


@pytest.mark.parametrize("field", [*TEXTS, "email", "phone", "vehicle_plate", "other_organisation"])
@pytest.mark.parametrize("bad", ["a\x00b", "a\x07b", "a\ud800b", "a\ue000b"])
def test_control_characters_are_refused(workshop: Workshop, field: str, bad: str) -> None:
    changes: dict[str, Any] = {field: bad, "consent_needs": "y"}
    if field == "other_organisation":
        changes["organisation_id"] = ""

    assert list(errors(fill(workshop, **changes))) == [field]


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{ config }}", "'; DROP TABLE x; --"]
)
def test_markup_is_text(workshop: Workshop, field: str, text: str) -> None:
    form = fill(workshop, consent_needs="y", **{field: text})

    assert errors(form) == {}
    assert getattr(details_from(form), field) == text


@pytest.mark.parametrize(
    "name",
    ["Ö", "O’Brien-Şahin", "Łukaszewska", "Иванова", "علي", "伊藤", "נח", "von und zu Ühl jun."],
)
def test_names_come_in_every_script(workshop: Workshop, name: str) -> None:
    form = fill(workshop, last_name=name)

    assert errors(form) == {}
    assert details_from(form).last_name == name


@pytest.mark.parametrize("field", sorted(NAMES))
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Eva 👍🏽", "Entfernen Sie Bildzeichen und Symbole aus dem Namen."),
        ("007", "Geben Sie einen Namen mit Buchstaben ein."),
        ("-", "Geben Sie einen Namen mit Buchstaben ein."),
    ],
)
def test_names_are_names(workshop: Workshop, field: str, name: str, message: str) -> None:
    assert errors(fill(workshop, **{field: name})) == {field: message}


def test_marks_of_direction_cannot_disguise_a_name(workshop: Workshop) -> None:
    form = fill(workshop, last_name="Ab\u202edc\u202c")

    assert form.validate()
    assert details_from(form).last_name == "Abdc"


@pytest.mark.parametrize(
    "email",
    [
        *("karla", "karla@", "@polizei.de", "karla@polizei", "karla muster@polizei.de"),
        *("karla@polizei..de", "kärla@polizei.de", '"k m"@polizei.de', "karla@[10.0.0.1]"),
        *("a@b.de, c@d.de", "a@b.de\nBcc: c@d.de", "x" * 250 + "@polizei.de", "karla@localhost"),
    ],
)
def test_addresses_that_are_none(workshop: Workshop, email: str) -> None:
    assert list(errors(fill(workshop, email=email))) == ["email"]


def test_international_domains_are_addresses(workshop: Workshop) -> None:
    form = fill(workshop, email="Info@BÜCHER.example.org")

    assert errors(form) == {}
    assert details_from(form).email == "info@bücher.example.org"


@pytest.mark.parametrize("phone", ["0341 966-0", "+49 (341) 123/456", "110", "0341–12 34"])
def test_telephone_numbers(workshop: Workshop, phone: str) -> None:
    assert errors(fill(workshop, phone=phone)) == {}


@pytest.mark.parametrize("phone", ["anrufen", "12", "0341; 5", "+" * 9, "1" * 51])
def test_what_is_no_telephone_number(workshop: Workshop, phone: str) -> None:
    assert list(errors(fill(workshop, phone=phone))) == ["phone"]


@pytest.mark.parametrize(
    "plate", ["", "L-AB 1234", "THW-80123", "BP 19-456", "WÜ-Ä 1H", "1 ABC·234"]
)
def test_plates(workshop: Workshop, plate: str) -> None:
    assert errors(fill(workshop, arrival="car", vehicle_plate=plate)) == {}


@pytest.mark.parametrize("plate", ["L-AB-", "=1+1", "L_AB 1", "🚗", "L" * 21])
def test_what_is_no_plate(workshop: Workshop, plate: str) -> None:
    assert list(errors(fill(workshop, arrival="car", vehicle_plate=plate))) == ["vehicle_plate"]


def test_a_plate_is_forgotten_without_a_car(workshop: Workshop) -> None:
    form = fill(workshop, arrival="rail", vehicle_plate="L-AB 1")

    assert form.validate()
    assert details_from(form).vehicle_plate == ""


@pytest.mark.parametrize(
    ("field", "forged"),
    [
        *(("organisation_id", value) for value in ("0", "-1", "1e3", "9" * 40, "x")),
        *(("role", value) for value in ("organiser", "admin", "PARTICIPANT")),
        ("salutation", "dr"),
        ("arrival", "tank"),
        ("diet", "everything"),
        ("days", ["2001-01-01"]),
        ("days", ["heute"]),
        ("nights", ["2001-01-01"]),
        ("nights", ["x"]),
        ("arrival_time", "25:00"),
        ("arrival_time", "früh"),
    ],
)
def test_forged_choices_are_refused_at_their_field(
    workshop: Workshop, field: str, forged: Any
) -> None:
    found = errors(fill(workshop, **{field: forged}))

    assert list(found) == [field]
    assert "valid" not in found[field], "the message is German"


def test_another_workshops_organisation_is_refused(workshop: Workshop) -> None:
    foreign = make_workshop().organisations[0].id

    assert list(errors(fill(workshop, organisation_id=str(foreign)))) == ["organisation_id"]


def test_one_organisation_is_enough(workshop: Workshop) -> None:
    typed = fill(workshop, organisation_id="", other_organisation="Weißer Ring")

    assert errors(typed) == {}
    assert details_from(typed).other_organisation == "Weißer Ring"
    assert list(errors(fill(workshop, other_organisation="Weißer Ring"))) == ["other_organisation"]


def test_nights_follow_one_another(workshop: Workshop) -> None:
    nights = [workshop.starts_on - timedelta(days=1), workshop.ends_on]

    found = errors(fill(workshop, nights=[night.isoformat() for night in nights]))

    assert found == {"nights": "Wählen Sie aufeinanderfolgende Nächte."}


@pytest.mark.parametrize(
    "needs", [{"diet": "vegan"}, {"intolerances": "Nüsse"}, {"accessibility": "Rampe"}]
)
def test_needs_want_a_consent(workshop: Workshop, needs: dict[str, str]) -> None:
    assert list(errors(fill(workshop, **needs))) == ["consent_needs"]
    assert errors(fill(workshop, consent_needs="y", **needs)) == {}


def test_what_the_workshop_does_not_ask_is_not_there(ctx: object) -> None:
    quiet = make_workshop(asks_accommodation=False, asks_catering=False, asks_travel=False)
    form = DetailsForm(quiet, meta={"csrf": False})

    unasked = {"evening_event", "nights", "arrival", "arrival_time", "vehicle_plate"}
    assert not ({*unasked, "diet", "intolerances"} & set(form.data))
    filled = fill(quiet, nights=["x"], diet="vegan", vehicle_plate="L-A 1", arrival="car")
    assert errors(filled) == {}
    details = details_from(filled)
    assert (details.diet, details.arrival, details.room_from) == (Diet.NONE, Arrival.UNKNOWN, None)


def test_consents_show_the_workshops_wordings(workshop: Workshop) -> None:
    form = DetailsForm(workshop, data=data_for_new(workshop), meta={"csrf": False})

    assert form.consent_listing.label.text.startswith("Mein Name, meine Organisation")
    assert not any(form.data[f"consent_{kind.value}"] for kind in ConsentKind)
    assert form.days.data == [day.isoformat() for day in workshop.days]


def test_a_registration_fills_the_form_and_comes_back_unchanged(workshop: Workshop) -> None:
    workshop.evening_event = "Ratskeller"
    details = make_details(
        workshop,
        salutation=Salutation.MR,
        title="Prof.",
        phone="110",
        organisation_id=None,
        other_organisation="Weißer Ring",
        evening_event=True,
        room_from=workshop.starts_on,
        room_until=workshop.ends_on + timedelta(days=1),
        arrival=Arrival.CAR,
        arrival_time=time(8, 30),
        vehicle_plate="L-AB 1",
        diet=Diet.NO_PORK,
        accessibility="Rampe",
        consents=frozenset({ConsentKind.NEEDS, ConsentKind.MAILING}),
    )
    registration = make_registration(workshop, **details.__dict__)
    form = ChangeForm(workshop, data=data_from(registration), meta={"csrf": False})

    assert details_from(form) == details
    assert form.version.data == registration.version


def organisation(workshop: Workshop, name: str, domains: str) -> None:
    db.session.add(
        Organisation(
            workshop_id=workshop.id,
            kind="other",
            name=name,
            short_name=name,
            mail_domains=domains,
            position=99,
        )
    )
    db.session.flush()


@pytest.mark.parametrize(
    ("email", "names"),
    [
        ("a@polizei.sachsen.de", ["Polizei Sachsen"]),
        ("a@lka.polizei.sachsen.de", ["LKA Sachsen"]),
        ("a@pd-l.polizei.sachsen.de", ["Polizei Sachsen"]),
        ("a@notpolizei.sachsen.de", []),
        ("a@zoll.bund.de", ["Zoll (Generalzolldirektion)", "Zollkriminalamt"]),
        ("a@gmx.example", []),
        ("a@polizei-köln.example", ["Polizei Köln"]),
        ("a@xn--polizei-kln-zfb.example", ["Polizei Köln"]),
        ("a@pi.Polizei-Ko\u0308ln.example", ["Polizei Köln"]),
        ("a@polizei-koeln.example", []),
        ("", []),
    ],
)
def test_the_longest_domain_decides(workshop: Workshop, email: str, names: list[str]) -> None:
    organisation(workshop, "LKA Sachsen", "lka.sachsen.example lka.polizei.sachsen.de")
    organisation(workshop, "Polizei Köln", "polizei-köln.example")

    found = match_organisations(list_organisations(workshop.id), email)

    assert [o.name for o in found] == names


def test_one_fitting_organisation_is_chosen_several_stand_first(workshop: Workshop) -> None:
    def offered(email: str) -> OrganisationForm:
        form = OrganisationForm(workshop, meta={"csrf": False})
        form.choose_fitting(email)
        form.put_fitting_first(email)
        return form

    one, several = offered("a@bka.bund.de"), offered("a@zoll.bund.de")
    groups = [group for group, _choices in several.organisation_id.iter_groups()]
    names = [choice.label for choice in several.organisation_id.iter_choices()]
    assert one.organisation_id.data == next(
        o.id for o in workshop.organisations if o.name == "Bundeskriminalamt"
    )
    assert several.organisation_id.data is None
    assert groups[:3] == [None, "Passend zu Ihrer E-Mail-Adresse", "Länderpolizeien"]
    assert names[1:3] == ["Zoll (Generalzolldirektion)", "Zollkriminalamt"]
    assert len(names) == len(set(names)) == len(workshop.organisations) + 1


def test_the_organisation_is_shown_like_every_list(workshop: Workshop) -> None:
    field = OrganisationForm(workshop, meta={"csrf": False}).organisation_id

    # The macro of fields goes by the type: without it the list has no frame and no label.
    assert "kern-form-input__select-wrapper" in render_template_string(
        '{% from "macros/forms.html" import field %}{{ field(shown) }}', shown=field
    )
