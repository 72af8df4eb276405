"""How people sign in: Flask-Security with our accounts, log-in page and sessions.

Flask-Security hashes passwords and signs in and out. Invitations and new passwords are our own
(`service.py`), because its links would stand readable in queued mails.
"""

from datetime import timedelta
from typing import Any

from flask import Flask, abort, flash, g, render_template, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, user_logged_in, user_logged_out
from flask_security import RoleMixin, SQLAlchemyUserDatastore, views
from flask_security.forms import LoginForm
from wtforms import EmailField, Field, PasswordField
from wtforms.validators import DataRequired

from app.accounts.guessing import give_cookie, know_device, limit_guessing
from app.accounts.models import Account
from app.accounts.passwords import find_by_password
from app.accounts.queries import sign_in_holds
from app.accounts.service import begin_sign_in, end_sign_in
from app.extensions import db, security
from app.web.lengths import LONGEST_PASSWORD, Fits
from app.web.limits import count_request
from app.web.mail_addresses import LONGEST_ADDRESS, is_mail_address
from app.web.texts import clean_line

SETTINGS = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],  # argon2 salts by itself
    # OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__memory_cost": 19 * 1024,
        "argon2__time_cost": 2,
        "argon2__parallelism": 1,
    },
    "SECURITY_LOGIN_USER_TEMPLATE": "security/login.html",
    "SECURITY_POST_LOGIN_VIEW": "accounts.start",
    "SECURITY_POST_LOGOUT_VIEW": "security.login",
    # Only what is used: no second log-in page, static files, tokens or commands of its own.
    "SECURITY_FRESHNESS": timedelta(days=-1),
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_CACHE_CONTROL": None,  # ours are on every page
}
# What Flask-Login has put into a session when it tells that somebody signed in.
LOGIN_KEYS = {"_user_id", "_fresh", "_id"}


class SignInForm(LoginForm):
    """E-mail address and password. Whatever is wrong with them, the answer is the same."""

    email = EmailField(
        _l("E-mail address"),
        filters=[clean_line],
        validators=[
            Fits(LONGEST_ADDRESS),
            DataRequired(_l("Enter your e-mail address.")),
            is_mail_address,
        ],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[Fits(LONGEST_PASSWORD), DataRequired(_l("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    remember = None
    submit = None

    def validate_next(self, field: Field) -> None:
        """No message for a forged address: Flask-Security ignores it after the sign-in."""

    def validate(self, **kwargs: Any) -> bool:
        """Never tell whether the address is known, the account active, a password set."""
        # Not `LoginForm`'s own: it hashes while the database is locked.
        if not super(LoginForm, self).validate(**kwargs):
            return False
        self.user = find_by_password(self.email.data, self.password.data)
        if self.user is None:
            self.form_errors.append(_("The e-mail address or the password is not correct."))
            count_request()
        return self.user is not None


def init_sign_in(app: Flask) -> None:
    """Start Flask-Security with our accounts, and end sessions when their time is over."""
    for name, value in SETTINGS.items():
        app.config.setdefault(name, value)
    # Before Flask-Security's own hook, which already asks who is signed in.
    app.before_request(_end_old_session)
    app.before_request(_refuse_json)
    security.init_app(
        app,
        # Roles hold per workshop and are ours (`Membership`); its own are not used.
        SQLAlchemyUserDatastore(db, Account, RoleMixin),
        register_blueprint=True,
        login_form=SignInForm,
        render_template=_render,
    )
    security.want_json(lambda _request: False)
    # Nobody signs in with a token in a header or an address.
    security.login_manager.request_loader(lambda _request: None)
    app.view_functions["security.login"] = log_in
    app.after_request(give_cookie)
    user_logged_in.connect(_begin_session, app)
    user_logged_out.connect(_end_session, app)
    app.context_processor(_context)


@limit_guessing
def log_in() -> Any:
    """Flask-Security's log-in page, where guessing soon has to wait."""
    return views.login()


def _refuse_json() -> None:
    if request.blueprint == "security" and request.is_json:
        abort(415)


def _end_old_session() -> None:
    """Forget a session that was ended elsewhere or is too old; the cookie's age is Flask's part."""
    if "_user_id" in session and not sign_in_holds(session.get("sign_in", "")):
        session.clear()
        flash(_("Your session has ended. Please sign in again."), "info")


def _begin_session(_app: Flask, user: Account) -> None:
    """Keep nothing from before the sign-in, so that nobody can have planted it."""
    for key in session.keys() - LOGIN_KEYS:
        session.pop(key)
    g.pop("csrf_token", None)
    session.permanent = True  # its cookie is renewed at each request
    session["sign_in"] = begin_sign_in(user)
    know_device(user)


def _end_session(_app: Flask, **_kwargs: object) -> None:
    end_sign_in(session.get("sign_in", ""))
    session.clear()
    db.session.commit()  # Flask-Security's view does not, because it has nothing to save


def _render(template: str, **context: Any) -> str | tuple[str, int]:
    """Flask-Security's pages, with the status that all pages with errors have."""
    page = render_template(template, **context)
    form = context.get("login_user_form")
    return (page, 422) if form is not None and form.errors else page


def _context() -> dict[str, Any]:
    return {"current_account": current_user if current_user.is_authenticated else None}
