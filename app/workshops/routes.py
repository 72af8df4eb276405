"""The public pages of a workshop."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.rights import Right
from app.web.access import Audience, audience, needs
from app.web.commands import Page, answer, done, to
from app.web.kept import Made, for_all
from app.web.limits import count_request, limited
from app.workshops import service
from app.workshops.current import current_workshop, standing
from app.workshops.door import find_door
from app.workshops.forms import BarrierForm, CreateForm
from app.workshops.queries import find_workshop, list_workshops

bp = Blueprint("workshops", __name__)


@bp.get("/")
@audience(Audience.EVERYONE)
def home() -> str | Response:
    """The workshops. Visitors go on to the only one; staff see where they work."""
    workshops = list_workshops()
    if len(workshops) == 1 and not current_user.is_authenticated:
        return redirect(url_for("workshops.show", slug=workshops[0].slug))
    return render_template("workshops/home.html", workshops=workshops)


@bp.route("/workshops/new", methods=["GET", "POST"])
@needs(Right.CREATE_WORKSHOPS)
def create() -> Page:
    """A new workshop, empty or after the model of an earlier one."""
    form = CreateForm(list_workshops())
    if form.validate_on_submit():
        made = done(
            form,
            lambda: service.create_workshop(
                slug=form.slug.data,
                title=form.title.data,
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                copy_from=find_workshop(form.copy_from.data) if form.copy_from.data else None,
            ),
        )
        if made:
            flash(_("The workshop was created. Please check its settings."), "success")
            return to("desk.settings", slug=made.result.slug)
    return answer("workshops/create.html", form)


@bp.get("/<slug>/")
@audience(Audience.EVERYONE)
def show() -> str:
    """What the workshop is, when and where, and whether one can register."""
    door = find_door(current_workshop)
    return for_all(
        (standing(), door),
        current_workshop.id,
        lambda: Made(render_template("workshops/show.html", door=door)),
    )


@bp.get("/<slug>/privacy")
@audience(Audience.EVERYONE)
def privacy() -> str:
    """What Art. 13 and 14 DSGVO want people to know."""
    return render_template("workshops/privacy.html")


@bp.get("/<slug>/accessibility")
@audience(Audience.EVERYONE)
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("workshops/accessibility.html")


@bp.get("/<slug>/imprint")
@audience(Audience.EVERYONE)
def imprint() -> str:
    """Who is responsible for these pages."""
    return render_template("workshops/imprint.html")


@bp.route("/<slug>/report-barrier", methods=["GET", "POST"])
@audience(Audience.EVERYONE)
@limited("RATELIMIT_LINK")
def report_barrier() -> Page:
    """Tell the organisers what cannot be used; needs no account."""
    form = BarrierForm()
    if form.validate_on_submit():
        sent = done(
            form,
            lambda: service.report_barrier(
                current_workshop,
                where=form.where.data,
                description=form.description.data,
                email=form.email.data,
            ),
        )
        if sent:
            count_request()
            return to("workshops.barrier_reported")
    return answer("workshops/report_barrier.html", form)


@bp.get("/<slug>/report-barrier/thanks")
@audience(Audience.EVERYONE)
def barrier_reported() -> str:
    """The report has arrived."""
    return render_template("workshops/barrier_reported.html")
