"""Pages around signing in, one's own account, and who may do what."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, render_template, request, session
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import login_user
from werkzeug.wrappers import Response

from app.accounts import colleagues, service
from app.accounts.forms import (
    ChangePasswordForm,
    DeleteAccountForm,
    FirstAdministratorForm,
    ForgotPasswordForm,
    InviteForm,
    NameForm,
    RoleForm,
    SetPasswordForm,
    workshop_label,
)
from app.accounts.guessing import know_device, limit_guessing
from app.accounts.models import Account
from app.accounts.queries import list_accounts, list_workshop_names
from app.accounts.rights import Right
from app.extensions import db
from app.outbox.forgetting import delete_files_without_mail
from app.refusals import Refused
from app.web.access import Audience, audience, may_open, needs
from app.web.commands import Page, answer, done, to
from app.web.limits import count_request, limited
from app.web.timing import same_time

bp = Blueprint("accounts", __name__)


@bp.get("/account/start")
@audience(Audience.SIGNED_IN)
def start() -> Response:
    """Where people land after signing in: at their work, if there is only one place for them."""
    workshops = list_workshop_names()
    for endpoint in ("desk.overview", "badges.index"):
        places = [w for w in workshops if may_open(endpoint, w.id)]
        if len(places) == 1:
            return to(endpoint, slug=places[0].slug)
        if places:
            break  # the list of workshops offers the choice
    return to("workshops.home")


@bp.route("/account/", methods=["GET", "POST"])
@audience(Audience.SIGNED_IN)
def show() -> Page:
    """One's own account: name, roles, password."""
    form = NameForm(obj=current_user)
    if form.validate_on_submit():
        colleagues.rename(current_user, form.name.data)
        db.session.commit()
        flash(_("Your name was saved."), "success")
        return to("accounts.show")
    return answer("accounts/show.html", form, workshops=_workshop_titles())


