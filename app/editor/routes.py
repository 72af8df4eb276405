"""The agenda's draft at the desk: the plan and the list (`pages`), one session's forms
(`sessions`), and what moves, copies, deletes and undoes (`actions`)."""

from app.editor import actions, pages, sessions, start_routes
from app.editor.blueprint import bp

__all__ = ["actions", "bp", "pages", "sessions", "start_routes"]
