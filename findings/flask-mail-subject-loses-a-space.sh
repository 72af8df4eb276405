#!/usr/bin/env bash
# Flask-Mail 0.10.0 on Python 3.11: a subject arrives without one of its spaces.
#
# Flask-Mail encodes the subject rightly (email.header.Header: one run of encoded words), but for a
# line of its own, without 'Subject: ' before it. The first line is then longer than 78, so Python's
# SMTP policy, under which Flask-Mail writes the message, parses the encoded words and folds them
# anew - and that folding drops the space between two words that both need encoding.
#
# Expected: the subject that was given. Seen: '… Öffentlichkeitsarbeitgeübt“'.
# Exit 0: as stated. Exit 1: changed (a later Python or Flask-Mail may well have mended it).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install Flask-Mail==0.10.0 Flask==3.1.3
"$folder/venv/bin/python" - <<'PYTHON'
import re
import sys
from base64 import b64decode
from quopri import decodestring

import flask
import flask_mail

given = (
    "Frühjahrstagung Öffentlichkeitsarbeit: Sie haben einen Platz in"
    " „Für Öffentlichkeitsarbeit geübt“"
)
app = flask.Flask("finding")
app.config["MAIL_DEFAULT_SENDER"] = "site@example.org"
flask_mail.Mail(app)
with app.app_context():
    raw = flask_mail.Message(given, recipients=["kim@example.org"], body="-").as_bytes().decode()


def decode(word: re.Match[str]) -> str:
    octets = word[2].encode()
    if word[1] in "bB":
        return b64decode(octets).decode()
    return decodestring(octets, header=True).decode()


# RFC 2047 in three lines: unfold, forget the blanks between encoded words, decode each.
header = re.search(r"Subject: ((?:.*\r\n )*.*)", raw)[1].replace("\r\n", "").strip()
header = re.sub(r"(\?=)[ \t]+(?==\?)", r"\1", header)
read = re.sub(r"=\?utf-8\?([bBqQ])\?([^?]*)\?=", decode, header)
print("Python", sys.version.split()[0])
print("given:", given)
print("read: ", read)
sys.exit(0 if read == given.replace("arbeit geübt", "arbeitgeübt") else 1)
PYTHON
