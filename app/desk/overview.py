"""The overview: how many, from where, what is to do."""

from dataclasses import dataclass

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.journal import list_entries
from app.accounts.rights import Right
from app.desk.blueprint import bp
from app.desk.figures import Figures, count_figures, count_over_time, find_origin
from app.desk.journal import lines
from app.registration.labels import ORGANISATION_KINDS
from app.registration.models import Status
from app.web.access import needs
from app.workshops.current import current_workshop
from app.workshops.models import Workshop
from app.workshops.states import STATES

LATEST = 8


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do, and where it is done."""

    text: str
    href: str


@bp.get("/<slug>/desk/")
@needs(Right.SEE_OVERVIEW)
def overview() -> str:
    """Figures with meaning, what is to do, where people come from, the latest changes."""
    figures = count_figures(current_workshop)
    return render_template(
        "desk/overview.html",
        figures=figures,
        tasks=_tasks(current_workshop, figures),
        origin=find_origin(current_workshop),
        kinds=ORGANISATION_KINDS,
        states=STATES,
        bars=count_over_time(current_workshop),
        journal=lines(
            list_entries(workshop_id=current_workshop.id, limit=LATEST), current_workshop.zone
        ),
    )


def _tasks(workshop: Workshop, figures: Figures) -> list[Task]:
    """What waits for the organisers, the most urgent first."""
    return [
        *_people_tasks(workshop, figures),
        *_agenda_tasks(workshop, figures),
        *_settings_tasks(workshop),
    ]


def _people_tasks(workshop: Workshop, figures: Figures) -> list[Task]:
    tasks = []
    if figures.pending:
        text = ngettext(
            "%(num)s registration waits for your approval",
            "%(num)s registrations wait for your approval",
            figures.pending,
        )
        tasks.append(Task(text, url_for("desk.approvals")))
    if figures.failed_mails:
        text = ngettext(
            "%(num)s e-mail could not be sent",
            "%(num)s e-mails could not be sent",
            figures.failed_mails,
        )
        tasks.append(Task(text, url_for("outbox.messages", state="failed")))
    if figures.running_out:
        text = ngettext(
            "%(num)s registration expires within a day unless it is confirmed",
            "%(num)s registrations expire within a day unless they are confirmed",
            figures.running_out,
        )
        tasks.append(Task(text, url_for("desk.holds")))
    if figures.waiting and workshop.seats_free > 0:
        text = ngettext(
            "%(num)s seat is free while people wait",
            "%(num)s seats are free while people wait",
            workshop.seats_free,
        )
        tasks.append(Task(text, url_for("desk.participants", status=Status.WAITING.value)))
    if figures.unlisted:
        text = ngettext(
            "%(num)s organisation was typed and is not in the list",
            "%(num)s organisations were typed and are not in the list",
            figures.unlisted,
        )
        tasks.append(Task(text, url_for("desk.unlisted")))
    if figures.unprinted:
        text = ngettext(
            "%(num)s badge is not printed yet",
            "%(num)s badges are not printed yet",
            figures.unprinted,
        )
        tasks.append(Task(text, url_for("badges.index")))
    if workshop.registration_opens_at is None:
        tasks.append(
            Task(_("Set when registration opens"), url_for("desk.settings", section="registration"))
        )
    return tasks


def _agenda_tasks(workshop: Workshop, figures: Figures) -> list[Task]:
    tasks = []
    if figures.concerns:
        text = ngettext(
            "%(num)s slot does not suit its speaker",
            "%(num)s slots do not suit their speakers",
            figures.concerns,
        )
        tasks.append(Task(text, url_for("speakers.index")))
    if figures.proposals:
        text = ngettext(
            "%(num)s proposal waits for a decision",
            "%(num)s proposals wait for a decision",
            figures.proposals,
        )
        tasks.append(Task(text, url_for("contributions.index")))
    if not figures.sessions:
        tasks.append(Task(_("Begin the agenda"), url_for("editor.start")))
    elif workshop.agenda_released_at is None:
        tasks.append(Task(_("Publish the agenda"), url_for("editor.grid")))
    return tasks


def _settings_tasks(workshop: Workshop) -> list[Task]:
    tasks = []
    if not workshop.contact_email:
        tasks.append(Task(_("Name a contact"), url_for("desk.settings", section="place")))
    if not (workshop.controller and workshop.data_protection_officer and workshop.imprint):
        tasks.append(Task(_("Complete the legal texts"), url_for("desk.settings", section="legal")))
    return tasks
