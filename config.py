"""Settings, read from the environment (or a `.env` file beside this one).

`load_config` is the only reader of the environment; everything else reads `app.config`.
"""

import os
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent


class CannotStart(SystemExit):
    """A setting or the disk does not allow it: one line on stderr, and status 1."""


def load_config(overrides: dict[str, Any] | None = None) -> dict[str, Any]:
    """All settings with their defaults; `overrides` win over the environment."""
    env = {**os.environ, **{k: v for k, v in (overrides or {}).items() if v is not None}}
    instance = Path(env.get("INSTANCE_DIR", ROOT / "instance")).resolve()
    try:
        # Databases in it hold personal data: only its owner may look inside.
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(f"INSTANCE_DIR: {instance}: {error.strerror}") from None
    base_url = str(env.get("BASE_URL") or f"http://localhost:{env.get('PORT', 8000)}").rstrip("/")
    database = env.get("DATABASE_URL") or f"sqlite:///{instance / 'tagungsbuero.db'}"
    config: dict[str, Any] = {
        # Where everything that this installation owns is kept.
        "INSTANCE_DIR": instance,
        # postgresql://user:password@host/name, or SQLite in the instance folder.
        "DATABASE_URL": database,
        "SECRET_KEY": env.get("SECRET_KEY") or _kept_secret(instance / "secret-key"),
        # The address people use; links in mails and QR codes begin with it.
        "BASE_URL": base_url,
        "HOST": env.get("HOST", "127.0.0.1"),
        "PORT": int(env.get("PORT", 8000)),
        # How many reverse proxies in front set X-Forwarded-For (0: none is believed).
        "TRUSTED_PROXIES": int(env.get("TRUSTED_PROXIES", 0)),
        # Without a server, mails are kept: shown in the desk, written to INSTANCE_DIR/mail.
        # MAIL_USE_TLS asks for STARTTLS. MAIL_USE_SSL speaks TLS from the first word, as port 465
        # always does (RFC 8314, 3.3). Certificates are checked.
        "MAIL_SERVER": env.get("MAIL_SERVER") or None,
        "MAIL_PORT": int(env.get("MAIL_PORT", 25)),
        "MAIL_USERNAME": env.get("MAIL_USERNAME") or None,
        "MAIL_PASSWORD": env.get("MAIL_PASSWORD") or None,
        "MAIL_USE_TLS": _flag(env.get("MAIL_USE_TLS")),
        "MAIL_USE_SSL": _flag(env.get("MAIL_USE_SSL")) or str(env.get("MAIL_PORT")) == "465",
        "MAIL_DEFAULT_SENDER": env.get("MAIL_DEFAULT_SENDER") or "tagungsbuero@localhost",
        # Jobs: SQLite in the instance folder, redis://… or postgresql://…
        "QUEUE_URL": env.get("QUEUE_URL") or f"sqlite:///{instance / 'queue.db'}",
        # Where limits are counted, for all processes together: beside a SQLite database in a
        # file of its own, else in the database. redis://…; memory:// counts per process.
        "RATELIMIT_STORAGE_URI": env.get("RATELIMIT_STORAGE_URI") or _counts(database, instance),
        "RATELIMIT_ENABLED": _flag(env.get("RATELIMIT_ENABLED", "1")),
        # Drafts begun and registrations sent per client. A whole authority often shares one
        # address, so this is generous.
        "RATELIMIT_REGISTER": env.get("RATELIMIT_REGISTER", "120 per hour"),
        # Wrong passwords: for one account from one address, for one account from all addresses
        # together, for all accounts from one address. Devices that have signed in with the
        # account before are counted by themselves, so strangers cannot lock its owner out.
        "RATELIMIT_LOGIN": env.get("RATELIMIT_LOGIN", "10 per 15 minutes"),
        "RATELIMIT_LOGIN_ACCOUNT": env.get("RATELIMIT_LOGIN_ACCOUNT", "30 per hour"),
        "RATELIMIT_LOGIN_ADDRESS": env.get("RATELIMIT_LOGIN_ADDRESS", "300 per hour"),
        # Mails that strangers can cause (links, reports of barriers) per client.
        "RATELIMIT_LINK": env.get("RATELIMIT_LINK", "60 per hour"),
        # New addresses that one participant may enter: each is sent a mail.
        "RATELIMIT_NEW_ADDRESS": env.get("RATELIMIT_NEW_ADDRESS", "5 per hour"),
        # What a paper may take: seconds to draw it, and megabytes of memory meanwhile.
        "PRESS_SECONDS": float(env.get("PRESS_SECONDS", 120)),
        "PRESS_MEMORY_MB": int(env.get("PRESS_MEMORY_MB", 768)),
        "SESSION_COOKIE_SECURE": base_url.startswith("https://"),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # Staff are signed out after so many hours without a request (long enough for a day at
        # the entrance), and in any case so many hours after they signed in.
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=float(env.get("SESSION_IDLE_HOURS", 12))),
        "SESSION_HOURS": float(env.get("SESSION_HOURS", 24)),
        # Mails about accounts (invitations, new passwords) are deleted after so many days.
        "ACCOUNT_MAIL_DAYS": int(env.get("ACCOUNT_MAIL_DAYS", 30)),
        # Files of sessions (slides): the largest one, and all of a session together.
        "MAX_UPLOAD_MB": float(env.get("MAX_UPLOAD_MB", 25)),
        "MAX_UPLOADS_PER_SESSION_MB": float(env.get("MAX_UPLOADS_PER_SESSION_MB", 100)),
        # For short forms; only routes that take a file read more (app/web/uploads.py).
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 256 * 1024,
        # Our pages tell no referrer, because personal links are in addresses; the token decides.
        "WTF_CSRF_SSL_STRICT": False,
        "WTF_CSRF_TIME_LIMIT": None,  # lives as long as the session: a form left open still works
        "BABEL_DEFAULT_LOCALE": "de",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Berlin",
    }
    config.update(overrides or {})
    config["INSTANCE_DIR"] = instance
    return config


def _counts(database: str, instance: Path) -> str:
    """Never SQLite's database itself, whose write lock a request may hold while it counts."""
    return f"sqlite:///{instance / 'limits.db'}" if database.startswith("sqlite") else database


def _flag(value: object) -> bool:
    return str(value or "").lower() in {"1", "true", "yes", "on"}


def _kept_secret(path: Path) -> str:
    """The installation's secret, made at the first start and readable by its owner alone."""
    try:
        with (
            suppress(FileExistsError),
            os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file,
        ):
            file.write(secrets.token_urlsafe(48))
        return path.read_text().strip()
    except OSError as error:
        raise CannotStart(f"SECRET_KEY is not set, and {path}: {error.strerror}") from None
