"""What tests of signing in do again and again."""

from tests.pages import Page, Visitor

COOKIE = "session"


def enter(visitor: Visitor, email: str, password: str, *, status: int = 200) -> Page:
    """Send the log-in form."""
    page = visitor.get("/login")
    return visitor.submit(page, {"email": email, "password": password}, status=status)


def is_signed_in(visitor: Visitor) -> bool:
    """Whether the account's page opens."""
    return visitor.client.get("/account/").status_code == 200


def cookie_of(visitor: Visitor) -> str:
    """The session cookie as a thief would copy it."""
    cookie = visitor.client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value
