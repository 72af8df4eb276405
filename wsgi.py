"""Entry point for gunicorn and the flask command: `gunicorn wsgi:app`, `flask --app wsgi`."""

from dotenv import load_dotenv

from app import create_app
from app.memory import keep_memory_small
from config import ROOT

keep_memory_small()
load_dotenv(ROOT / ".env")
app = create_app()
