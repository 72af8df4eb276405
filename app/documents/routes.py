"""Papers as PDF."""

from flask import Blueprint, Response, abort
from flask_babel import force_locale

from app.documents.participant_list import ListKind, render_participant_list
from app.documents.queries import participant_list as read_participant_list
from app.extensions import db
from app.web.access import Audience, audience
from app.workshops.current import current_workshop

bp = Blueprint("documents", __name__)


@bp.get("/<slug>/desk/lists/<kind>.pdf")
@audience(Audience.STAFF)
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
    return Response(
        pdf,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
