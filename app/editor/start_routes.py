"""How a programme begins: from a template, an earlier workshop or a file.

Each way leads to a preview; only taking that over writes anything.
"""

from typing import Any

from flask import flash, render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.rights import Right
from app.agenda.intake import plans
from app.agenda.intake.plans import Plan, PlannedSession
from app.agenda.intake.reading import LARGEST_FILE, Unreadable, read_file
from app.agenda.intake.starting import after_template, after_workshop, has_draft, list_models
from app.agenda.words import KINDS
from app.editor.blueprint import bp
from app.editor.start_forms import FileForm, ModelForm, TakeOverForm
from app.extensions import db
from app.refusals import Refused
from app.web.access import may, needs
from app.web.commands import Page, answer, done, to
from app.web.downloads import XLSX, give
from app.web.forms import Form, show_refusal
from app.web.uploads import takes_file
from app.workshops.current import current_workshop
from app.workshops.models import Workshop

_START = "/<slug>/desk/agenda/start"


@bp.get(_START)
@needs(Right.EDIT_AGENDA)
def start() -> Page:
    """The ways to begin."""
    return _show()


@bp.post(f"{_START}/template")
@needs(Right.EDIT_AGENDA)
def start_from_template() -> Page:
    """Preview the template on this workshop's days."""
    return _preview(after_template(current_workshop))


@bp.post(f"{_START}/workshop")
@needs(Right.EDIT_AGENDA)
def start_from_workshop() -> Page:
    """Preview an earlier workshop's programme on this one's days."""
    models = _models()
    form = ModelForm()
    form.offer(models)
    if not form.validate_on_submit():
        return _show(model_form=form)
    model = next(w for w in models if w.slug == form.model.data)
    return _preview(
        after_workshop(
            current_workshop,
            model,
            with_texts=form.with_texts.data,
            with_speakers=form.with_speakers.data,
        )
    )


@bp.post(f"{_START}/file")
@needs(Right.EDIT_AGENDA)
@takes_file
def start_from_file() -> Page:
    """Preview what a file holds."""
    form = FileForm.of_request()
    if not form.validate_on_submit():
        return _show(file_form=form)
    try:
        plan = _read(form.file.data)
    except Refused as refusal:
        show_refusal(form, refusal)
        return _show(file_form=form)
    return _preview(plan)


@bp.get(f"{_START}/template.xlsx")
@needs(Right.EDIT_AGENDA)
def start_table() -> Response:
    """The table to fill in."""
    from app.agenda.intake.table import blank_table  # heavy, and needed by few pages

    name = f"{current_workshop.slug}-programm.xlsx"
    return give(blank_table(current_workshop), XLSX, name, to_save=True)


@bp.route(f"{_START}/<import_id>", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def start_preview(import_id: str) -> Page:
    """Show what was read, then take it over."""
    plan = plans.find_plan(current_workshop, import_id, current_user.id)
    if plan is None:
        flash(_("This is taken over already, or waited too long. Please begin anew."), "info")
        return to("editor.start")
    asks = has_draft(current_workshop)
    form = TakeOverForm() if asks else Form()
    if form.validate_on_submit() and (
        taken := done(
            form,
            lambda: plans.take_over(
                current_workshop,
                import_id,
                current_user.id,
                replaces=asks and form.replaces.data == "yes",
            ),
        )
    ):
        number = len(taken.result)
        said = ngettext(
            "%(num)s session is taken over.", "%(num)s sessions are taken over.", number
        )
        flash(said, "success")
        return to("editor.grid")
    rooms, topics = plans.new_names(current_workshop, plan)
    return answer(
        "editor/start_preview.html",
        form,
        asks=asks,
        plan=plan,
        parts=_parts(plan),
        rooms=rooms,
        topics=topics,
        kinds=KINDS,
    )


def _read(sent: Any) -> Plan:
    """Read the file, not more of it than can be taken. Raises `Unreadable`."""
    if not sent or not getattr(sent, "filename", ""):
        raise Unreadable(_("Choose a file."))
    content = sent.stream.read(LARGEST_FILE + 1)
    # Reading takes its time, and nothing is written so far: let others write.
    days, zone = current_workshop.days, current_workshop.zone
    db.session.rollback()
    return read_file(content, days, zone)


def _preview(plan: Plan) -> Response:
    kept = plans.keep(current_workshop, plans.fit(current_workshop, plan), current_user.id)
    db.session.commit()
    return to("editor.start_preview", import_id=kept.id)


def _show(*, model_form: ModelForm | None = None, file_form: FileForm | None = None) -> Page:
    models = _models()
    if model_form is None:
        model_form = ModelForm(formdata=None, data={"with_texts": True})
        model_form.offer(models)
    page = render_template(
        "editor/start.html",
        models=models,
        model_form=model_form,
        file_form=file_form or FileForm(formdata=None),
    )
    return (page, 422) if model_form.errors or file_form else page


def _models() -> list[Workshop]:
    """The workshops whose programme this organiser may see."""
    return [w for w in list_models(current_workshop) if may(Right.EDIT_AGENDA, w.id)]


def _parts(plan: Plan) -> list[tuple[Any, list[PlannedSession]]]:
    """The sessions by day, those for the tray (None) last."""
    placed = sorted(
        (s for s in plan.sessions if s.day and s.starts), key=lambda s: (s.day, s.starts, s.room)
    )
    days: dict[Any, list[PlannedSession]] = {}
    for session in placed:
        days.setdefault(session.day, []).append(session)
    tray = [session for session in plan.sessions if session.day is None]
    return [*days.items(), *([(None, tray)] if tray else [])]
