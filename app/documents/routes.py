"""Papers as PDF."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, request
from flask_babel import force_locale
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rights import Right
from app.agenda.exports.routes import open_release
from app.documents.booklet import render_booklet, render_detailed_booklet
from app.documents.door_signs import Orientation, render_door_signs
from app.documents.forms import DoorSignForm
from app.documents.participant_list import ListKind, render_participant_list
from app.documents.programme import (
    PrintedProgramme,
    read_programme,
    render_detailed_programme,
    render_programme,
)
from app.documents.queries import participant_list as read_participant_list
from app.documents.shelf import Shelf
from app.extensions import db
from app.web.access import Audience, audience, needs
from app.web.downloads import PDF, give, give_unless_known
from app.workshops.current import current_workshop

bp = Blueprint("documents", __name__)
_shelf = Shelf()


@bp.get("/<slug>/desk/lists/<kind>.pdf")
@needs(Right.SEE_LISTS)
def participant_list(kind: str) -> Response:
    """A participant list as it is now, in German like all papers."""
    if kind not in set(ListKind):
        abort(404)
    slug = current_workshop.slug
    with force_locale("de"):
        data = read_participant_list(current_workshop, ListKind(kind))
        db.session.rollback()  # rendering takes a while and needs no database
        pdf = render_participant_list(data)
    name = f"{slug}-teilnahmeliste-{kind}.pdf"
    return give(pdf, PDF, name)


@bp.get("/<slug>/agenda.pdf")
@audience(Audience.EVERYONE)
def agenda_pdf() -> BaseResponse:
    """The released programme. `format=booklet` to be folded, `abstracts=1` with descriptions."""
    detailed = request.args.get("abstracts") == "1"
    make: Callable[[PrintedProgramme], bytes]
    if request.args.get("format") == "booklet":
        make, name = (render_detailed_booklet if detailed else render_booklet), "programm-a5"
    else:
        make, name = (render_detailed_programme if detailed else render_programme), "programm"
    return _of_release(lambda data: _shelf.take((make, data), lambda: make(data)), name)


@bp.get("/<slug>/desk/agenda/door-signs.pdf")
@needs(Right.READ_AGENDA)
def door_signs() -> BaseResponse:
    """Signs for the doors: of all days and rooms, or those that the address names."""
    form = DoorSignForm(request.args, meta={"csrf": False})

    def make(data: PrintedProgramme) -> bytes:
        form.offer(data)
        if not form.validate():
            abort(404)
        return render_door_signs(
            data,
            orientation=Orientation(form.orientation.data),
            on=form.chosen_day,
            room_id=form.chosen_room,
        )

    return _of_release(make, "tuerschilder")


def _of_release(make: Callable[[PrintedProgramme], bytes], name: str) -> BaseResponse:
    """What `make` makes of the shown release, in German like all papers."""
    slug = current_workshop.slug
    with force_locale("de"):
        data = read_programme(current_workshop, open_release())
        db.session.rollback()  # rendering takes a while and needs no database
        pdf = make(data)
    return give_unless_known(pdf, PDF, f"{slug}-{name}.pdf")
