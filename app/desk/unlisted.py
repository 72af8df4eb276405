"""Organisations that people typed because they are not in the list: assigned at a click.

A group is named by one of its registrations: what somebody typed belongs in no address.
"""

from flask import abort, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.rights import Right
from app.desk.blueprint import bp
from app.desk.forms import AssignForm
from app.desk.queries import list_typed_organisations
from app.extensions import db
from app.registration.circle import assign_organisation
from app.registration.labels import ORGANISATION_KINDS
from app.registration.queries import find_registration, list_organisations
from app.web.access import needs
from app.web.commands import Page, answer, done, to
from app.workshops import service
from app.workshops.current import current_workshop
from app.workshops.forms import OrganisationEntryForm
from app.workshops.models import OrganisationKind
from app.workshops.queries import find_organisation


@bp.get("/<slug>/desk/unlisted")
@needs(Right.CHANGE_PARTICIPANTS)
def unlisted() -> str:
    """What was typed, by whom, and the organisations of the list to choose from."""
    organisations = list_organisations(current_workshop.id)
    groups = list_typed_organisations(current_workshop.id, organisations)
    forms = {
        group.registration_id: AssignForm(
            organisations,
            data={"organisation_id": group.suggested},
            formdata=None,
            prefix=f"group-{group.registration_id}",
        )
        for group in groups
    }
    return render_template("desk/unlisted.html", groups=groups, forms=forms)


@bp.post("/<slug>/desk/unlisted/<int:registration_id>")
@needs(Right.CHANGE_PARTICIPANTS)
def assign(registration_id: int) -> Response:
    """Put an organisation of the list in place of what was typed."""
    typed = _typed(registration_id)
    form = AssignForm(list_organisations(current_workshop.id), prefix=f"group-{registration_id}")
    if not form.validate():
        flash(_("Choose the organisation from the list."), "warning")
        return to("desk.unlisted")
    organisation = find_organisation(current_workshop.id, form.organisation_id.data) or abort(404)
    name = organisation.name
    assign_organisation(organisation, typed)
    db.session.commit()
    return _assigned(name)


@bp.route("/<slug>/desk/unlisted/<int:registration_id>/new", methods=["GET", "POST"])
@needs(Right.CHANGE_PARTICIPANTS)
def list_unlisted(registration_id: int) -> Page:
    """Take what was typed into the list, and put it in place of what was typed."""
    typed = _typed(registration_id)
    form = OrganisationEntryForm(
        dict(ORGANISATION_KINDS), data={"name": typed, "kind": OrganisationKind.OTHER.value}
    )

    def add_and_assign() -> None:
        organisation = service.add_organisation(
            current_workshop,
            name=form.name.data,
            short_name=form.short_name.data,
            kind=OrganisationKind(form.kind.data),
            state=form.state.data or None,
            mail_domains=form.mail_domains.data or "",
        )
        assign_organisation(organisation, typed)

    if form.validate_on_submit() and done(form, add_and_assign):
        return _assigned(form.name.data)
    return answer("desk/list_unlisted.html", form)


def _typed(registration_id: int) -> str:
    """What one of the group typed; a 404 page if it is assigned already."""
    registration = find_registration(current_workshop.id, registration_id)
    return (registration and registration.other_organisation) or abort(404)


def _assigned(name: str) -> Response:
    flash(_("Assigned to %(name)s.", name=name), "success")
    return to("desk.unlisted")
