"""The speakers at the desk: who they are, who can be reached, who has confirmed."""

import sqlalchemy as sa
from flask import abort, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from app.accounts.rights import Right
from app.agenda.models import SessionRole, Speaker
from app.extensions import db
from app.materials.queries import files_of_sessions
from app.registration.queries import find_registration
from app.speakers import service
from app.speakers.blueprint import bp
from app.speakers.directory import Listed, SpeakerState, list_known, list_speakers
from app.speakers.forms import InviteSpeakersForm, MergeForm, SpeakerForm, SpeakerRegistrationForm
from app.speakers.queries import find_speaker
from app.speakers.speaking import SpeakerAnswer
from app.web.access import needs
from app.web.commands import Page, answer, done, tell, to
from app.web.forms import Form
from app.workshops.current import current_workshop

STATES = {
    SpeakerState.REGISTERED: (_l("Registered"), "success"),
    SpeakerState.UNPROVED: (_l("Registered, not confirmed"), "warning"),
    SpeakerState.WAITING: (_l("Waiting list"), "warning"),
    SpeakerState.CANCELLED: (_l("Cancelled"), "danger"),
    SpeakerState.GUEST: (_l("Guest"), "plain"),
    SpeakerState.UNREACHABLE: (_l("Guest without address"), "warning"),
}
ANSWERS = {
    SpeakerAnswer.UNRELEASED: (_l("Not released"), "plain"),
    SpeakerAnswer.OPEN: (_l("Open"), "info"),
    SpeakerAnswer.CONFIRMED: (_l("Confirmed"), "success"),
    SpeakerAnswer.CONCERN: (_l("Does not suit"), "danger"),
}
ROLES = {SessionRole.SPEAKER: _l("Speaks"), SessionRole.CHAIR: _l("Chairs")}


@bp.get("/<slug>/desk/agenda/speakers")
@needs(Right.MANAGE_SPEAKERS)
def index() -> str:
    """All speakers, and what is to do about them."""
    speakers = list_speakers(current_workshop)
    return render_template(
        "speakers/index.html",
        speakers=speakers,
        suggested=[s for s in speakers if s.suggestion],
        states=STATES,
        answers=ANSWERS,
    )


@bp.get("/<slug>/desk/agenda/speakers/<int:speaker_id>")
@needs(Right.MANAGE_SPEAKERS)
def speaker(speaker_id: int) -> str:
    """One speaker, and what can be done."""
    return _show(speaker_id, SpeakerRegistrationForm(formdata=None))


@bp.route("/<slug>/desk/agenda/speakers/<int:speaker_id>/edit", methods=["GET", "POST"])
@needs(Right.MANAGE_SPEAKERS)
def edit(speaker_id: int) -> Page:
    """Change what is known of a speaker."""
    person = _get(speaker_id)
    names = ("name", "organisation", "email", "about", "version")
    form = SpeakerForm(data={name: getattr(person, name) for name in names})
    if person.registration_id is not None:
        del form.email
    if form.validate_on_submit() and done(
        form,
        lambda: service.change(
            person,
            version=form.seen,
            name=form.name.data,
            organisation=form.organisation.data or "",
            email=(form.email.data or "") if form.email else "",
            about=form.about.data or "",
        ),
    ):
        flash(_("“%(name)s” is saved.", name=person.name), "success")
        return _to(speaker_id)
    overtaken = form.is_submitted() and form.seen != person.version
    form.accept_version(person.version)
    return answer("speakers/edit.html", form, speaker=person, overtaken=overtaken)


@bp.post("/<slug>/desk/agenda/speakers/<int:speaker_id>/link")
@needs(Right.MANAGE_SPEAKERS)
def link(speaker_id: int) -> Page:
    """The speaker is the chosen participant."""
    person = _get(speaker_id)
    form = SpeakerRegistrationForm()
    if form.validate():
        chosen = form.registration_id.data
        found = find_registration(current_workshop.id, int(chosen)) if _is_id(chosen) else None
        if found is None:
            form.registration_id.errors = [_("Choose an entry of the list.")]
        elif done(form, lambda: service.link(person, found)):
            flash(_("%(name)s is linked with the registration.", name=person.name), "success")
            return _back(speaker_id)
    return _show(speaker_id, form), 422


@bp.post("/<slug>/desk/agenda/speakers/link-all")
@needs(Right.MANAGE_SPEAKERS)
def link_all() -> Response:
    """Link all whom the list suggests."""
    count = 0
    for listed in list_speakers(current_workshop):
        person = find_speaker(current_workshop.id, listed.id)
        known = listed.suggestion
        found = find_registration(current_workshop.id, known.id) if known else None
        if person is not None and found is not None:
            service.link(person, found)
            count += 1
    db.session.commit()
    words = ngettext("%(num)s person is linked.", "%(num)s people are linked.", count)
    flash(words, "success")
    return to("speakers.index")


@bp.post("/<slug>/desk/agenda/speakers/<int:speaker_id>/unlink")
@needs(Right.MANAGE_SPEAKERS)
def unlink(speaker_id: int) -> Response:
    """The speaker is not this participant after all."""
    service.unlink(_get(speaker_id))
    db.session.commit()
    flash(_("The link with the registration is undone."), "success")
    return _to(speaker_id)


