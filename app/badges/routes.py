"""Pages on which badges are printed, and what a badge's QR code opens."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rights import Right
from app.badges import service
from app.badges.forms import PrintForm, Which
from app.badges.labels import PRINT_STATES
from app.badges.queries import (
    PrintState,
    ReadyBadge,
    count_states,
    find_badges,
    find_by_code,
    list_badges,
    list_batch,
    list_small_names,
)
from app.badges.sheets import render_calibration
from app.documents.stock import DEFAULT_STOCK, find_stock, get_stock
from app.extensions import db
from app.refusals import Refused
from app.web.access import Audience, audience, may, needs
from app.web.addresses import LARGEST_ID
from app.web.downloads import PDF, give
from app.web.forms import Form, show_refusal
from app.workshops.current import current_workshop

bp = Blueprint("badges", __name__)

Answer = str | BaseResponse | tuple[str, int]
UNPRINTED = (PrintState.NEW, PrintState.CHANGED)
MOST_SELECTED = 500
# The instant of the print, see `batch_number`.
_BATCH = "<int(max=100_000_000_000_000_000):batch>"
_SHEET = ("stock", "start_at", "offset_x", "offset_y")


@bp.get("/<slug>/desk/badges")
@needs(Right.PRINT_BADGES)
def index() -> Answer:
    """What is ready to print, and on what. `ids` in the address narrows it to a selection."""
    form = PrintForm(data=_remembered())
    selected = _selected_ids()
    if selected is not None:
        form.which.data = Which.ALL
    return _show(form, selected)


@bp.get("/<slug>/desk/badges/<int:registration_id>")
@needs(Right.PRINT_BADGES)
def person(registration_id: int) -> Answer:
    """One person's badge, its state, and the way to print it again."""
    badges = list_badges(current_workshop, ids=[registration_id])
    if not badges:
        abort(404)
    form = PrintForm(data=_all_remembered())
    return render_template(
        "badges/person.html",
        form=form,
        ready=badges[0],
        states=PRINT_STATES,
        **_small_names(badges, form),
    )


@bp.post("/<slug>/desk/badges")
@needs(Right.PRINT_BADGES)
def create() -> Answer:
    """Make the sheets; the badges on them count as printed if that succeeds."""
    form = PrintForm()
    selected = _selected_ids()
    if not form.validate_on_submit():
        return _show(form, selected), 422
    states = UNPRINTED if form.which.data == Which.UNPRINTED else tuple(PrintState)
    badges = list_badges(current_workshop, ids=selected, states=states)
    # Rendering takes a second; nobody shall wait for the database meanwhile.
    workshop, account_id = current_workshop._get_current_object(), current_user.id  # type: ignore[attr-defined]  # a LocalProxy's own method
    db.session.commit()
    try:
        _render(badges, form)
    except Refused as refusal:
        show_refusal(form, refusal)
        return _show(form, selected), 422
    batch = service.note_printed(workshop, badges, account_id=account_id)
    db.session.commit()
    session["badges"] = {name: str(form[name].data) for name in _SHEET}
    return redirect(url_for("badges.printed", batch=batch), code=303)


@bp.get(f"/<slug>/desk/badges/printed/{_BATCH}")
@needs(Right.PRINT_BADGES)
def printed(batch: int) -> Answer:
    """What was made just now, to be fetched, and what is still to be printed."""
    ids = _batch(batch)
    badges = list_badges(current_workshop)
    made = set(ids)
    return render_template(
        "badges/printed.html",
        form=Form(),
        batch=batch,
        count=len(ids),
        only=ids[0] if len(ids) == 1 else None,
        summary=_summary(badges),
        **_small_names(
            [ready for ready in badges if ready.registration_id in made],
            PrintForm(formdata=None, data=_all_remembered()),
        ),
    )


@bp.get(f"/<slug>/desk/badges/printed/{_BATCH}.pdf")
@needs(Right.PRINT_BADGES)
def sheets(batch: int) -> Answer:
    """The sheets of a print, on the labels that this browser chose last."""
    badges = list_badges(current_workshop, ids=_batch(batch))
    if not badges:
        abort(404)
    slug = current_workshop.slug
    db.session.rollback()  # rendering takes a second and needs no database
    form = PrintForm(formdata=None, data=_remembered(with_start=True))
    name = _("badges")
    return give(_render(badges, form), PDF, f"{slug}-{name}.pdf", to_save=True)


@bp.post(f"/<slug>/desk/badges/printed/{_BATCH}/undo")
@needs(Right.PRINT_BADGES)
def undo(batch: int) -> Answer:
    """The paper jammed: the badges of this print count as before it."""
    ids = _batch(batch)
    service.forget_batch(current_workshop, batch)
    db.session.commit()
    flash(
        ngettext(
            "The badge does not count as printed.", "The badges do not count as printed.", len(ids)
        ),
        "success",
    )
    return redirect(url_for("badges.index"), code=303)


