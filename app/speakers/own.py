"""A speaker's own page, opened by the personal link. Looking never acts: scanners open links."""

from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.agenda.draft.queries import find_session
from app.agenda.models import SessionRole, Speaker
from app.extensions import db, now
from app.feedback.forms import RATINGS
from app.feedback.queries import is_asked, results_of
from app.materials import service as file_commands
from app.materials.downloads import download, find_file
from app.materials.forms import UploadForm
from app.materials.models import SessionFile
from app.materials.queries import files_of_sessions
from app.materials.sending import keep_sent_file
from app.outbox.service import find_link_subject
from app.registration import links as personal_links
from app.speakers import service
from app.speakers.blueprint import bp
from app.speakers.forms import ConcernForm, TextForm
from app.speakers.links import LINK_PURPOSE
from app.speakers.queries import find_speaker, find_speaker_of
from app.speakers.speaking import SpeakerAnswer, Speaking, speaking_of
from app.web.access import Audience, audience
from app.web.commands import Page, answer, done, tell, to
from app.web.forms import Form
from app.web.uploads import in_megabytes, largest_file, takes_file
from app.workshops.current import current_workshop

ROLES = {SessionRole.SPEAKER: _l("You speak"), SessionRole.CHAIR: _l("You chair")}


@bp.get("/<slug>/speaker/<token>")
@audience(Audience.LINK_HOLDER)
def own(token: str) -> str:
    """What is asked of the speaker, and their sessions."""
    speaker, is_registered = _holder(token)
    sessions = _sessions(speaker)
    at = now()
    return render_template(
        "speakers/own.html",
        token=token,
        speaker=speaker,
        is_registered=is_registered,
        sessions=sessions,
        files=files_of_sessions(s.session_id for s in sessions),
        ended={s.session_id for s in sessions if s.has_ended(at)},
        results=results_of(s.session_id for s in sessions if _is_rated(s, at)),
        ratings=RATINGS,
        to_confirm=sum(s.answer is SpeakerAnswer.OPEN and not s.has_ended(at) for s in sessions),
        is_over=_is_over(),
        roles=ROLES,
    )


@bp.post("/<slug>/speaker/<token>/sessions/<int:session_id>/confirm")
@audience(Audience.LINK_HOLDER)
def confirm_slot(token: str, session_id: int) -> Response:
    """The slot suits."""
    speaker, _is_registered = _holder(token)
    slot = _session(speaker, session_id).slot
    seen = request.form.get("slot", "")
    tell(lambda: service.confirm(speaker, slot, seen=seen), _("Thank you. Your slot is confirmed."))
    return _to_own(token)