@bp.route("/<slug>/desk/agenda/speakers/<int:speaker_id>/merge", methods=["GET", "POST"])
@needs(Right.MANAGE_SPEAKERS)
def merge(speaker_id: int) -> Page:
    """Two entries are one person: this one stays."""
    person = _get(speaker_id)
    form = MergeForm()
    form.offer(s for s in list_speakers(current_workshop) if s.id != speaker_id)
    if form.validate_on_submit():
        chosen = form.other_id.data
        other = find_speaker(current_workshop.id, int(chosen)) if _is_id(chosen) else None
        if other is None or other.id == speaker_id:
            form.other_id.errors = [_("Choose an entry of the list.")]
        elif done(form, lambda: service.merge(person, other)):
            flash(_("The two entries are one now."), "success")
            return _to(speaker_id)
    return answer("speakers/merge.html", form, speaker=person)


@bp.route("/<slug>/desk/agenda/speakers/<int:speaker_id>/delete", methods=["GET", "POST"])
@needs(Right.MANAGE_SPEAKERS)
def delete(speaker_id: int) -> Page:
    """Ask, then delete somebody without sessions."""
    person = _get(speaker_id)
    form = Form()
    if form.validate_on_submit() and done(form, lambda: service.delete(person)):
        flash(_("The entry is deleted."), "success")
        return to("speakers.index")
    return answer("speakers/delete.html", form, speaker=person)


@bp.post("/<slug>/desk/agenda/speakers/<int:speaker_id>/invite")
@needs(Right.MANAGE_SPEAKERS)
def invite(speaker_id: int) -> Response:
    """Mail the link to one."""
    person = _get(speaker_id)
    said = _("The personal link is on its way.")
    tell(lambda: service.invite(current_workshop, [person]), said)
    return _to(speaker_id)


@bp.route("/<slug>/desk/agenda/speakers/invite", methods=["GET", "POST"])
@needs(Right.MANAGE_SPEAKERS)
def invite_all() -> Page:
    """Mail the link to all who have none, or have not confirmed."""
    speakers = [s for s in list_speakers(current_workshop) if s.sessions]
    groups: dict[str, list[Listed]] = {
        "new": [s for s in speakers if s.is_reachable and s.invited_at is None],
        "open": [s for s in speakers if s.is_reachable and s.lacks_answer],
    }
    form = InviteSpeakersForm(
        data={"whom": "new" if groups["new"] or not groups["open"] else "open"}
    )
    form.whom.choices = [
        SelectChoice("new", _("Everybody who has no link yet (%(num)s)", num=len(groups["new"]))),
        SelectChoice("open", _("Everybody who has to confirm (%(num)s)", num=len(groups["open"]))),
    ]
    if form.validate_on_submit():
        return _invite_group(form, groups)
    unreachable = [s for s in speakers if not s.is_reachable]
    return answer("speakers/invite.html", form, unreachable=unreachable)


@bp.post("/<slug>/desk/agenda/speakers/<int:speaker_id>/settle/<int:session_id>")
@needs(Right.MANAGE_SPEAKERS)
def settle(speaker_id: int, session_id: int) -> Response:
    """What somebody said against a slot is dealt with."""
    service.settle(_get(speaker_id), session_id)
    db.session.commit()
    flash(_("The note is settled."), "success")
    return _to(speaker_id)


def _invite_group(form: InviteSpeakersForm, groups: dict[str, list[Listed]]) -> Response:
    ids = [listed.id for listed in groups[form.whom.data]]
    query = sa.select(Speaker).where(Speaker.id.in_(ids)).order_by(Speaker.id)
    try:
        count = service.invite(current_workshop, list(db.session.scalars(query)))
    except service.NoAddress:
        db.session.rollback()
        flash(_("There is nobody to write to."), "info")
    else:
        db.session.commit()
        flash(
            ngettext("%(num)s e-mail is on its way.", "%(num)s e-mails are on their way.", count),
            "success",
        )
    return to("speakers.index")


def _show(speaker_id: int, form: SpeakerRegistrationForm) -> str:
    listed = next((s for s in list_speakers(current_workshop) if s.id == speaker_id), None)
    if listed is None:
        abort(404)
    if listed.registration_id is None:
        form.offer(list_known(current_workshop.id))
    return render_template(
        "speakers/speaker.html",
        listed=listed,
        speaker=_get(speaker_id),
        form=form,
        files=files_of_sessions(s.session_id for s in listed.sessions),
        states=STATES,
        answers=ANSWERS,
        roles=ROLES,
    )


def _get(speaker_id: int) -> Speaker:
    return find_speaker(current_workshop.id, speaker_id) or abort(404)


def _is_id(text: str | None) -> bool:
    return bool(text) and str(text).isascii() and str(text).isdigit() and len(str(text)) < 10


def _to(speaker_id: int) -> Response:
    return to("speakers.speaker", speaker_id=speaker_id)


def _back(speaker_id: int) -> Response:
    """To the list, if the click was made there."""
    if request.args.get("list"):
        return to("speakers.index")
    return _to(speaker_id)
