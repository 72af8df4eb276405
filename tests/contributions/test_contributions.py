"""The call for contributions: proposing, discussing, and the answer that is edited first."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from app.accounts.models import Account
from app.agenda.draft.queries import list_tray
from app.agenda.models import AgendaSession, Speaker
from app.contributions import decisions, mails, service
from app.contributions.models import Call, Comment, Proposal, ProposalState, Score
from app.contributions.queries import get_call, list_proposals
from app.extensions import db, now
from app.outbox.models import Message
from app.outbox.service import draw_link
from app.privacy.service import delete_overdue
from app.refusals import ChangedMeanwhile
from app.registration import links
from app.registration import service as registrations
from app.registration.models import Registration, Status
from app.workshops.models import ConsentKind, Workshop
from tests.agenda.programme import add_topic
from tests.counting import counted_queries
from tests.factories import make_account, make_registration
from tests.pages import Visitor

Mails = Callable[[], list[Message]]


def set_call(workshop: Workshop, ends: timedelta = timedelta(days=7)) -> Call:
    made = service.change_call(
        workshop,
        service.CallDraft(
            opens_at=now() - timedelta(days=30),
            closes_at=now() + ends,
            intro="Wir suchen **Praxis**.",
            lengths=[20, 45],
        ),
        version=get_call(workshop.id).version,
    )
    db.session.commit()
    return made


@pytest.fixture
def person(workshop: Workshop) -> Registration:
    """Somebody who takes part."""
    return make_registration(workshop, first_name="Jürgen", last_name="Öz", email="oez@example.org")


@pytest.fixture
def call(workshop: Workshop) -> Call:
    """A call that is open."""
    return set_call(workshop)


def draft(**values: object) -> service.ProposalDraft:
    given = {"title": "Lage im Netz", "abstract": "Was *trägt*.", "minutes": 45, **values}
    return service.ProposalDraft(**given)  # type: ignore[arg-type]


@pytest.fixture
def proposal(person: Registration, call: Call) -> Proposal:
    """What the person proposes."""
    made = service.propose(person, draft(others="Ute Größe, LKA Beispielland"))
    db.session.commit()
    return made


def home(person: Registration) -> str:
    token = draw_link(links.LINK_PURPOSE, person.id)
    return f"/{person.workshop.slug}/registration/{token}"


def test_a_participant_proposes_changes_and_withdraws(
    workshop: Workshop, person: Registration, call: Call, visitor: Visitor
) -> None:
    topic = add_topic(workshop, "Kampagnen")
    page = visitor.get(f"/{workshop.slug}/")
    assert "über ihren persönlichen Link" in page.text(".split__side")
    own = home(person)
    assert "Schlagen Sie einen Beitrag vor." in visitor.get(own).text()
    page = visitor.get(f"{own}/contributions")
    assert page.texts(".prose strong") == ["Praxis"]
    form = visitor.get(f"{own}/contributions/new")
    bad = {"title": "A", "abstract": "", "minutes": "30", "speaks_self": None}
    page = visitor.submit(form, {**bad, "others": ""}, status=422)
    assert page.texts(".error-summary li") == [
        *("Beschreiben Sie es in wenigen Sätzen.", "Wählen Sie einen Eintrag aus der Liste.")
    ]
    page = visitor.submit(page, {"abstract": "<b>Text</b>", "minutes": "20"}, status=422)
    assert page.texts(".error-summary li") == ["Nennen Sie mindestens eine Person, die vorträgt."]
    page = visitor.submit(page, {"speaks_self": "y", "track_id": str(topic.id)})
    assert page.texts(".proposals li") == ["A 20 Minuten Eingereicht"]

    mine = page.one(".proposals a").get("href")
    page = visitor.submit(visitor.get(mine), {"title": "Ä & B", "minutes": "45"})
    assert page.texts(".proposals li") == ["Ä & B 45 Minuten Eingereicht"]
    page = visitor.submit(visitor.get(f"{mine}/withdraw"))
    assert page.texts(".proposals li") == ["Ä & B 45 Minuten Zurückgezogen"]
    page = visitor.get(mine)
    assert page.all("main form") == []
    assert visitor.get(f"{mine}/withdraw").path.endswith("/contributions")
    assert "<b>Text</b>" in page.text(".prose")
    visitor.submit(form, {**bad, "abstract": "x", "minutes": "20", "speaks_self": "y"})


def test_proposals_belong_to_those_who_made_them(
    workshop: Workshop, proposal: Proposal, visitor: Visitor
) -> None:
    other = home(make_registration(workshop))
    for path in ("", "/withdraw"):
        visitor.get(f"{other}/contributions/{proposal.id}{path}", status=404)


def test_nothing_is_taken_before_after_or_from_strangers(
    workshop: Workshop, person: Registration, visitor: Visitor
) -> None:
    with pytest.raises(service.CallClosed):
        service.propose(person, draft())
    page = visitor.get(f"{home(person)}/contributions/new")
    assert "derzeit nicht angenommen" in page.text(".alert")
    set_call(workshop)
    form = visitor.get(f"{home(person)}/contributions/new")
    made = service.propose(person, draft())
    for state in (Status.HELD, Status.CANCELLED):
        with pytest.raises(service.NotTakingPart):
            service.propose(make_registration(workshop, status=state), draft())
    service.propose(make_registration(workshop, status=Status.WAITING), draft())

    set_call(workshop, timedelta(seconds=-1))

    sent = {"title": "Zu spät", "abstract": "x", "minutes": "20"}
    page = visitor.submit(form, sent, status=422)
    assert page.text(".error-summary li") == "Vorschläge werden derzeit nicht angenommen."
    assert page.form_values()["title"] == ["Zu spät"]
    with pytest.raises(service.CallClosed):
        service.withdraw(person, made.id)
    assert f"/{workshop.slug}/registration/" in visitor.get(f"{home(person)}/contributions").path


def test_rules_of_proposing(workshop: Workshop, person: Registration, proposal: Proposal) -> None:
    for wrong in ({"minutes": 30}, {"track_id": 4711}):
        with pytest.raises(service.NotOffered):
            service.propose(person, draft(**wrong))
    for _ in range(service.MOST - 1):
        service.propose(person, draft())
    with pytest.raises(service.TooMany):
        service.propose(person, draft())
    seen = proposal.version
    service.change(person, proposal.id, draft(title="Neu"), version=seen)
    with pytest.raises(ChangedMeanwhile):
        service.change(person, proposal.id, draft(), version=seen)


def test_the_call_is_set_up_at_the_desk(workshop: Workshop, organiser: Visitor) -> None:
    url = f"/{workshop.slug}/desk/agenda/contributions/call"
    form = organiser.get(url)
    typed = {"opens_at": "2026-06-01T09:00", "closes_at": "2026-06-01T09:00", "lengths": "20, x"}
    page = organiser.submit(form, typed, status=422)
    assert page.text("#lengths-error").startswith("Geben Sie Minuten von 5 bis 480 ein")
    page = organiser.submit(page, {"lengths": "45 20, 45"}, status=422)
    assert page.text("#closes_at-error") == "Das Ende muss nach dem Beginn liegen."
    organiser.submit(page, {"closes_at": "2026-12-24T18:00", "intro": "Hallo"})

    call = get_call(workshop.id)
    assert (call.lengths, call.intro) == ([20, 45], "Hallo")
    assert call.opens_at == datetime(2026, 6, 1, 9, tzinfo=workshop.zone)
    page = organiser.submit(form, {**typed, "closes_at": "", "lengths": "30"}, status=422)
    assert "inzwischen" in page.text(".error-summary")


def test_organisers_score_and_discuss(
    workshop: Workshop, proposal: Proposal, organiser: Visitor
) -> None:
    colleague = make_account()
    decisions.score(proposal, colleague.id, 4)
    decisions.comment(proposal, colleague.id, "Sehr <gut>")
    db.session.commit()
    desk = f"/{workshop.slug}/desk/agenda/contributions"
    page = organiser.get(desk)
    assert "Zu 1 Vorschlag fehlt Ihre Bewertung." in page.text()
    assert page.texts("tbody td")[2:4] == ["4,0Ihre fehlt", "1"]

    page = organiser.get(page.one("tbody a").get("href"))
    assert "Anmeldung: " not in page.text()
    assert page.texts(".discussion__text") == ["Sehr <gut>"]
    page = organiser.submit(page, {"score": "9"}, form="form[action$=score]", status=422)
    assert page.text("#score-error") == "Wählen Sie einen Eintrag aus der Liste."
    page = organiser.submit(page, {"score": "5"}, form="form[action$=score]")
    assert "4,5 von 5, aus 2 Bewertungen" in page.text()
    page = organiser.submit(page, {"score": "1"}, form="form[action$=score]")
    assert "2,5 von 5, aus 2 Bewertungen" in page.text()
    page = organiser.submit(page, {"score": ""}, form="form[action$=score]")
    assert "4,0 von 5, aus 1 Bewertung" in page.text()
    page = organiser.submit(page, {"text": " "}, form="form[action$=comments]", status=422)
    assert page.text("#text-error") == "Schreiben Sie zuerst einen Kommentar."
    page = organiser.submit(page, {"text": "Ja"}, form="form[action$=comments]")
    assert page.texts(".discussion__text") == ["Sehr <gut>", "Ja"]
    assert page.texts(".discussion .muted")[0].startswith("Erika Beispiel, ")
    registrations.cancel(proposal.registration)
    for url in (desk, page.path):
        assert "Anmeldung: Storniert" in organiser.get(url).text()
    proposal.registration.status = Status.EXPIRED
    db.session.commit()
    assert "Anmeldung: Verfallen" in organiser.get(page.path).text()


def test_an_accepted_proposal_lies_in_the_tray_and_its_mail_says_what_was_typed(
    workshop: Workshop, person: Registration, proposal: Proposal, organiser: Visitor, mails: Mails
) -> None:
    url = f"/{workshop.slug}/desk/agenda/contributions/{proposal.id}"
    page = organiser.get(f"{url}/accept")
    assert page.form_values()["subject"] == ["Ihr Vorschlag ist angenommen"]
    assert "„Lage im Netz“" in page.form_values()["body"][0]
    page = organiser.submit(page, {"subject": "", "body": ""}, status=422)
    assert len(page.errors()) == 2
    body = "Hallo!\n\n- <b>eins</b>\n\n[Klick](http://example.org/x)\n\n# {{ 7*7 }} [[link]]"
    page = organiser.submit(page, {"subject": "Ja", "body": body})

    assert "liegt in der Ablage" in page.text(".alert")
    session = list_tray(workshop.id)[0]
    assert (session.title, session.minutes, session.abstract) == (
        "Lage im Netz",
        45,
        "Was *trägt*.",
    )
    assert [(p.speaker.name, p.speaker.registration_id) for p in session.people] == [
        *(("Jürgen Öz", person.id), ("Ute Größe", None))
    ]
    sent = mails()[-1]
    assert (sent.recipient, sent.subject) == ("oez@example.org", f"{workshop.title}: Ja")
    assert sent.link_path == f"/{workshop.slug}/registration/{{token}}/contributions"
    assert "# {{ 7*7 }} [ [link] ]" in sent.text
    assert sent.html.count("<a ") == 2  # the button, and its address beside it
    assert "&lt;b&gt;eins" in sent.html
    assert organiser.get(url).all("a[href$='/accept'], a[href$='/decline']") == []


def test_of_two_organisers_the_second_is_told(
    workshop: Workshop, proposal: Proposal, organiser: Visitor, mails: Mails
) -> None:
    url = f"/{workshop.slug}/desk/agenda/contributions/{proposal.id}"
    late, early = organiser.get(f"{url}/accept"), organiser.get(f"{url}/decline")
    service.change(proposal.registration, proposal.id, draft(title="Anders"), version=1)
    page = organiser.submit(early, status=422)
    assert "wurde inzwischen geändert" in page.text(".error-summary")
    organiser.submit(page, button="quiet")
    assert mails() == []
    assert list_tray(workshop.id) == []
    assert db.session.get(Proposal, proposal.id, populate_existing=True)

    # A declined proposal can be accepted after all; accepted ones stay.
    page = organiser.submit(late, status=422)
    assert "wurde inzwischen geändert" in page.text(".error-summary")
    organiser.submit(page, button="quiet")
    page = organiser.submit(early, status=422)
    assert "Erika Beispiel hat diesen Vorschlag inzwischen angenommen" in page.text()
    organiser.submit(late, status=422)
    assert len(list_tray(workshop.id)) == 1


def test_a_speaker_whom_the_agenda_knows_is_not_made_twice(
    workshop: Workshop, person: Registration, call: Call
) -> None:
    account = make_account()
    db.session.add(
        Speaker(workshop_id=workshop.id, name="Jürgen Öz", organisation=person.organisation_name)
    )
    for _ in range(2):
        made = service.propose(person, draft())
        decisions.accept(workshop, made.id, version=made.version, account_id=account.id)

    found = db.session.scalars(sa.select(Speaker)).one()
    assert found.registration_id == person.id


def test_letters_are_german_whoever_decides(proposal: Proposal) -> None:
    with force_locale("en"):
        for state, first in (
            (ProposalState.ACCEPTED, "wir nehmen Ihren Vorschlag „Lage im Netz“ gern"),
            (ProposalState.DECLINED, "wir können Ihren Vorschlag „Lage im Netz“ diesmal"),
        ):
            letter = mails.suggest(proposal, state)
            assert letter.body.startswith(f"Guten Tag Jürgen Öz,\n\n{first}")


def test_proposals_are_deleted_with_the_contacts(workshop: Workshop, call: Call) -> None:
    invited = make_registration(workshop, consents=frozenset({ConsentKind.MAILING}))
    account: Account = make_account()
    kept = service.propose(invited, draft())
    decisions.score(kept, account.id, 3)
    decisions.comment(kept, account.id, "Frau Muster kennt das gut")
    decisions.accept(workshop, kept.id, version=kept.version, account_id=account.id)
    end = workshop.ends_on
    assert "proposals" not in delete_overdue(workshop, end + timedelta(days=6 * 31))

    deleted = delete_overdue(workshop, end + timedelta(days=6 * 31 + 1))

    assert deleted["proposals"] == 1
    for model in (Proposal, Score, Comment):
        assert db.session.scalars(sa.select(model)).all() == []
    assert db.session.scalars(sa.select(AgendaSession)).one().title == "Lage im Netz"


def test_the_list_asks_the_database_as_often_whatever_it_holds(
    workshop: Workshop, call: Call
) -> None:
    account = make_account()
    counts = []
    for _ in range(2):
        for _ in range(3):
            made = service.propose(make_registration(workshop), draft())
            decisions.score(made, account.id, 5)
        db.session.commit()
        with counted_queries() as queries:
            for line in list_proposals(workshop.id, account.id):
                assert line.proposal.registration.organisation_name
        counts.append(len(queries))
        assert line.own_score == 5
    assert counts[0] == counts[1] <= 4
