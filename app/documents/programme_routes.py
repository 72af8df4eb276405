"""The desk's page for the programme on paper, and the programme for the backs of badges."""

import json

from flask import Blueprint, Response, abort, render_template, request, session
from flask_babel import force_locale

from app.accounts.rights import Right
from app.agenda.releases.service import shown_release
from app.documents.forms import BackForm, DoorSignForm
from app.documents.programme import read_programme
from app.documents.programme_back import render_programme_back
from app.documents.stock import DEFAULT_STOCK, find_stock
from app.extensions import db
from app.web.access import needs
from app.web.downloads import PDF, give
from app.workshops.current import current_workshop

bp = Blueprint("programme", __name__)


@bp.get("/<slug>/desk/agenda/print")
@needs(Right.READ_AGENDA)
def index() -> str:
    """All that can be printed of the released programme."""
    release = shown_release(current_workshop)
    doors = DoorSignForm(None, meta={"csrf": False})
    back = BackForm(None, meta={"csrf": False}, data={"stock": _last_stock()})
    if release:
        doors.offer(read_programme(current_workshop, release))
    return render_template(
        "documents/programme_page.html",
        release=release,
        texts=[json.dumps(release.content, ensure_ascii=False)] if release else [],
        doors=doors,
        back=back,
        zone=current_workshop.zone,
    )


@bp.get("/<slug>/desk/badges/programme.pdf")
@needs(Right.READ_AGENDA)
def back() -> Response:
    """A sheet with the programme for the backs of badges; `stock` names the labels."""
    stock = find_stock(request.args.get("stock", DEFAULT_STOCK)) or abort(404)
    release = shown_release(current_workshop) or abort(404)
    slug = current_workshop.slug
    with force_locale("de"):
        data = read_programme(current_workshop, release)
        db.session.rollback()  # rendering takes a while and needs no database
        pdf = render_programme_back(data, stock)
    name = f"{slug}-programm-{stock.slug}.pdf"
    return give(pdf, PDF, name)


def _last_stock() -> str:
    """The sheet on which this browser printed badges last."""
    return str(session.get("badges", {}).get("stock", DEFAULT_STOCK))
