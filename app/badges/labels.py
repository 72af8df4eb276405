"""Words for the states of badges, the same on every page."""

from flask_babel import lazy_gettext as _l

from app.badges.queries import PrintState

PRINT_STATES = {
    PrintState.NEW: _l("not printed"),
    PrintState.CHANGED: _l("changed since it was printed"),
    PrintState.PRINTED: _l("printed"),
}
