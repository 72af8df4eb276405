"""Files of sessions at the desk, and for participants after the session."""

from typing import Any

from flask import Blueprint, abort, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from app.accounts.rights import Right
from app.agenda.draft.queries import find_session
from app.agenda.models import AgendaSession
from app.agenda.releases.service import find_released_agenda
from app.extensions import db
from app.materials import service as commands
from app.materials.downloads import download, find_file
from app.materials.forms import UploadForm
from app.materials.queries import files_for_participants, files_of_sessions
from app.materials.sending import keep_sent_file, too_large_form
from app.registration.models import Status
from app.registration.own import holder_of
from app.web.access import Audience, audience, may_open, needs
from app.web.commands import Page, to
from app.web.errors import error_page
from app.web.forms import Form
from app.web.uploads import in_megabytes, largest_file, takes_file
from app.workshops.current import current_workshop

bp = Blueprint("materials", __name__)


@bp.get("/<slug>/registration/<token>/materials/<int:file_id>")
@audience(Audience.LINK_HOLDER)
def material(token: str, file_id: int) -> Response:
    """A file for those who take part: after the session, or once the organisers share it."""
    registration = holder_of(token)
    file = find_file(current_workshop.id, file_id)
    agenda = find_released_agenda(current_workshop)
    if registration.status is not Status.CONFIRMED or agenda is None:
        abort(404)
    slots = [slot for day in agenda.days for slot in day.slots if slot.id == file.session_id]
    opened = files_for_participants(slots).get(file.session_id, ())
    if file.id not in {info.id for info in opened}:
        abort(404)
    return download(file)


@bp.route("/<slug>/desk/agenda/sessions/<int:session_id>/files", methods=["GET", "POST"])
@needs(Right.MANAGE_SPEAKERS)
@takes_file
def session_files(session_id: int) -> Page:
    """The files of a session, and one more."""
    _session(session_id)
    form = UploadForm.of_request()
    if form.validate_on_submit() and keep_sent_file(form, current_workshop.id, session_id, None):
        return _to(session_id)
    return _files_page(form, session_id, 422 if form.is_submitted() else 200)


@bp.get("/<slug>/desk/agenda/files/<int:file_id>")
@needs(Right.MANAGE_SPEAKERS)
def session_file(file_id: int) -> Response:
    """A file, to look at before it is shared."""
    return download(find_file(current_workshop.id, file_id))


@bp.post("/<slug>/desk/agenda/files/<int:file_id>/share")
@needs(Right.MANAGE_SPEAKERS)
def share_file(file_id: int) -> Response:
    """Give a file to participants before the session's end, or no longer."""
    file = find_file(current_workshop.id, file_id)
    commands.share(file, shared=request.form.get("shared") == "1")
    db.session.commit()
    return _to(file.session_id)


@bp.route("/<slug>/desk/agenda/files/<int:file_id>/delete", methods=["GET", "POST"])
@needs(Right.MANAGE_SPEAKERS)
def delete_file(file_id: int) -> Page:
    """Ask, then delete a file."""
    file = find_file(current_workshop.id, file_id)
    session_id = file.session_id
    form = Form()
    if form.validate_on_submit():
        commands.delete_file(file)
        db.session.commit()
        flash(_("The file is deleted."), "success")
        return _to(session_id)
    return render_template("materials/delete_file.html", form=form, file=file)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Any:
    """Far too large a file is not read at all; the page where it was chosen says so."""
    db.session.rollback()
    # It comes before the guard has asked who this is.
    if request.endpoint == "materials.session_files" and may_open(request.endpoint):
        return _files_page(too_large_form(), (request.view_args or {})["session_id"], 413)
    return error_page(413)


def _files_page(form: UploadForm, session_id: int, status: int) -> Page:
    """The files of a session, with the form for one more."""
    page = render_template(
        "materials/session_files.html",
        form=form,
        session=_session(session_id),
        files=files_of_sessions([session_id]).get(session_id, ()),
        largest=largest_file(),
        largest_mb=in_megabytes(largest_file()),
    )
    return page, status


def _session(session_id: int) -> AgendaSession:
    return find_session(current_workshop.id, session_id) or abort(404)


def _to(session_id: int) -> Response:
    return to("materials.session_files", session_id=session_id)
