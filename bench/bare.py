"""The least that Flask can serve: what a page costs before it does anything."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def page() -> str:
    """A line of HTML."""
    return "<!doctype html><title>Bare</title><h1>Bare</h1>"
