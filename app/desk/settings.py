"""The settings of a workshop, section by section."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts.rights import Right
from app.desk.blueprint import bp
from app.desk.service import change_workshop
from app.extensions import db
from app.refusals import ChangedMeanwhile, Refused
from app.registration.details import index_name
from app.registration.labels import ORGANISATION_KINDS
from app.registration.models import Registration
from app.web.access import needs
from app.web.forms import VersionedForm, show_refusal
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

Page = str | Response | tuple[str, int]


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
    overtaken = False
    if form.validate_on_submit():
        try:
            change_workshop(
                current_workshop,
                settings_from(form, current_workshop),
                version=form.seen,
            )
        except Refused as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
            overtaken = isinstance(refusal, ChangedMeanwhile)
            form.accept_version(current_workshop.version)
        else:
            db.session.commit()
            flash(_("The settings were saved."), "success")
            return redirect(url_for("desk.settings", section=section), code=303)
    page = render_template(
        "desk/settings.html",
        form=form,
        section=section,
        sections=SECTIONS,
        stored=kind(data=data_of(current_workshop, kind), formdata=None) if overtaken else None,
    )
    return (page, 422) if form.is_submitted() else page


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
        try:
            service.rewrite_consents(current_workshop, form.texts, version=form.seen)
        except Refused as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
            form.accept_version(texts_version(latest_consent_texts(current_workshop.id)))
        else:
            db.session.commit()
            flash(_("The settings were saved."), "success")
            return redirect(url_for("desk.settings_consents"), code=303)
    page = render_template("desk/settings_consents.html", form=form, sections=SECTIONS)
    return (page, 422) if form.is_submitted() else page


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
    if form.validate_on_submit():
        try:
            service.add_organisation(current_workshop, **_entry(form))
        except Refused as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
        else:
            return _saved(_("The organisation was added."))
    page = render_template("desk/organisation.html", form=form, organisation=None)
    return (page, 422) if form.is_submitted() else page


@bp.route("/<slug>/desk/settings/organisations/<int:organisation_id>", methods=["GET", "POST"])
@needs(Right.CHANGE_SETTINGS)
def edit_organisation(organisation_id: int) -> Page:
    """Change an organisation; lists and badges follow."""
    organisation = _get(organisation_id)
    form = OrganisationEntryForm(dict(ORGANISATION_KINDS), obj=organisation)
    overtaken = False
    if form.validate_on_submit():
        try:
            service.change_organisation(organisation, version=form.seen, **_entry(form))
        except Refused as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
            overtaken = isinstance(refusal, ChangedMeanwhile)
        else:
            _index_people_of(organisation)
            return _saved(_("The organisation was saved."))
    form.accept_version(organisation.version)
    page = render_template(
        "desk/organisation.html", form=form, organisation=organisation, overtaken=overtaken
    )
    return (page, 422) if form.is_submitted() else page


@bp.route(
    "/<slug>/desk/settings/organisations/<int:organisation_id>/remove", methods=["GET", "POST"]
)
@needs(Right.CHANGE_SETTINGS)
def remove_organisation(organisation_id: int) -> Page:
    """Take an organisation off the list, after asking."""
    organisation = _get(organisation_id)
    form = VersionedForm(data={"version": organisation.version})
    if form.validate_on_submit():
        try:
            service.remove_organisation(organisation, version=form.seen)
        except Refused as refusal:
            db.session.rollback()
            show_refusal(form, refusal)
        else:
            return _saved(_("The organisation was removed."))
    form.accept_version(organisation.version)
    page = render_template("desk/remove_organisation.html", form=form, organisation=organisation)
    return (page, 422) if form.is_submitted() else page


def _get(organisation_id: int) -> Organisation:
    return find_organisation(current_workshop.id, organisation_id) or abort(404)


def _entry(form: OrganisationEntryForm) -> dict[str, Any]:
    names = ("name", "short_name", "kind", "mail_domains")
    return {**{n: form[n].data for n in names}, "state": form.state.data or None}


def _saved(message: str) -> Response:
    db.session.commit()
    flash(message, "success")
    return redirect(url_for("desk.organisations"), code=303)


def _index_people_of(organisation: Organisation) -> None:
    """The list of participants is searched by the organisation's name too."""
    people = db.session.scalars(
        sa.select(Registration).where(Registration.organisation_id == organisation.id)
    )
    for registration in people:
        index_name(registration)
