"""What every form shares: CSRF, cleaned text, and refusals shown at their field."""

from functools import lru_cache
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from markupsafe import Markup, escape
from wtforms import Field, IntegerField, PasswordField, StringField, TextAreaField
from wtforms.meta import DefaultMeta
from wtforms.validators import DataRequired, Optional, StopValidation
from wtforms.widgets import HiddenInput
from wtforms.widgets.core import Input, clean_key

from app.refusals import ChangedMeanwhile, Refused
from app.web.addresses import LARGEST_ID
from app.web.language import select_language
from app.web.lengths import Fits, length_first
from app.web.texts import clean_line, clean_text, find_undisplayable


def number_or_none(value: Any) -> int | None:
    """The number of a chosen entry, None for the empty one: for `coerce`. Raises `ValueError`."""
    if value in {None, ""}:
        return None
    if len(str(value)) > len(str(LARGEST_ID)):
        raise ValueError("no number of an entry")
    return int(value)


class Form(FlaskForm):  # type: ignore[misc]  # the package has no types
    """A form of this site. Errors that belong to no field are in `form_errors`."""

    refusal: Refused | None = None
    """Why its command was refused, if it was: the fields and `form_errors` tell it to people."""

    @property
    def is_overtaken(self) -> bool:
        """Whether its command was refused because somebody else has been faster."""
        return isinstance(self.refusal, ChangedMeanwhile)

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # the package has no types
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Clean every text before its own filters see it, and check its length first.

            Passwords stay as they are typed.
            """
            validators, filters = _ours_first(unbound_field)
            options["validators"] = list(validators)
            return unbound_field.bind(form=form, filters=list(filters), **options)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read the fields of a sent form only: files and JSON in their place count as empty."""
            if formdata is _Auto:
                return request.form if form.is_submitted() else None
            return formdata

        def get_translations(self, form: Any) -> Any:
            """WTForms' own messages; Flask-WTF would read their file again for every form."""
            self.locales = (select_language(),)
            return DefaultMeta.get_translations(self, form)

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
            """Write attributes by our own function: WTForms' takes a quarter of a form's time."""
            if isinstance(field.widget, Input):
                field.widget.html_params = attributes
            rendered: Markup = DefaultMeta.render_field(self, field, render_kw)
            return rendered


class VersionedForm(Form):
    """Remembers which version was on the screen, so that two editors undo nothing unseen."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @property
    def seen(self) -> int:
        """The version that was on the screen; 0 where none was sent."""
        return int(self.version.data or 0) if self.version.raw_data else 0

    def accept_version(self, version: int) -> None:
        """From now on the form knows this version, whatever the browser sent."""
        self.version.data = version
        self.version.raw_data = None


@lru_cache(maxsize=4096)  # for each field of each form, every time it is shown or sent
def _ours_first(unbound_field: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """A declared field's validators and filters, with what is done with each before them."""
    kind = unbound_field.field_class
    validators = length_first(kind, list(unbound_field.kwargs.get("validators", ())))
    filters = list(unbound_field.kwargs.get("filters", ()))
    if issubclass(kind, TextAreaField):
        filters.insert(0, clean_text)
    elif issubclass(kind, StringField) and not issubclass(kind, PasswordField):
        filters.insert(0, clean_line)
    return tuple(validators), tuple(filters)


def attributes(**values: Any) -> Markup:
    """Attributes of an HTML element, as `wtforms.widgets.html_params` writes them."""
    written = []
    for key, value in sorted(values.items()):
        name = clean_key(key)
        if value is True:
            written.append(name)
        elif value is not False:
            text = str(escape(value)).replace('"', "&quot;")
            written.append(f'{name}="{text}"')
    return Markup(" ".join(written))  # noqa: S704 - names are ours, values are escaped


class NoControlCharacters:
    """Refuse characters that no keyboard types and no paper prints."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        found = find_undisplayable(field.data or "")
        if found is None:
            return
        at: str = _("Character %(column)s", column=found.column)
        if isinstance(field, TextAreaField):
            at = _("Line %(line)s, character %(column)s", line=found.line, column=found.column)
        raise StopValidation(
            _("%(at)s cannot be displayed: %(name)s. Remove it.", at=at, name=found.name)
        )


def text_field(
    label: Any, *, required: Any = None, longest: int, description: Any = "", **kwargs: Any
) -> StringField:
    """A field for one line. `required` is the sentence shown when it is empty."""
    validators = _text_validators(required, longest, kwargs)
    return StringField(label, validators=validators, description=description, **kwargs)


def long_text_field(
    label: Any, *, required: Any = None, longest: int, description: Any = "", **kwargs: Any
) -> TextAreaField:
    """A field for several lines. `required` is the sentence shown when it is empty."""
    validators = _text_validators(required, longest, kwargs)
    return TextAreaField(label, validators=validators, description=description, **kwargs)


def _text_validators(required: Any, longest: int, kwargs: dict[str, Any]) -> list[Any]:
    presence = DataRequired(required) if required else Optional()
    return [Fits(longest), presence, NoControlCharacters(), *kwargs.pop("validators", ())]


def show_refusal(form: FlaskForm, refusal: Refused) -> None:
    """Put a refusal at the field that it names, else above the form."""
    form.refusal = refusal
    field = form._fields.get(refusal.field) if refusal.field else None
    if field is None:
        form.form_errors.append(refusal.message)
    else:
        field.errors = [*field.errors, refusal.message]
