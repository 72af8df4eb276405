"""What may be done, and what each role may do of it.

A route declares the right that it needs (`app.web.access.needs`). Whoever can say
`may(right, workshop_id)` is a holder of rights, such as `app.accounts.models.Account`.
"""

import enum


class Right(enum.StrEnum):
    """What may be done in a workshop, or (the last ones) in the whole installation."""

    PRINT_BADGES = "print badges"  # and see their state
    IDENTIFY_BADGES = "identify badges"  # whose a badge is, by its code
    SEE_LISTS = "see lists"  # of participants, on paper
    READ_AGENDA = "read agenda"  # as released, also if it is participants' only; and on paper

    SEE_OVERVIEW = "see overview"
    SEE_PARTICIPANTS = "see participants"
    CHANGE_PARTICIPANTS = "change participants"
    DECIDE_ADMISSION = "decide admission"
    EDIT_AGENDA = "edit agenda"  # the draft: whoever may see it may change it
    PUBLISH_AGENDA = "publish agenda"
    MANAGE_SPEAKERS = "manage speakers"
    MANAGE_CONTRIBUTIONS = "manage contributions"
    MANAGE_SIGN_UPS = "manage sign-ups"
    SEE_FEEDBACK = "see feedback"
    HANDLE_MAIL = "handle mail"
    CHANGE_SETTINGS = "change settings"
    SEE_JOURNAL = "see journal"

    CREATE_WORKSHOPS = "create workshops"
    MANAGE_ACCOUNTS = "manage accounts"


STAFF = frozenset({Right.PRINT_BADGES, Right.IDENTIFY_BADGES, Right.SEE_LISTS, Right.READ_AGENDA})
ORGANISER = frozenset(Right) - {Right.CREATE_WORKSHOPS, Right.MANAGE_ACCOUNTS}
ADMINISTRATOR = frozenset(Right)
