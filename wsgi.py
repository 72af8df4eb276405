"""Entry point for gunicorn and the flask command: `gunicorn wsgi:app`, `flask --app wsgi`."""

from dotenv import load_dotenv

from app import create_app
from config import ROOT

load_dotenv(ROOT / ".env")
app = create_app()
