"""A press: `python -m app.press FOLDER LIMITS [wait]`; see `app.press.asking`, which starts it."""

import sys
from pathlib import Path

from app.press.keeper import keep
from app.press.limits import Limits

if __name__ == "__main__":
    keep(Path(sys.argv[1]), Limits.from_text(sys.argv[2]), waits="wait" in sys.argv[3:])
