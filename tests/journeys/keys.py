"""A reader who has a keyboard only: whatever they use, the Tab key has to lead there."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

MOST_STEPS = 150


@dataclass(frozen=True)
class Keys:
    """The keyboard of a page. Links, buttons and fields are named by how their names begin."""

    page: Page

    def reach(self, target: Locator) -> None:
        """Tab to it, or to one of them."""
        target.first.wait_for(state="attached")
        found = target.element_handles()  # asked for once: names take their time
        for _step in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("found => found.includes(document.activeElement)", found):
                return
        main = self.page.locator("main").inner_text()
        raise AssertionError(f"no way by keyboard to {target} on {self.page.url}: {main}")

    def press(self, target: str | Locator) -> None:
        """Reach a link or button and press it, on the same page."""
        self.reach(self._button(target) if isinstance(target, str) else target)
        self.page.keyboard.press("Enter")

    def follow(self, target: str | Locator) -> None:
        """Reach a link or button that leads to another page, and go there."""
        self.reach(self._button(target) if isinstance(target, str) else target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        if self.page.locator(".planner").count():
            expect(self.page.locator(".planner--live")).to_be_visible()

    def type(self, label: str, text: str) -> None:
        """Write into a field in place of what stands there; choose in a list; set a time."""
        self.reach(self.page.get_by_label(_begins(label)))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def tap(self, *keys: str) -> None:
        """Press these keys where the focus is."""
        for key in keys:
            self.page.keyboard.press(key)

    def _button(self, name: str) -> Locator:
        begins = _begins(name)
        links = self.page.get_by_role("link", name=begins)
        return links.or_(self.page.get_by_role("button", name=begins))


def _begins(name: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(name)}(?!\w)")
