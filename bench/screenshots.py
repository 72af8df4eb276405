"""The pictures in docs/screenshots: the demo's pages, and first pages of its PDFs.

Run by bin/screenshots. Each picture has few colours, so that a clone stays small.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bench.bench_registration import confirm, draw_links, send
from bench.installation import ROOT, Installation, make_installation
from bench.participant import email_of
from tests.journeys.browser import find_chromium

FOLDER = ROOT / "docs" / "screenshots"
DESKTOP, PHONE, SCREEN = (1280, 900), (375, 812), (1920, 1080)
COLOURS = 128
Scheme = Literal["light", "dark"]
Picture = tuple[str, str, tuple[int, int], Scheme]  # name, path, size, colour scheme
PUBLIC: tuple[Picture, ...] = (
    ("home", "/leipzig/", DESKTOP, "light"),
    ("home-phone", "/leipzig/", PHONE, "light"),
    ("home-phone-dark", "/leipzig/", PHONE, "dark"),
    ("registration-phone", "/leipzig/register", PHONE, "light"),
    ("registration", "/leipzig/register", DESKTOP, "light"),
    ("agenda", "/leipzig/agenda", DESKTOP, "light"),
    ("agenda-phone-dark", "/leipzig/agenda", PHONE, "dark"),
    ("foyer", "/leipzig/agenda/now", SCREEN, "light"),
)
DESK: tuple[Picture, ...] = (
    ("overview", "/leipzig/desk/", DESKTOP, "light"),
    ("overview-dark", "/leipzig/desk/", DESKTOP, "dark"),
    ("participants", "/leipzig/desk/participants", DESKTOP, "light"),
    ("badges", "/leipzig/desk/badges", DESKTOP, "light"),
    ("plan", "/leipzig/desk/agenda", DESKTOP, "light"),
    ("plan-dark", "/leipzig/desk/agenda", DESKTOP, "dark"),
    ("sign-ups", "/leipzig/desk/agenda/sign-ups", DESKTOP, "light"),
    ("proposals", "/leipzig/desk/agenda/contributions", DESKTOP, "light"),
)
PAPERS = (
    ("badge-sheet", "badges"),
    ("participant-list", "participant-list"),
    ("programme", "programme"),
)


def main() -> int:
    """Take all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with (
        tempfile.TemporaryDirectory() as folder,
        make_installation(Path(folder), participants=70) as installation,
        installation.serve(),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        take_public(browser, installation)
        take_desk(browser, installation)
        browser.close()
        take_papers(installation)
    return 0


def take_public(browser: Browser, installation: Installation) -> None:
    """What visitors see, and one's own registration."""
    page = open_tab(browser, installation)
    for name, path, size, scheme in PUBLIC:
        take(page, name, path, size, scheme)
    send(installation, 1)
    token = draw_links(installation)[email_of(1)]
    confirm(installation, token)
    take(page, "own-registration-phone", f"/leipzig/registration/{token}", PHONE, "light")
    take(page, "own-agenda-phone", f"/leipzig/registration/{token}/agenda", PHONE, "light")
    page.context.close()


def take_desk(browser: Browser, installation: Installation) -> None:
    """What the organisers see."""
    logins = (installation.folder / "demo-logins.txt").read_text().splitlines()
    _role, email, password = logins[0].split("\t")
    page = open_tab(browser, installation)
    page.goto("/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    with page.expect_navigation():
        page.click("main form [type=submit]")
    for name, path, size, scheme in DESK:
        take(page, name, path, size, scheme)
    page.context.close()


def open_tab(browser: Browser, installation: Installation) -> Page:
    """A tab of a German visitor."""
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{installation.port}", locale="de-DE", reduced_motion="reduce"
    )
    return context.new_page()


def take(page: Page, name: str, path: str, size: tuple[int, int], scheme: Scheme) -> None:
    """One picture of what is seen without scrolling."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    answer = page.goto(path, wait_until="networkidle")
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{path}: {answer and answer.status}")
    target = FOLDER / f"{name}.png"
    page.screenshot(path=target)
    make_small(target)


def take_papers(installation: Installation) -> None:
    """The first page of a badge sheet and of the participant list."""
    for name, command in PAPERS:
        document = installation.folder / f"{name}.pdf"
        installation.flask(command, "leipzig", "--output", str(document))
        subprocess.run(
            ["pdftoppm", "-png", "-r", "80", "-singlefile", document, FOLDER / name], check=True
        )
        make_small(FOLDER / f"{name}.png")


def make_small(path: Path) -> None:
    """Keep the most frequent colours only."""
    with Image.open(path) as picture:
        reduced = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    reduced.save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
