"""The settings of a workshop, section by section."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.rights import Right
from app.desk.blueprint import bp
from app.desk.service import change_organisation, change_workshop
from app.extensions import db
from app.registration.labels import ORGANISATION_KINDS
from app.registration.models import Registration
from app.web.access import needs
from app.web.commands import Page, answer, done, to
from app.web.forms import VersionedForm
from app.workshops import service
from app.workshops.current import current_workshop
from app.workshops.forms import (
    BasicsForm,
    ConsentTextsForm,
    DeletionForm,
    LegalForm,
    OrganisationEntryForm,
    PlaceForm,
    QuestionsForm,
    RegistrationSettingsForm,
    data_of,
    settings_from,
)
from app.workshops.models import Organisation
from app.workshops.queries import find_organisation, latest_consent_texts, texts_version
from app.workshops.states import STATES


@dataclass(frozen=True, slots=True)
class Section:
    """Settings that stand on one page."""

    label: Any
    form: type[VersionedForm]


SECTIONS = {
    "basics": Section(_l("Basics"), BasicsForm),
    "place": Section(_l("Place and contact"), PlaceForm),
    "registration": Section(_l("Registration"), RegistrationSettingsForm),
    "questions": Section(_l("Questions"), QuestionsForm),
    "legal": Section(_l("Legal texts"), LegalForm),
    "deletion": Section(_l("Deletion"), DeletionForm),
}
_SECTION = f"<any({', '.join(SECTIONS)}):section>"


@bp.route("/<slug>/desk/settings", methods=["GET", "POST"], defaults={"section": "basics"})
@bp.route(f"/<slug>/desk/settings/{_SECTION}", methods=["GET", "POST"])
@needs(Right.CHANGE_SETTINGS)
def settings(section: str) -> Page:
    """One section of the settings."""
    kind = SECTIONS[section].form
    form = kind(data=data_of(current_workshop, kind))
    if form.validate_on_submit():
        values = settings_from(form, current_workshop)
        if done(form, lambda: change_workshop(current_workshop, values, version=form.seen)):
            flash(_("The settings were saved."), "success")
            return to("desk.settings", section=section)
        form.accept_version(current_workshop.version)
    stored = data_of(current_workshop, kind) if form.is_overtaken else None
    return answer(
        "desk/settings.html",
        form,
        section=section,
        sections=SECTIONS,
        stored=kind(data=stored, formdata=None) if stored else None,
    )


@bp.route("/<slug>/desk/settings/consents", methods=["GET", "POST"])
@needs(Right.CHANGE_SETTINGS)
def settings_consents() -> Page:
    """The wordings of the consents."""
    present = latest_consent_texts(current_workshop.id)
    form = ConsentTextsForm(
        data={
            "version": texts_version(present),
            **{kind.value: text.text for kind, text in present.items()},
        }
    )
    if form.validate_on_submit():
        if done(
            form, lambda: service.rewrite_consents(current_workshop, form.texts, version=form.seen)
        ):
            flash(_("The settings were saved."), "success")
            return to("desk.settings_consents")
        form.accept_version(texts_version(latest_consent_texts(current_workshop.id)))
    return answer("desk/settings_consents.html", form, sections=SECTIONS)


@bp.get("/<slug>/desk/settings/organisations")
@needs(Right.CHANGE_SETTINGS)
def organisations() -> str:
    """The list that the registration form offers, with how many come from each."""
    rows = db.session.execute(
        sa.select(Registration.organisation_id, sa.func.count())
        .where(Registration.workshop_id == current_workshop.id)
        .group_by(Registration.organisation_id)
    )
    counts = {organisation_id: count for organisation_id, count in rows if organisation_id}
    return render_template(
        "desk/organisations.html",
        organisations=current_workshop.organisations,
        counts=counts,
        kinds=ORGANISATION_KINDS,
        states=STATES,
        sections=SECTIONS,
    )


@bp.route("/<slug>/desk/settings/organisations/new", methods=["GET", "POST"])
@needs(Right.CHANGE_SETTINGS)
def add_organisation() -> Page:
    """Add an organisation to the list."""
    form = OrganisationEntryForm(dict(ORGANISATION_KINDS))
    if form.validate_on_submit() and done(
        form, lambda: service.add_organisation(current_workshop, **_entry(form))
    ):
        flash(_("The organisation was added."), "success")
        return to("desk.organisations")
    return answer("desk/organisation.html", form, organisation=None)


@bp.route("/<slug>/desk/settings/organisations/<int:organisation_id>", methods=["GET", "POST"])
@needs(Right.CHANGE_SETTINGS)
def edit_organisation(organisation_id: int) -> Page:
    """Change an organisation; lists and badges follow."""
    organisation = _get(organisation_id)
    form = OrganisationEntryForm(dict(ORGANISATION_KINDS), obj=organisation)
    if form.validate_on_submit() and done(
        form, lambda: change_organisation(organisation, version=form.seen, **_entry(form))
    ):
        flash(_("The organisation was saved."), "success")
        return to("desk.organisations")
    form.accept_version(organisation.version)
    return answer(
        "desk/organisation.html",
        form,
        organisation=organisation,
        overtaken=form.is_overtaken,
    )


@bp.route(
    "/<slug>/desk/settings/organisations/<int:organisation_id>/remove", methods=["GET", "POST"]
)
@needs(Right.CHANGE_SETTINGS)
def remove_organisation(organisation_id: int) -> Page:
    """Take an organisation off the list, after asking."""
    organisation = _get(organisation_id)
    form = VersionedForm(data={"version": organisation.version})
    if form.validate_on_submit() and done(
        form, lambda: service.remove_organisation(organisation, version=form.seen)
    ):
        flash(_("The organisation was removed."), "success")
        return to("desk.organisations")
    form.accept_version(organisation.version)
    return answer("desk/remove_organisation.html", form, organisation=organisation)


def _get(organisation_id: int) -> Organisation:
    return find_organisation(current_workshop.id, organisation_id) or abort(404)


def _entry(form: OrganisationEntryForm) -> dict[str, Any]:
    names = ("name", "short_name", "kind", "mail_domains")
    return {**{n: form[n].data for n in names}, "state": form.state.data or None}