@bp.route("/<slug>/speaker/<token>/sessions/<int:session_id>/concern", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
def object_to_slot(token: str, session_id: int) -> Page:
    """The slot does not suit."""
    speaker, _is_registered = _holder(token)
    session = _session(speaker, session_id)
    if session.slot is None or not session.in_draft or session.has_ended(now()):
        return _to_own(token)
    form = ConcernForm(data={"text": session.concern})
    if form.validate_on_submit():
        service.object_to(current_workshop, speaker, session.slot, form.text.data)
        db.session.commit()
        flash(_("Your message is on its way to the organisers."), "success")
        return _to_own(token)
    return answer("speakers/concern.html", form, token=token, session=session)


@bp.route("/<slug>/speaker/<token>/sessions/<int:session_id>/text", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
def change_abstract(token: str, session_id: int) -> Page:
    """Correct the description of one's own session, in the draft."""
    speaker, _is_registered = _holder(token)
    speaking = _session(speaker, session_id)
    session = find_session(current_workshop.id, session_id)
    if session is None or not speaking.in_draft or not speaking.speaks or _is_over():
        return _to_own(token)
    form = TextForm(_("Description"), data=_shown(session.abstract))
    if form.validate_on_submit() and done(
        form,
        lambda: service.change_abstract(session, speaker, form.text.data, seen=form.seen.data),
    ):
        flash(_("Your text is saved. It appears with the next release of the agenda."), "success")
        return _to_own(token)
    return _text_page(form, token, session.abstract, session=speaking)


@bp.route("/<slug>/speaker/<token>/about", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
def change_about(token: str) -> Page:
    """Correct what is said about oneself; the pages of one's sessions show it at once."""
    speaker, _is_registered = _holder(token)
    if _is_over():
        return _to_own(token)
    form = TextForm(_("Your profile"), data=_shown(speaker.about))
    if form.validate_on_submit() and done(
        form, lambda: service.change_about(speaker, form.text.data, seen=form.seen.data)
    ):
        flash(_("Your text is saved."), "success")
        return _to_own(token)
    return _text_page(form, token, speaker.about)


@bp.route("/<slug>/speaker/<token>/sessions/<int:session_id>/files", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
@takes_file
def own_files(token: str, session_id: int) -> Page:
    """The files of one's session, and one more."""
    speaker, _is_registered = _holder(token)
    if not _session(speaker, session_id).in_draft:
        return _to_own(token)
    form = UploadForm.of_request()
    if form.validate_on_submit() and keep_sent_file(form, current_workshop.id, session_id, speaker):
        return to("speakers.own_files", token=token, session_id=session_id)
    return files_page(form, token, session_id, 422 if form.is_submitted() else 200)


@bp.get("/<slug>/speaker/<token>/files/<int:file_id>")
@audience(Audience.LINK_HOLDER)
def own_file(token: str, file_id: int) -> Response:
    """A file of one's session."""
    speaker, _is_registered = _holder(token)
    file = find_file(current_workshop.id, file_id)
    _session(speaker, file.session_id)
    return download(file)


@bp.route("/<slug>/speaker/<token>/files/<int:file_id>/delete", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
def delete_own_file(token: str, file_id: int) -> Page:
    """Ask, then delete a file that one has uploaded."""
    speaker, _is_registered = _holder(token)
    file = _own_file(speaker, file_id)
    back = url_for("speakers.own_files", token=token, session_id=file.session_id)
    form = Form()
    if form.validate_on_submit():
        file_commands.delete_file(file)
        db.session.commit()
        flash(_("The file is deleted."), "success")
        return redirect(back, 303)
    return render_template("speakers/delete_own_file.html", form=form, file=file, back=back)


def _holder(token: str) -> tuple[Speaker, bool]:
    """The speaker whose link it is, and whether it is a participant's. Ends with 404 if none."""
    registration_id = find_link_subject(personal_links.LINK_PURPOSE, token)
    if registration_id is not None:
        return find_speaker_of(current_workshop.id, registration_id) or abort(404), True
    speaker_id = find_link_subject(LINK_PURPOSE, token)
    speaker = find_speaker(current_workshop.id, speaker_id) if speaker_id else None
    return speaker or abort(404), False


def _sessions(speaker: Speaker) -> tuple[Speaking, ...]:
    return speaking_of(current_workshop, [speaker.id]).get(speaker.id, ())


def _session(speaker: Speaker, session_id: int) -> Speaking:
    found = [s for s in _sessions(speaker) if s.session_id == session_id]
    return found[0] if found else abort(404)


def _own_file(speaker: Speaker, file_id: int) -> SessionFile:
    file = find_file(current_workshop.id, file_id)
    return file if file.speaker_id == speaker.id else abort(404)


def _is_rated(session: Speaking, at: datetime) -> bool:
    """Whether participants are asked about the session by now."""
    return session.slot is not None and session.has_ended(at) and is_asked(session.slot.kind)


def _is_over() -> bool:
    return now().astimezone(current_workshop.zone).date() > current_workshop.ends_on


def _shown(text: str) -> dict[str, str]:
    return {"text": text, "seen": service.fingerprint(text)}


def _text_page(form: TextForm, token: str, stored: str, session: Speaking | None = None) -> Page:
    """The form; if somebody else has changed the text meanwhile, with what is stored now."""
    now_stored = service.fingerprint(stored)
    overtaken = form.is_submitted() and form.seen.data != now_stored
    form.accept(now_stored)  # whoever saves again has seen it
    shown = stored if overtaken else None
    return answer("speakers/text.html", form, token=token, session=session, stored=shown)


def files_page(form: UploadForm, token: str, session_id: int, status: int) -> Page:
    """The files of a speaker's session, with the form for one more."""
    speaker, _is_registered = _holder(token)
    page = render_template(
        "speakers/own_files.html",
        form=form,
        token=token,
        speaker=speaker,
        session=_session(speaker, session_id),
        files=files_of_sessions([session_id]).get(session_id, ()),
        largest=largest_file(),
        largest_mb=in_megabytes(largest_file()),
    )
    return page, status


def _to_own(token: str) -> Response:
    return to("speakers.own", token=token)
