"""Releases at the desk, and what they changed for everybody to read."""

from flask import Blueprint, abort, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.rights import Right
from app.agenda.models import AgendaRelease
from app.agenda.releases.access import is_open
from app.agenda.releases.changes import by_day, lines
from app.agenda.releases.content import read_agenda
from app.agenda.releases.service import ReleasePair, find_release, list_releases
from app.agenda.releases.service import prepare as prepare_release
from app.agenda.releases.service import withdraw as withdraw_release
from app.editor.checks import find_checks
from app.editor.draft import read_draft
from app.editor.facts import gather
from app.extensions import db
from app.publishing import restore as restoring
from app.publishing.forms import ReleaseForm, SeenForm
from app.publishing.queries import Tie, account_names, find_reach
from app.publishing.service import Published, publish
from app.web.access import Audience, audience, needs
from app.web.commands import Page, answer, done, to
from app.web.forms import Form
from app.workshops.current import current_workshop

bp = Blueprint("publishing", __name__)
bp.add_app_template_filter(by_day, "changes_by_day")
bp.add_app_template_filter(lines, "change_lines")


# Above the names of those whom a change concerns.
TIES = {
    Tie.SPEAKER: _l("Speakers"),
    Tie.CHAIR: _l("Chair"),
    Tie.JOINING: _l("Newly scheduled"),
    Tie.LEAVING: _l("No longer scheduled"),
    Tie.SIGNED_UP: _l("Signed up"),
    Tie.WAITING: _l("Waiting list"),
    Tie.WISHED: _l("Wished for it"),
    Tie.PICKED: _l("Noted it"),
}


@bp.get("/<slug>/desk/agenda/releases")
@needs(Right.EDIT_AGENDA)
def releases() -> Page:
    """The releases, newest first."""
    found = list_releases(current_workshop, page=request.args.get("page", 1, type=int))
    return render_template(
        "publishing/releases.html",
        found=found,
        names=account_names(pair.release.account_id for pair in found.pairs),
    )


@bp.route("/<slug>/desk/agenda/releases/new", methods=["GET", "POST"])
@needs(Right.PUBLISH_AGENDA)
def prepare() -> Page:
    """What a release would change and whom that concerns; then release."""
    form = ReleaseForm()
    if form.validate_on_submit() and (
        published := done(
            form,
            lambda: publish(
                current_workshop,
                form.comment.data,
                seen=form.seen.data,
                notify=form.notify.data,
                account_id=current_user.id,
            ),
        )
    ):
        flash(_told(published.result), "success")
        return to("publishing.releases")
    prepared = prepare_release(current_workshop)
    changes = prepared.changes(current_workshop.zone)
    form.seen.data = prepared.seen  # whoever reads on has this preview before them
    return answer(
        "publishing/prepare.html",
        form,
        prepared=prepared,
        changes=changes,
        reach=find_reach(current_workshop.id, changes),
        ties=TIES,
        checks=find_checks(read_draft(current_workshop), gather(current_workshop)),
    )


@bp.get("/<slug>/desk/agenda/releases/<int:number>")
@needs(Right.EDIT_AGENDA)
def release(number: int) -> Page:
    """A release as it was, and what it changed."""
    found = _find(number)
    pair = ReleasePair(found, find_release(current_workshop, number - 1))
    return render_template(
        "publishing/release.html",
        release=found,
        names=account_names([found.account_id]),
        changes=pair.changes(current_workshop.zone),
        agenda=read_agenda(found.content, current_workshop.zone),
    )


@bp.route("/<slug>/desk/agenda/releases/<int:number>/restore", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def restore(number: int) -> Page:
    """Ask, then make the draft what the release held."""
    found = _find(number)
    form = SeenForm()
    if form.validate_on_submit() and done(
        form,
        lambda: restoring.restore(
            current_workshop, found, seen=form.seen.data, account_id=current_user.id
        ),
    ):
        flash(_("The draft is release %(number)s again.", number=number), "success")
        return to("editor.grid")
    preview = restoring.preview(current_workshop, found)
    form.seen.data = preview.seen
    return answer("publishing/restore.html", form, release=found, changes=preview.changes)


@bp.route("/<slug>/desk/agenda/withdraw", methods=["GET", "POST"])
@needs(Right.PUBLISH_AGENDA)
def withdraw() -> Page:
    """Ask, then show the agenda to organisers only."""
    form = Form()
    if form.validate_on_submit():
        withdraw_release(current_workshop)
        db.session.commit()
        flash(_("The agenda is withdrawn. Only the organisers see it."), "success")
        return to("publishing.releases")
    return answer("publishing/withdraw.html", form)


@bp.get("/<slug>/agenda/changes")
@audience(Audience.EVERYONE)
def changes() -> Page:
    """What each release changed, newest first."""
    if not is_open(current_workshop):
        return render_template("agenda/private.html"), 403
    found = None
    if current_workshop.agenda_released_at:
        found = list_releases(current_workshop, page=request.args.get("page", 1, type=int))
    return render_template("publishing/changes.html", found=found)


@bp.get("/<slug>/agenda/changes.atom")
@audience(Audience.EVERYONE)
def feed() -> Response:
    """The same as a feed (RFC 4287), for those who follow the agenda."""
    if not is_open(current_workshop) or not current_workshop.agenda_released_at:
        abort(404)
    page = current_app.config["BASE_URL"] + url_for("publishing.changes")
    text = render_template("publishing/feed.xml", found=list_releases(current_workshop), page=page)
    return Response(text, mimetype="application/atom+xml")


def _find(number: int) -> AgendaRelease:
    return find_release(current_workshop, number) or abort(404)


def _told(published: Published) -> str:
    words = [_("Release %(number)s is published.", number=published.release.number)]
    if published.mails:
        words.append(
            ngettext(
                "%(num)s e-mail is on its way.",
                "%(num)s e-mails are on their way.",
                published.mails,
            )
        )
    return " ".join(words)
