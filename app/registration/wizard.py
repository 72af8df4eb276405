"""The form in steps. A server-side draft keeps each finished step, so nothing is lost."""

from datetime import datetime

from flask import flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import Field, SelectMultipleField

from app.extensions import db
from app.registration import service
from app.registration.answers import answers
from app.registration.blueprint import bp
from app.registration.details import printed_texts
from app.registration.drafts import (
    Sent,
    all_sent,
    close_draft,
    email_in,
    find_draft,
    next_step,
    save_step,
    save_unfinished,
    start_draft,
    typed_in,
)
from app.registration.form_data import data_for_new, details_from
from app.registration.forms import DetailsForm, StepForm
from app.registration.holds import mark_client
from app.registration.models import Draft
from app.registration.steps import IN_ADDRESSES, STEPS, Step, find_step, step_asking
from app.web.access import Audience, audience
from app.web.commands import done, to
from app.web.forms import Form
from app.web.limits import count_request, limited
from app.workshops.current import current_workshop
from app.workshops.door import Door, find_door

_MOST_BOXES = 20
"""Days and nights that one can tick: a workshop has fourteen days at most."""


@bp.get("/<slug>/register")
@audience(Audience.EVERYONE)
def start() -> str | Response:
    """The first step, or why one cannot register now."""
    if not _is_open():
        return render_template("registration/closed.html", door=find_door(current_workshop))
    return step(STEPS[0].name)


@bp.get(f"/<slug>/register/{IN_ADDRESSES}")
@audience(Audience.EVERYONE)
def step(step: str) -> str | Response:
    """One step, filled with what is known."""
    if not _is_open():
        return redirect(url_for("registration.start"))
    draft, present = _open_draft(), find_step(step)
    missing = next_step(draft)
    if missing and STEPS.index(present) > STEPS.index(missing):
        return redirect(_address(missing))
    typed = typed_in(draft, present) if draft is not None else None
    if typed is not None:
        form = present.form(current_workshop, formdata=typed)
    else:
        form = present.form(current_workshop, data=data_for_new(current_workshop))
        form.choose_fitting(email_in(draft))
    return _show(present, form, draft)


@bp.post(f"/<slug>/register/{IN_ADDRESSES}")
@audience(Audience.EVERYONE)
# Only the beginning of a draft counts, and only who begins one is ever refused.
@limited("RATELIMIT_REGISTER", exempt_when=lambda: _open_draft() is not None)
def save(step: str) -> Response | tuple[str, int]:
    """Keep a step and go on to the next, or back to the page before sending."""
    if not _is_open():
        return to("registration.start")
    draft, present = _open_draft(), find_step(step)
    form = present.form(current_workshop)
    goes_back = "back" in request.form and present is not STEPS[0]
    if not goes_back and not form.validate():
        return _show(present, form, draft), 422
    if draft is None:
        draft, session[_session_key()] = start_draft(current_workshop)
        count_request()
    sent = _sent(form)
    if goes_back:
        save_unfinished(draft, present, sent)
        further = _address(STEPS[STEPS.index(present) - 1])
    else:
        save_step(draft, present, sent)
        further = _page_after(draft)
    db.session.commit()
    return redirect(further, 303)


@bp.get("/<slug>/register/check")
@audience(Audience.EVERYONE)
def check() -> str | Response:
    """All that will be sent, to be looked over."""
    draft = _own_draft()
    if draft is not None and draft.outcome:
        return redirect(url_for("registration.sent"))
    missing = next_step(draft)
    if not _is_open() or draft is None or missing:
        return redirect(_address(missing or STEPS[0]))
    form = _whole(draft)
    if not form.validate():
        return _back_to_error(form)
    return _show_check(form, Form())


@bp.post("/<slug>/register/check")
@audience(Audience.EVERYONE)
@limited("RATELIMIT_REGISTER")
def send() -> Response | tuple[str, int]:
    """Register. Sent twice, the second time leads to the first one's result."""
    draft = _own_draft(lock=True)
    if draft is not None and draft.outcome:
        return to("registration.sent")
    missing = next_step(draft)
    if draft is None or missing:
        return redirect(_address(missing or STEPS[0]), 303)
    form = _whole(draft)
    if not form.validate():
        return _back_to_error(form)
    sending = Form()
    if not done(sending, lambda: _register(form, draft)):
        return _show_check(form, sending), 422
    count_request()
    return to("registration.sent")


@bp.get("/<slug>/register/sent")
@audience(Audience.EVERYONE)
def sent() -> str | Response:
    """What happens next. The same page whether or not the address was known."""
    draft = _own_draft()
    if draft is None or not draft.outcome:
        return redirect(url_for("registration.start"))
    outcome = draft.outcome
    return render_template(
        "registration/sent.html",
        email=outcome["email"],
        seated=outcome["seated"],
        hold_until=datetime.fromisoformat(outcome["hold_until"]),
    )


def _register(form: DetailsForm, draft: Draft) -> None:
    outcome = service.register(
        current_workshop,
        details_from(form),
        client=mark_client(request.remote_addr),
    )
    close_draft(
        draft,
        {
            "email": form.email.data,
            "seated": outcome.seated,
            "hold_until": outcome.hold_until.isoformat(),
        },
    )


def _is_open() -> bool:
    return find_door(current_workshop) in {Door.OPEN, Door.WAITING_LIST}


def _session_key() -> str:
    return f"draft-{current_workshop.id}"


def _own_draft(*, lock: bool = False) -> Draft | None:
    key = session.get(_session_key())
    if lock:
        return find_draft(current_workshop, key, lock=True)
    if "draft" not in g:  # the rate limit asks for it, and then the view
        g.draft = find_draft(current_workshop, key)
    draft: Draft | None = g.draft
    return draft


def _open_draft() -> Draft | None:
    """The draft to go on with; after a sending the next person starts anew."""
    draft = _own_draft()
    return None if draft is None or draft.outcome else draft


def _sent(form: StepForm) -> Sent:
    """What was sent for each field, as far as the form has read it."""
    return {
        field.name: request.form.getlist(field.name)[: _MOST_BOXES if _has_boxes(field) else 1]
        for field in form
        if field.name in request.form and field.name != "csrf_token"
    }


def _has_boxes(field: Field) -> bool:
    return isinstance(field, SelectMultipleField)


def _page_after(draft: Draft) -> str:
    missing = next_step(draft)
    return _address(missing) if missing else url_for("registration.check")


def _address(step: Step) -> str:
    return url_for("registration.step", step=step.name)


def _whole(draft: Draft) -> DetailsForm:
    return DetailsForm(current_workshop, formdata=all_sent(draft), meta={"csrf": False})


def _show(step: Step, form: StepForm, draft: Draft | None) -> str:
    form.put_fitting_first(email_in(draft))
    return render_template(
        "registration/step.html",
        step=step,
        form_steps=STEPS,
        form=form,
        number=STEPS.index(step) + 1,
        is_complete=draft is not None and next_step(draft) is None,
        door=find_door(current_workshop),
    )


def _show_check(form: DetailsForm, sending: Form) -> str:
    return render_template(
        "registration/check.html",
        form=sending,
        sections=[(step, answers(form, step)) for step in STEPS],
        printed=printed_texts(details_from(form)),
        door=find_door(current_workshop),
    )


def _back_to_error(form: DetailsForm) -> Response:
    """The workshop has changed under the draft: go to the step that no longer fits."""
    wrong = next(iter(form.errors))
    flash(_("Please check this step again: %(message)s", message=form.errors[wrong][0]), "warning")
    return redirect(_address(step_asking(wrong or "")), 303)
