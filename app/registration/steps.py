"""The steps of the registration form: declared here, and nowhere else.

The form in steps, its drafts, the page before sending, one's own page and the forms that show all
at once (for changes, and at the desk) go through this list.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.registration.forms import (
    ConsentsForm,
    OrganisationForm,
    ParticipationForm,
    PersonForm,
    StepForm,
)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page of the form."""

    name: str
    """In addresses, drafts and names of templates."""
    title: Any
    """Of its page, as it speaks to the person."""
    heading: Any
    """Where all steps stand together."""
    form: type[StepForm]
    intro: Any = ""
    desk_hint: Any = ""
    """For organisers, who fill it in for somebody else."""

    @property
    def template(self) -> str:
        """Its fields, which take `form`."""
        return f"registration/_{self.name}.html"

    def asks(self, field: str) -> bool:
        """Whether the field of this name belongs to it."""
        return hasattr(self.form, field)


CONSENTS = Step(
    name="consents",
    title=_l("Your consents"),
    heading=_l("Consents"),
    form=ConsentsForm,
    intro=_l(
        "All consents are voluntary and no condition for taking part. You can withdraw each of"
        " them at any time by your personal link."
    ),
    desk_hint=_l(
        "Tick only what the person has agreed to. The words are those that the person sees."
    ),
)
STEPS = (
    Step(name="person", title=_l("About you"), heading=_l("Person"), form=PersonForm),
    Step(
        name="organisation",
        title=_l("Your organisation"),
        heading=_l("Organisation"),
        form=OrganisationForm,
    ),
    Step(
        name="participation",
        title=_l("Your participation"),
        heading=_l("Participation"),
        form=ParticipationForm,
    ),
    CONSENTS,
)
IN_ADDRESSES = f"<any({', '.join(step.name for step in STEPS)}):step>"
"""A step's name, as part of a route."""


def find_step(name: str) -> Step:
    """The step of that name."""
    return next(step for step in STEPS if step.name == name)


def step_asking(field: str) -> Step:
    """The step to which a field belongs; the first one for an error that belongs to none."""
    return next((step for step in STEPS if step.asks(field)), STEPS[0])
