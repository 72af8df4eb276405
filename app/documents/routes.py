"""Papers as PDF."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, Response, abort, request
from flask_babel import force_locale
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rights import Right
from app.agenda.exports.routes import open_release
from app.documents.booklet import render_booklet, render_detailed_booklet
from app.documents.door_signs import Orientation, render_door_signs
from app.documents.forms import DoorSignForm
from app.documents.lists import ListKind, render_list
from app.documents.programme import (
    PrintedProgramme,
    read_programme,
    render_detailed_programme,
    render_programme,
)
from app.documents.queries import is_offered, read_list
from app.documents.shelf import Shelf
from app.extensions import db
from app.web.access import Audience, audience, needs
from app.web.downloads import PDF, XLSX, give, give_unless_known
from app.workshops.current import current_workshop

bp = Blueprint("documents", __name__)
_shelf = Shelf()
_FILE_NAMES = {
    ListKind.INTERNAL: "teilnahmeliste-internal",
    ListKind.HANDOUT: "teilnahmeliste-handout",
    ListKind.SIGNATURE: "unterschriftenliste",
    ListKind.GATE: "einlassliste",
    ListKind.HOTEL: "hotelliste",
    ListKind.CATERING: "verpflegung",
}


@bp.get("/<slug>/desk/lists/<any(internal, handout, signature, gate):kind>.<any(pdf, xlsx):file>")
@needs(Right.SEE_LISTS)
def participant_list(kind: str, file: str) -> Response:
    """A list for those on site; `day=2026-12-04` chooses one day of the signature list."""
    return _list(ListKind(kind), file)


@bp.get("/<slug>/desk/lists/<any(hotel, catering):kind>.<any(pdf, xlsx):file>")
@needs(Right.SEE_PARTICIPANTS)
def suppliers_list(kind: str, file: str) -> Response:
    """A list that organisers send to those whom they order from."""
    return _list(ListKind(kind), file)


def _list(kind: ListKind, file: str) -> Response:
    """The list as it is now, in German like all papers."""
    if not is_offered(current_workshop, kind):
        abort(404)
    on = _chosen_day() if kind is ListKind.SIGNATURE else None
    name = f"{current_workshop.slug}-{_FILE_NAMES[kind]}{f'-{on}' if on else ''}"
    with force_locale("de"):
        data = read_list(current_workshop, kind, on)
        db.session.rollback()  # making it takes a while and needs no database
        if file == "xlsx":
            from app.documents.workbook import write_workbook  # heavy, and needed by few pages

            return give(write_workbook(data), XLSX, f"{name}.xlsx", to_save=True)
        return give(render_list(data), PDF, f"{name}.pdf")


def _chosen_day() -> date | None:
    """The day of the workshop that the address names, if it names one."""
    asked = request.args.get("day", "")
    days = {day.isoformat(): day for day in current_workshop.days}
    if asked and asked not in days:
        abort(404)
    return days.get(asked)


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