@bp.route("/account/password", methods=["GET", "POST"])
@audience(Audience.SIGNED_IN)
@limit_guessing
def change_password() -> Page:
    """Another password; whoever else is signed in with this account is signed out."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        account: Account = current_user._get_current_object()

        def change() -> None:
            service.change_password(
                account, form.present.data, form.password.data, sign_in=session.get("sign_in", "")
            )
            login_user(account)

        if done(form, change):
            flash(_("Your password was changed. Other devices were signed out."), "success")
            return to("accounts.show")
        if isinstance(form.refusal, service.SignedOutMeanwhile):
            session.clear()  # and nothing here may ask any more who it was
            flash(form.refusal.message, "info")
            return to("security.login")
        if isinstance(form.refusal, service.WrongPassword):
            count_request()
    return answer("accounts/change_password.html", form)


@bp.route("/forgot-password", methods=["GET", "POST"])
@audience(Audience.EVERYONE)
@limited("RATELIMIT_LINK")
def forgot_password() -> Page:
    """Ask for a link to set a new password. The answer is the same for every address."""
    form = ForgotPasswordForm()
    if form.validate_on_submit():
        with same_time():
            service.request_password_link(form.email.data)
            db.session.commit()
        count_request()
        flash(_("If there is an account with this address, a link is on its way to it."), "success")
        return to("security.login")
    return answer("accounts/forgot_password.html", form)


@bp.route("/account/invitation/<token>", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
def invitation(token: str) -> Page:
    """Somebody who was invited sets a password."""
    return _set_password(service.INVITATION, token)


@bp.route("/reset-password/<token>", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
def reset_password(token: str) -> Page:
    """Somebody who has forgotten the password sets another."""
    return _set_password(service.PASSWORD, token)


def _set_password(purpose: str, token: str) -> Page:
    account = service.find_link_account(purpose, token)
    if account is None:
        return _link_not_valid()
    form = SetPasswordForm()
    if form.validate_on_submit():
        if done(form, lambda: know_device(service.accept_link(purpose, token, form.password.data))):
            flash(_("Your password is set. You can sign in with it now."), "success")
            return to("security.login")
        if isinstance(form.refusal, service.LinkNotValid):
            return _link_not_valid()
    return answer("accounts/set_password.html", form, account=account)


@bp.route("/account/first/<token>", methods=["GET", "POST"])
@audience(Audience.LINK_HOLDER)
def first(token: str) -> Page:
    """Create the first administrator, while there is no account."""
    if not service.first_link_holds(token):
        return _link_not_valid()
    form = FirstAdministratorForm()
    if form.validate_on_submit():
        # A refusal may come after the link was used up: rolled back, it stays valid.
        if done(
            form,
            lambda: service.create_first_administrator(
                token, email=form.email.data, name=form.name.data, password=form.password.data
            ),
        ):
            flash(_("Your account was created. You can sign in with it now."), "success")
            return to("security.login")
        if isinstance(form.refusal, service.LinkNotValid):
            return _link_not_valid()
    return answer("accounts/first.html", form)


def _link_not_valid() -> Page:
    return render_template("accounts/link_not_valid.html"), 410


@bp.get("/account/people")
@needs(Right.MANAGE_ACCOUNTS)
def people() -> str:
    """Everybody who can sign in."""
    return render_template(
        "accounts/people.html", accounts=list_accounts(), workshops=_workshop_titles()
    )


@bp.route("/account/people/new", methods=["GET", "POST"])
@needs(Right.MANAGE_ACCOUNTS)
def invite() -> Page:
    """A new account; its owner is mailed a link to set a password."""
    form = InviteForm()

    def create() -> str:
        account = service.create_account(
            form.email.data, form.role.data, form.workshop_id, form.name.data
        )
        service.invite(account)
        return account.email

    if form.validate_on_submit() and (invited := done(form, create)):
        email = invited.result
        flash(_("The invitation to %(email)s is on its way.", email=email), "success")
        return to("accounts.people")
    return answer("accounts/invite.html", form)


@bp.get("/account/people/<int:account_id>")
@needs(Right.MANAGE_ACCOUNTS)
def person(account_id: int) -> Page:
    """One account: roles, name, access."""
    return _person_page(_get_account(account_id))


@bp.post("/account/people/<int:account_id>/role")
@needs(Right.MANAGE_ACCOUNTS)
def change_role(account_id: int) -> Page:
    """Give a role, or another one than before."""
    account = _get_account(account_id)
    form = RoleForm()
    if form.validate() and done(
        form,
        lambda: colleagues.change_role(
            account, form.role.data, form.workshop_id, version=form.seen
        ),
    ):
        flash(_("The role was saved."), "success")
        return to("accounts.person", account_id=account_id)
    return _person_page(account, role_form=form)


@bp.post("/account/people/<int:account_id>/role/remove")
@needs(Right.MANAGE_ACCOUNTS)
def end_role(account_id: int) -> Page:
    """Take a role away."""
    workshop_id = request.form.get("workshop", type=int) or None
    version = request.form.get("version", type=int) or 0
    return _act(
        account_id,
        lambda account: colleagues.end_role(account, workshop_id, version=version),
        _("The role was removed."),
    )


@bp.post("/account/people/<int:account_id>/name")
@needs(Right.MANAGE_ACCOUNTS)
def rename(account_id: int) -> Page:
    """Correct a name."""
    account = _get_account(account_id)
    form = NameForm()
    if form.validate() and done(
        form, lambda: colleagues.rename(account, form.name.data, version=form.seen)
    ):
        flash(_("The name was saved."), "success")
        return to("accounts.person", account_id=account_id)
    return _person_page(account, name_form=form)


@bp.post("/account/people/<int:account_id>/invitation")
@needs(Right.MANAGE_ACCOUNTS)
def invite_again(account_id: int) -> Page:
    """Another invitation, in place of one that was lost or has expired."""
    return _act(account_id, service.invite, _("The invitation is on its way."))


@bp.post("/account/people/<int:account_id>/deactivate")
@needs(Right.MANAGE_ACCOUNTS)
def deactivate(account_id: int) -> Page:
    """Shut somebody out."""
    return _act(account_id, colleagues.deactivate, _("The account was deactivated."))


@bp.post("/account/people/<int:account_id>/reactivate")
@needs(Right.MANAGE_ACCOUNTS)
def reactivate(account_id: int) -> Page:
    """Let somebody in again."""
    return _act(account_id, colleagues.reactivate, _("The account is active again."))


@bp.route("/account/people/<int:account_id>/delete", methods=["GET", "POST"])
@needs(Right.MANAGE_ACCOUNTS)
def delete(account_id: int) -> Page:
    """Delete an account for ever, once its address was typed."""
    account = _get_account(account_id)
    form = DeleteAccountForm()
    if form.validate_on_submit() and done(
        form, lambda: colleagues.delete(account, form.typed.data)
    ):
        delete_files_without_mail()
        flash(_("The account was deleted."), "success")
        return to("accounts.people")
    return answer("accounts/delete.html", form, account=account)


def _get_account(account_id: int) -> Account:
    return db.session.get(Account, account_id) or abort(404)


def _act(account_id: int, command: Callable[[Account], None], said: str) -> Page:
    account = _get_account(account_id)
    try:
        command(account)
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.message, "danger")
    else:
        db.session.commit()
        flash(said, "success")
    return to("accounts.person", account_id=account_id)


def _person_page(
    account: Account, *, role_form: RoleForm | None = None, name_form: NameForm | None = None
) -> Page:
    sent = role_form or name_form
    role_form, name_form = (
        role_form or RoleForm(formdata=None),
        name_form or NameForm(formdata=None, obj=account),
    )
    for form in (role_form, name_form):
        form.accept_version(account.version)  # of the page that is shown now
    page = render_template(
        "accounts/person.html",
        account=account,
        workshops=_workshop_titles(),
        role_form=role_form,
        name_form=name_form,
    )
    return page, 422 if sent else 200


def _workshop_titles() -> dict[int, str]:
    return {workshop.id: workshop_label(workshop) for workshop in list_workshop_names()}
