"""What the call and the proposals look like as forms: input only."""

import re
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    RadioField,
    SelectChoice,
    SelectField,
    ValidationError,
)
from wtforms.validators import InputRequired, Optional

from app.agenda.draft.queries import list_tracks
from app.contributions.mails import ProposalLetter
from app.contributions.models import Call, Proposal
from app.contributions.service import CallDraft, ProposalDraft
from app.web.forms import Form, VersionedForm, long_text_field, number_or_none, text_field
from app.workshops.models import Workshop

SCORES = {
    5: _l("5 – by all means"),
    4: _l("4 – rather yes"),
    3: _l("3 – undecided"),
    2: _l("2 – rather not"),
    1: _l("1 – no"),
}
_CHOOSE = _l("Choose an entry of the list.")
MOST_LENGTHS = 8


def _moment(label: Any, description: Any) -> DateTimeLocalField:
    return DateTimeLocalField(
        label,
        validators=[Optional(), _sensible_year],
        description=description,
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y, %H:%M"],
        invalid_value_message=_l("Enter a date and time such as 04.12.2026 18:00."),
    )


def _sensible_year(_form: Form, field: Field) -> None:
    if field.data is not None and not 2000 <= field.data.year <= 2100:
        raise ValidationError(_("Enter a year from 2000 to 2100."))


class CallForm(VersionedForm):
    """When proposals are taken, and what participants read and choose."""

    opens_at = _moment(_l("Proposals are taken from"), _l("Empty: none are taken."))
    closes_at = _moment(_l("Proposals are taken until"), _l("Empty: until you enter an end here."))
    intro = long_text_field(
        _l("What you are looking for"),
        longest=3000,
        description=_l("Participants read it above the form."),
        render_kw={"rows": 8},
    )
    lengths = text_field(
        _l("Lengths to choose from, in minutes"),
        required=_l("Enter at least one length, such as 20, 45."),
        longest=60,
    )

    def validate_lengths(self, field: Field) -> None:
        """Whole numbers from 5 to 480, separated by commas or blanks."""
        parts = [part for part in re.split(r"[,;\s]+", field.data) if part]
        numbers = [int(part) for part in parts if re.fullmatch(r"[0-9]{1,3}", part)]
        if len(numbers) < len(parts) or not all(5 <= n <= 480 for n in numbers):
            raise ValidationError(_("Enter minutes from 5 to 480, separated by commas."))
        if len(numbers) > MOST_LENGTHS:
            raise ValidationError(_("Enter at most %(count)s lengths.", count=MOST_LENGTHS))

    @staticmethod
    def data_of(call: Call, workshop: Workshop) -> dict[str, Any]:
        """The stored call as the form shows it."""

        def local(at: datetime | None) -> datetime | None:
            return at.astimezone(workshop.zone).replace(tzinfo=None) if at else None

        return {
            "version": call.version,
            "opens_at": local(call.opens_at),
            "closes_at": local(call.closes_at),
            "intro": call.intro,
            "lengths": ", ".join(str(n) for n in call.lengths),
        }

    def draft(self, workshop: Workshop) -> CallDraft:
        """What was typed."""

        def instant(at: datetime | None) -> datetime | None:
            return at.replace(tzinfo=workshop.zone) if at else None

        return CallDraft(
            opens_at=instant(self.opens_at.data),
            closes_at=instant(self.closes_at.data),
            intro=self.intro.data or "",
            lengths=sorted({int(n) for n in re.findall("[0-9]+", self.lengths.data)}),
        )


class ProposalForm(VersionedForm):
    """What a participant proposes."""

    title = text_field(_l("Title"), required=_l("Enter a title."), longest=200)
    abstract = long_text_field(
        _l("What it is about"),
        required=_l("Describe it in a few sentences."),
        longest=3000,
        description=_l("Two or three sentences are enough. Lists, **bold** and *italic* are fine."),
        render_kw={"rows": 8},
    )
    minutes = RadioField(
        _l("Length"),
        validators=[InputRequired(_CHOOSE)],
        invalid_choice_message=_CHOOSE,
    )
    track_id = SelectField(
        _l("Topic"),
        coerce=number_or_none,
        validators=[Optional()],
        invalid_value_message=_CHOOSE,
        invalid_choice_message=_CHOOSE,
    )
    speaks_self = BooleanField(_l("I speak myself"))
    others = long_text_field(
        _l("Further speakers"),
        longest=1000,
        description=_l("One person a line: name, comma, organisation. Please ask them before."),
    )

    def offer(self, call: Call, workshop: Workshop, kept: Proposal | None = None) -> None:
        """Offer the call's lengths and the workshop's topics."""
        lengths = {*call.lengths, *([kept.minutes] if kept else [])}
        self.minutes.choices = [
            SelectChoice(str(n), ngettext("%(num)s minute", "%(num)s minutes", n))
            for n in sorted(lengths)
        ]
        self.track_id.choices = [
            SelectChoice("", _l("No topic")),
            *(SelectChoice(str(t.id), t.name) for t in list_tracks(workshop.id)),
        ]

    @staticmethod
    def data_of(proposal: Proposal) -> dict[str, Any]:
        """The stored proposal as the form shows it."""
        names = ("version", "title", "abstract", "track_id", "speaks_self", "others")
        return {name: getattr(proposal, name) for name in names} | {
            "minutes": str(proposal.minutes)
        }

    def draft(self) -> ProposalDraft:
        """What was typed."""
        return ProposalDraft(
            title=self.title.data,
            abstract=self.abstract.data,
            minutes=int(self.minutes.data),
            track_id=self.track_id.data,
            speaks_self=self.speaks_self.data,
            others=self.others.data or "",
        )


class ScoreForm(Form):
    """What an organiser thinks of a proposal."""

    score = SelectField(
        _l("Your score"),
        coerce=number_or_none,
        choices=[
            SelectChoice("", _l("None yet")),
            *(SelectChoice(str(score), label) for score, label in SCORES.items()),
        ],
        invalid_value_message=_CHOOSE,
        invalid_choice_message=_CHOOSE,
    )


class CommentForm(Form):
    """What an organiser says to the others."""

    text = long_text_field(_l("Your comment"), required=_l("Write a comment first."), longest=2000)


class DecisionForm(VersionedForm):
    """The mail that tells of a decision."""

    subject = text_field(
        _l("Subject"),
        longest=200,
        description=_l("The workshop's title stands before it."),
    )
    body = long_text_field(
        _l("Text"),
        longest=5000,
        description=_l("The link to the own proposals and the signature follow below."),
        render_kw={"rows": 12},
    )

    def letter(self) -> ProposalLetter | None:
        """What was typed; None, with messages at the fields, if something is missing."""
        for field in (self.subject, self.body):
            if not field.data:
                field.errors = [_("Without it there is no e-mail to send.")]
        if self.subject.data and self.body.data:
            return ProposalLetter(self.subject.data, self.body.data)
        return None
