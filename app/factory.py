"""Puts the application together: settings, extensions, features, commands."""

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from app.accounts import routes as accounts_routes
from app.accounts.cli import staff
from app.accounts.sign_in import init_sign_in
from app.agenda.draft.queries import written_topics
from app.agenda.exports import routes as export_routes
from app.agenda.public import routes as agenda_routes
from app.agenda.releases.service import written_release
from app.badges import routes as badges_routes
from app.badges.cli import badges
from app.cli import init_cli
from app.contributions import routes as contributions_routes
from app.contributions.queries import written_call
from app.demo.cli import demo
from app.desk import mail_routes
from app.desk import routes as desk_routes
from app.documents import programme_routes
from app.documents import routes as documents_routes
from app.documents.cli import participant_list
from app.documents.pdf import init_press
from app.documents.programme_cli import programme
from app.editor import places as agenda_desk_routes
from app.editor import routes as editor_routes
from app.extensions import csrf, init_database, init_jobs, limiter
from app.feedback import routes as feedback_routes
from app.materials import routes as materials_routes
from app.migrating import init_migrations
from app.outbox import tasks as outbox_tasks
from app.outbox.smtp import init_mail
from app.privacy import tasks as privacy_tasks
from app.privacy.cli import retention
from app.publishing import routes as publishing_routes
from app.registration import routes as registration_routes
from app.registration import tasks as registration_tasks
from app.registration.leaving import init_leaving
from app.signup import routes as signup_routes
from app.signup import tasks as signup_tasks
from app.signup.service import drop_all
from app.speakers import routes as speakers_routes
from app.web import routes as web_routes
from app.web.access import init_access
from app.web.addresses import init_addresses
from app.web.assets import init_assets
from app.web.errors import Site, init_errors
from app.web.headers import add_to_static, init_headers
from app.web.kept import Part, init_kept
from app.web.language import init_language
from app.web.templates import init_templates
from app.web.uploads import init_uploads
from app.workshops import routes as workshops_routes
from app.workshops.current import init_current_workshop
from config import ROOT, load_config

FEATURES = (
    web_routes,
    accounts_routes,
    agenda_routes,
    export_routes,
    agenda_desk_routes,
    editor_routes,
    publishing_routes,
    registration_routes,
    documents_routes,
    badges_routes,
    programme_routes,
    feedback_routes,
    contributions_routes,
    materials_routes,
    speakers_routes,
    signup_routes,
    desk_routes,
    mail_routes,
    workshops_routes,  # last: its '/<slug>/' is the widest address
)
# What else the pages are made of that are made once for all visitors.
KEPT: dict[str, tuple[Part, ...]] = {
    "workshops.show": (written_topics, written_call),
    "agenda.show": (written_release,),
}
# What features do when somebody cancels.
LEAVING = (drop_all,)
TASKS = (outbox_tasks, registration_tasks, signup_tasks, privacy_tasks)
"""Modules that declare jobs for the worker; importing them is enough."""

COMMANDS = (staff, demo, badges, participant_list, programme, retention)


def build(overrides: dict[str, Any] | None = None) -> Flask:
    """The application with its settings; `overrides` win over the environment."""
    app = Site(
        "app",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.from_mapping(load_config(overrides))
    init_templates(app)
    init_database(app)
    init_migrations(app)
    init_jobs(app)
    init_mail(app)
    init_press(app)
    init_uploads(app)
    csrf.init_app(app)
    limiter.init_app(app)
    init_current_workshop(app)
    init_sign_in(app)
    init_access(app)
    init_addresses(app)
    init_headers(app)
    init_errors(app)
    init_language(app)
    init_kept(app, KEPT)
    init_leaving(app, LEAVING)
    init_assets(app)
    init_cli(app)
    for command in COMMANDS:
        app.cli.add_command(command)
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    return _behind_proxies(app)


def _behind_proxies(app: Flask) -> Flask:
    """Serve static files, and believe as many reverse proxies as the settings name."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask's own way to wrap
        app.wsgi_app,
        root=str(ROOT / "static"),
        prefix="static/",
        max_age=31536000,
        allow_all_origins=False,
        add_headers_function=add_to_static,
    )
    hops = app.config["TRUSTED_PROXIES"]
    if hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's own way to wrap
            app.wsgi_app, x_for=hops, x_proto=hops
        )
    return app