@bp.get("/<slug>/desk/badges/<int:registration_id>.pdf")
@needs(Right.PRINT_BADGES)
def preview(registration_id: int) -> Answer:
    """One badge to look at; it does not count as printed."""
    stock = find_stock(request.args.get("stock", DEFAULT_STOCK)) or abort(404)
    badges = list_badges(current_workshop, ids=[registration_id]) or abort(404)
    db.session.rollback()  # rendering needs no database
    name = _("badge")
    return give(service.render(badges, stock), PDF, f"{name}.pdf")


@bp.get("/<slug>/desk/badges/calibration/<stock>.pdf")
@needs(Right.PRINT_BADGES)
def calibration(stock: str) -> Answer:
    """A page with the outlines of the labels, to hold against the sheet."""
    found = find_stock(stock) or abort(404)
    return give(render_calibration(found), PDF, f"{found.slug}.pdf")


@bp.route("/<slug>/desk/badges/reset", methods=["GET", "POST"])
@needs(Right.PRINT_BADGES)
def reset() -> Answer:
    """Count all badges as not printed, after asking."""
    form = Form()
    if form.validate_on_submit():
        service.forget_printed(current_workshop)
        db.session.commit()
        flash(_("All badges count as not printed."), "success")
        return redirect(url_for("badges.index"), code=303)
    return render_template("badges/reset.html", form=form)


@bp.get("/c/<code>")
@audience(Audience.EVERYONE)
def scanned(code: str) -> Answer:
    """What a badge's code opens: shows, never acts. Strangers learn nothing, not even 404."""
    registration = find_by_code(code) if current_user.is_authenticated else None
    if registration is not None and may(Right.IDENTIFY_BADGES, registration.workshop_id):
        return render_template("badges/scanned.html", registration=registration)
    return render_template("badges/go_to_desk.html")


def _render(badges: list[ReadyBadge], form: PrintForm) -> bytes:
    return service.render(
        badges,
        get_stock(form.stock.data),
        start_at=form.start_at.data,
        offset_mm=form.offset_mm,
    )


def _batch(batch: int) -> list[int]:
    """The registrations whose badges were printed at once, in the order of the sheets."""
    found = list_batch(current_workshop, batch)
    if not found:
        abort(404)
    return [made.registration_id for made in found]


def _show(form: PrintForm, selected: list[int] | None) -> str:
    badges = list_badges(current_workshop, ids=selected)
    words = request.args.get("q", "")[:200]
    return render_template(
        "badges/index.html",
        form=form,
        selected=selected,
        counts=count_states(badges),
        total=len(badges),
        summary=_summary(badges),
        incomplete=[badge for badge in badges if badge.missing_letters],
        first=badges[0] if badges else None,
        words=words,
        matches=find_badges(current_workshop, words),
        states=PRINT_STATES,
        **_small_names(badges, form),
    )


def _small_names(badges: Sequence[ReadyBadge], form: PrintForm) -> dict[str, Any]:
    """Whose name would be too small, of those and on the labels that the form shows."""
    stock = find_stock(form.stock.data or "") or get_stock(DEFAULT_STOCK)
    if form.which.data != Which.ALL:
        badges = [ready for ready in badges if ready.state in UNPRINTED]
    return {
        "stock": stock,
        "small_names": list_small_names(badges, stock),
        "may_change": may(Right.CHANGE_PARTICIPANTS, current_workshop.id),
    }


def _summary(badges: list[ReadyBadge]) -> str:
    """'12 new and 3 changed badges'."""
    counts = count_states(badges)
    new, changed = counts[PrintState.NEW], counts[PrintState.CHANGED]
    parts = []
    if new:
        parts.append(ngettext("%(num)d new badge", "%(num)d new badges", new))
    if changed:
        parts.append(ngettext("%(num)d changed badge", "%(num)d changed badges", changed))
    return str(_(" and ").join(parts) or _("All badges are printed"))


def _remembered(*, with_start: bool = False) -> dict[str, Any]:
    """Sheet and offsets of the last print from this browser, and where on the sheet it began."""
    last = session.get("badges", {})
    offsets = {n: Decimal(last[n]) for n in ("offset_x", "offset_y") if n in last}
    start = {"start_at": int(last["start_at"])} if with_start and "start_at" in last else {}
    return {"stock": last.get("stock", DEFAULT_STOCK), **offsets, **start}


def _all_remembered() -> dict[str, Any]:
    """The same, for certain badges, whatever state they are in."""
    return {**_remembered(), "which": Which.ALL}


def _selected_ids() -> list[int] | None:
    """The registrations that the address names; None means all."""
    if "ids" not in request.args:
        return None
    ids = request.args.getlist("ids", type=int)
    return [i for i in ids if 0 < i <= LARGEST_ID][:MOST_SELECTED]
