"""One's own agenda behind the personal link: picks, seats, wishes, calendar."""

from collections.abc import Callable

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.agenda.exports.calendar import personal_calendar
from app.agenda.releases.service import shown_content
from app.agenda.timetable import make_days
from app.agenda.words import kind_labels
from app.extensions import db
from app.feedback.queries import open_for
from app.materials.queries import files_for_participants
from app.refusals import Refused
from app.registration.models import Registration, Status
from app.registration.own import holder_of
from app.signup import service
from app.signup.blueprint import bp
from app.signup.forms import WishForm
from app.signup.offers import Deed, Offer, make_offers
from app.signup.programme import Programme, WishBlock, find_programme
from app.signup.queries import own_of
from app.signup.wishes import set_wishes
from app.web.access import Audience, audience
from app.web.commands import Page, answer, done, to
from app.web.downloads import CALENDAR, give
from app.workshops.current import current_workshop


@bp.get("/<slug>/registration/<token>/agenda")
@audience(Audience.LINK_HOLDER)
def programme(token: str) -> Page:
    """The released agenda with what this person has in it; `?mine=1` leaves the rest out."""
    registration = _active(token)
    found = find_programme(current_workshop)
    offers = make_offers(found, registration) if found else {}
    only_mine = request.args.get("mine") == "1"
    slots = [offer.slot for offer in offers.values() if offer.is_mine or not only_mine]
    return render_template(
        "signup/programme.html",
        token=token,
        is_confirmed=registration.status is Status.CONFIRMED,
        programme=found,
        offers=offers,
        only_mine=only_mine,
        days=make_days(slots),
        to_wish=_to_wish(found, offers) if found else [],
        files=files_for_participants(slots),
        to_judge=open_for(registration, slots),
        kinds=kind_labels(),
    )


@bp.get("/<slug>/registration/<token>/agenda/<int:session_id>")
@audience(Audience.LINK_HOLDER)
def session(token: str, session_id: int) -> Page:
    """A session, and whether one takes part."""
    return _show_session(token, _active(token), session_id)


@bp.get("/<slug>/registration/<token>/agenda.ics")
@audience(Audience.LINK_HOLDER)
def calendar(token: str) -> Response:
    """What is sure of one's own agenda, for calendars: seats, picks, and what all attend.

    What was picked and is cancelled is in it too, so that it leaves the calendar.
    """
    registration = _active(token)
    content = shown_content(current_workshop) or abort(404)
    found = find_programme(current_workshop) or abort(404)
    offers = make_offers(found, registration)
    chosen = {session_id for session_id, offer in offers.items() if offer.is_in_calendar}
    file = personal_calendar(current_workshop, content, chosen | own_of(registration).picks)
    return give(file, CALENDAR, f"{current_workshop.slug}-agenda.ics", to_save=True)


@bp.post("/<slug>/registration/<token>/agenda/<int:session_id>/pick")
@audience(Audience.LINK_HOLDER)
def pick(token: str, session_id: int) -> Page:
    """Mark a session for one's own agenda."""
    return _act(token, session_id, service.pick)


@bp.post("/<slug>/registration/<token>/agenda/<int:session_id>/unpick")
@audience(Audience.LINK_HOLDER)
def unpick(token: str, session_id: int) -> Page:
    """Take the mark away."""
    return _act(token, session_id, service.unpick)


@bp.post("/<slug>/registration/<token>/agenda/<int:session_id>/sign-up")
@audience(Audience.LINK_HOLDER)
def sign_up(token: str, session_id: int) -> Page:
    """Take a seat or the last place in line."""
    return _act(token, session_id, service.sign_up)


@bp.post("/<slug>/registration/<token>/agenda/<int:session_id>/sign-off")
@audience(Audience.LINK_HOLDER)
def sign_off(token: str, session_id: int) -> Page:
    """Give a seat or a place in line back."""
    return _act(token, session_id, service.sign_off)


@bp.post("/<slug>/registration/<token>/agenda/<int:session_id>/swap")
@audience(Audience.LINK_HOLDER)
def swap(token: str, session_id: int) -> Page:
    """Take a seat here, and give up those that stand in the way."""
    return _act(token, session_id, service.swap)


@bp.route("/<slug>/registration/<token>/agenda/<int:session_id>/wishes", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
def wishes(token: str, session_id: int) -> Page:
    """First and second choice within the block of a session."""
    registration = _active(token)
    found = find_programme(current_workshop)
    block = found.block_of(session_id) if found else None
    if found is None or block is None or registration.status is not Status.CONFIRMED:
        return to("signup.session", token=token, session_id=session_id)
    own = own_of(registration).wishes
    form = WishForm(block, {id_: own[id_] for id_ in block.session_ids & own.keys()})
    if form.validate_on_submit() and done(
        form,
        lambda: set_wishes(
            registration,
            session_id,
            first=form.first.data,
            second=form.second.data,
            any_other=form.any_other.data,
        ),
    ):
        return _back(token, block.key)
    return answer("signup/wishes.html", form, token=token, block=block, programme=found)


def _act(token: str, session_id: int, command: Callable[[Registration, int], object]) -> Page:
    """Do it and lead back to where the button was; a refusal is told on the session's page."""
    registration = _active(token)
    try:
        command(registration, session_id)
    except Refused as refusal:
        db.session.rollback()
        return _show_session(token, registration, session_id, refusal)
    db.session.commit()
    if request.form.get("from") == "session":
        return to("signup.session", token=token, session_id=session_id)
    return _back(token, session_id)


def _back(token: str, session_id: int) -> Response:
    mine = "1" if request.form.get("from") == "mine" else None
    anchor = f"session-{session_id}"
    target = url_for("signup.programme", token=token, mine=mine, _anchor=anchor)
    return redirect(target, 303)


def _to_wish(programme: Programme, offers: dict[int, Offer]) -> list[WishBlock]:
    """The blocks that still wait for this person's wishes."""
    return [
        block
        for block in programme.blocks
        if offers[block.key].deed is Deed.WISH
        and not any(offers[session_id].wish for session_id in block.session_ids)
    ]


def _show_session(
    token: str, registration: Registration, session_id: int, refusal: Refused | None = None
) -> Page:
    found = find_programme(current_workshop)
    offer = make_offers(found, registration).get(session_id) if found else None
    if found is None or offer is None:
        abort(404)
    page = render_template(
        "signup/session.html",
        token=token,
        offer=offer,
        block=found.block_of(session_id),
        is_confirmed=registration.status is Status.CONFIRMED,
        refusal=refusal,
        swaps=_swaps(found, offer, refusal),
        about=found.abouts,
        files=files_for_participants([offer.slot]).get(session_id, ()),
        may_judge=session_id in open_for(registration, [offer.slot]),
        kinds=kind_labels(),
    )
    return (page, 422) if refusal else page


def _swaps(programme: Programme, offer: Offer, refusal: Refused | None) -> bool:
    """Whether to offer giving up what stands in the way: only where that gets a seat."""
    return (
        isinstance(refusal, service.Clash)
        and bool(refusal.others)
        and not any(programme.has_begun(other) for other in refusal.others)
        and offer.free != 0
        and not offer.waiting
    )


def _active(token: str) -> Registration:
    registration = holder_of(token)
    if not registration.is_active:
        abort(make_response(render_template("signup/not_active.html", token=token), 403))
    return registration
