"""What the journeys ask of a browser beyond Playwright's own words."""

import os
import shutil
from dataclasses import dataclass

from playwright.sync_api import ConsoleMessage, Page, Request, Response

# What colours alone decide: a dark page needs no other checks than the same page in light.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def find_chromium() -> str | None:
    """The system's Chromium (`CHROMIUM` names another); None lets Playwright use its own."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def watch(page: Page, address: str) -> list[str]:
    """A list that fills with what the browser complains of on the page."""
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # Chromium reports each answer of 400 and more, which tests may well provoke.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(f"{page.url}: {message.text}")

    def on_response(response: Response) -> None:
        # A script's own requests may be refused, as forms may; what a page needs may not miss.
        refused = response.status in {409, 422} and response.request.resource_type == "fetch"
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type != "document" and not refused
        ):
            complaints.append(f"{page.url}: {response.status} for {response.url}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            complaints.append(f"{page.url} asks another host: {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("response", on_response)
    page.on("request", on_request)
    return complaints


@dataclass(frozen=True)
class Axe:
    """Axe's checks of the open page."""

    source: str

    def __call__(self, page: Page, *, colours_alone: bool = False) -> list[str]:
        """Violations as 'rule: what (where)'.

        The pages' policy forbids inline scripts, so axe does not go in as a script element: the
        debugger evaluates it, which the policy does not concern, and the page stays as it is.
        """
        if not page.evaluate("'axe' in window"):
            page.evaluate(self.source)
        rules = COLOURS if colours_alone else {"type": "tag", "values": WCAG}
        options = {"runOnly": rules, "resultTypes": ["violations"]}
        found = page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{violation['id']}: {violation['help']} ({', '.join(map(str, node['target']))})"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]


def overflowing(page: Page) -> list[str]:
    """What is wider than the window, so that the page would scroll sideways."""
    return page.evaluate(  # type: ignore[no-any-return]  # Playwright types answers as Any
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.body.querySelectorAll('*')]
                .filter(e => e.getBoundingClientRect().right > width + 1)
                .map(e => `${e.tagName.toLowerCase()}.${e.className}`.slice(0, 80))
                .slice(0, 5);
        }"""
    )
