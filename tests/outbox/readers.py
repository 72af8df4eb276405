"""Readers of mails that share nothing with Python's `email`, nor with what we write by."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from urllib.parse import unquote

import pytest

PERL = r"""
use Encode; binmode STDIN; binmode STDOUT; $/ = "\0";
while (<STDIN>) {
    chomp; s/\r\n(?=[ \t])//g;
    print encode("UTF-8", decode("MIME-Header", $_)), "\0";
}
"""


def read_by_perl(headers: Sequence[str]) -> list[str]:
    """What Perl's Encode reads in these values of headers (RFC 2047), all by one process."""
    perl = shutil.which("perl")
    if perl is None or subprocess.run([perl, "-MEncode", "-e", "1"], check=False).returncode:
        pytest.skip("needs Perl with Encode: Debian's package perl, which PostgreSQL's needs too")
    done = subprocess.run(
        [perl, "-e", PERL], input="\0".join(headers).encode(), capture_output=True, check=True
    )
    return done.stdout.decode().split("\0")[: len(headers)]


def headers_of(letter: bytes) -> dict[str, str]:
    """The topmost headers, small, with the folds that they have."""
    head = letter.partition(b"\r\n\r\n")[0].decode("ascii")
    lines = re.split(r"\r\n(?![ \t])", head)
    return {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}


def filename_of(disposition: str) -> str:
    """The name of an attachment (RFC 2183, RFC 2231)."""
    parameters = dict(re.findall(r"; *([\w*]+)=([^;]*)", disposition.replace("\r\n", "")))
    if "filename" in parameters:
        return str(parameters["filename"]).strip().strip('"')
    parts = [parameters[key] for key in sorted(parameters, key=_number)]
    return unquote("".join(parts).removeprefix("utf-8''"), "utf-8", "strict")


def _number(key: str) -> int:
    return int((re.findall(r"\d+", key) or ["0"])[0])
