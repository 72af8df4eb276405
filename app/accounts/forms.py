"""Forms of this feature."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, InputRequired

from app.accounts.models import Role
from app.accounts.queries import WorkshopName, list_workshop_names
from app.accounts.service import SHORTEST_PASSWORD
from app.web.forms import Form, NoControlCharacters, VersionedForm, number_or_none, text_field
from app.web.language import day_range
from app.web.lengths import Fits
from app.web.mail_addresses import LONGEST_ADDRESS
from app.web.texts import clean_line

EVERYWHERE = 0


def workshop_label(workshop: WorkshopName) -> str:
    """Title and days: each year's workshop may have the same title."""
    return f"{workshop.title}, {day_range(workshop.starts_on, workshop.ends_on)}"


def _email_field() -> EmailField:
    return EmailField(
        _l("E-mail address"),
        filters=[clean_line],
        validators=[
            Fits(LONGEST_ADDRESS),
            DataRequired(_l("Enter an e-mail address.")),
            NoControlCharacters(),
        ],
        render_kw={"autocomplete": "email"},
    )


def _new_password_field(label: Any) -> PasswordField:
    return PasswordField(
        label,
        validators=[DataRequired(_l("Enter a new password."))],
        description=_l(
            "At least %(number)d characters. Several words in a row are easy to remember.",
            number=SHORTEST_PASSWORD,
        ),
        render_kw={"autocomplete": "new-password"},
    )


def _repeat_field() -> PasswordField:
    return PasswordField(
        _l("Repeat the password"),
        validators=[
            DataRequired(_l("Enter the new password a second time.")),
            EqualTo("password", _l("The two passwords are not the same.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class ForgotPasswordForm(Form):
    """Where to mail a link."""

    email = _email_field()


class SetPasswordForm(Form):
    """A new password, twice."""

    password = _new_password_field(_l("New password"))
    repeat = _repeat_field()


class ChangePasswordForm(Form):
    """A new password by somebody who is signed in."""

    present = PasswordField(
        _l("Present password"),
        validators=[DataRequired(_l("Enter your present password."))],
        render_kw={"autocomplete": "current-password"},
    )
    password = _new_password_field(_l("New password"))
    repeat = _repeat_field()


class FirstAdministratorForm(Form):
    """The account with which an empty installation begins."""

    name = text_field(
        _l("Name"), required=_l("Enter your name."), longest=200, render_kw={"autocomplete": "name"}
    )
    email = _email_field()
    password = _new_password_field(_l("Password"))
    repeat = _repeat_field()


class NameForm(VersionedForm):
    """How colleagues see an account."""

    name = text_field(_l("Name"), required=_l("Enter a name."), longest=200)


def _role_field() -> RadioField:
    return RadioField(
        _l("Role"),
        choices=[
            SelectChoice(Role.STAFF, _l("Staff: check-in on site")),
            SelectChoice(Role.ORGANISER, _l("Organiser: everything in the workshop")),
            SelectChoice(
                Role.ADMINISTRATOR, _l("Administrator: all workshops, and who may do what")
            ),
        ],
        coerce=_role,
        validators=[DataRequired(_l("Choose a role."))],
    )


def _role(value: str | Role | None) -> Role | None:
    return Role(value) if value else None


class RoleForm(VersionedForm):
    """What somebody may do, and where."""

    role = _role_field()
    workshop = SelectField(_l("Workshop"), coerce=number_or_none, validators=[InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workshop.choices = [
            SelectChoice(EVERYWHERE, _l("All workshops")),
            *(SelectChoice(w.id, workshop_label(w)) for w in list_workshop_names()),
        ]

    @property
    def workshop_id(self) -> int | None:
        """The chosen workshop; None means all."""
        return self.workshop.data or None


class InviteForm(RoleForm):
    """Somebody new."""

    name = text_field(_l("Name"), required=_l("Enter a name."), longest=200)
    email = _email_field()
    # Declared anew, so that they stand below name and address, also in the list of errors.
    role = _role_field()
    workshop = SelectField(_l("Workshop"), coerce=number_or_none, validators=[InputRequired()])


class DeleteAccountForm(Form):
    """That an account is really meant."""

    typed = text_field(
        _l("Type the e-mail address of the account to confirm"),
        required=_l("Type the e-mail address of the account."),
        longest=LONGEST_ADDRESS,
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
