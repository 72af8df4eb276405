"""What stands on a badge, and where: computed in millimetres before anything is laid out."""

import functools
import hashlib
import json
import unicodedata
from dataclasses import dataclass, fields, replace

from flask_babel import gettext as _

from app.documents.fitting import BOLD, MM_PER_POINT, REGULAR, Box, Fitted, fit
from app.documents.stock import Stock
from app.workshops.models import OrganisationKind

DESIGN = "standard-1"
"""The design of all badges, as fingerprints name it: another one only if they look different."""

READABLE = 14.0
"""Points from which a name is read at two metres, whatever the size of the label.

Its capitals are then 3.4 mm high: at two metres 5.8 minutes of arc, and full sight tells letters
of 5 apart (ISO 8596).
"""
_NAME_LINES = 5
_BELOW_NAME = 0.75  # of its size is the most that other texts have


@dataclass(frozen=True, slots=True)
class Badge:
    """One badge. Every text may be empty but the name; texts are shown as they are.

    `name` holds the lines in which the name should stand, first name and last name as a rule.
    `code_url` is what the QR code opens; `role` the word for somebody who does more than take
    part. `workshop` and `dates` stand at the top where the label has room for them.
    """

    name: tuple[str, ...]
    kind: OrganisationKind
    kind_label: str
    organisation: str
    code_url: str
    title: str = ""
    department: str = ""
    function: str = ""
    role: str = ""
    no_photos: bool = False
    workshop: str = ""
    dates: str = ""

    @property
    def fingerprint(self) -> str:
        """Tells whether a badge that was printed has changed since; 64 hexadecimal digits.

        It comes of the design and of what stands on the badge. Fields that are empty have no part
        in it, so that new ones leave it; nor has the site's address, only the code.
        """
        facts: dict[str, object] = {f.name: getattr(self, f.name) for f in fields(self)}
        # The band's word goes with its kind.
        del facts["kind_label"], facts["code_url"]
        facts["code"] = self.code_url.rpartition("/")[2]
        shown = {name: _canonical(fact) for name, fact in facts.items() if fact}
        text = json.dumps({"design": DESIGN, **shown}, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def is_as_printed(self, fingerprint: str) -> bool:
        """Whether a badge that was printed with this fingerprint is the same as this one."""
        return fingerprint in {self.fingerprint, self._first_fingerprint}

    @property
    def _first_fingerprint(self) -> str:
        """As it was made at first, with the site's address and in Python's own spelling.

        Kept until 0.3: badges that were printed with it are then those of workshops long over.
        """
        facts = (
            *(self.name, self.kind, self.kind_label, self.organisation, self.code_url),
            *(self.title, self.department, self.function, self.role, self.no_photos),
            *(self.workshop, self.dates),
        )
        return hashlib.sha256(repr(facts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text at its place. `top` in millimetres from the label's edge."""

    css_class: str
    top: float
    fitted: Fitted


@dataclass(frozen=True, slots=True)
class PlacedBadge:
    """A badge with every text fitted to the label; `role_width` in millimetres."""

    badge: Badge
    name: PlacedText
    title: PlacedText | None
    below: tuple[PlacedText, ...]
    header: tuple[Fitted, ...]
    kind: Fitted
    role: Fitted | None
    role_width: float
    no_photos: Fitted | None


@dataclass(frozen=True, slots=True)
class _Step:
    """How far the other texts give way: what is left of the usual size of each.

    `small` is department and function; `title` the share of the name's room.
    """

    small: float
    organisation: float
    title: float


_STEPS = (
    _Step(1.0, 1.0, 0.18),
    _Step(0.85, 1.0, 0.15),
    _Step(0.75, 1.0, 0.12),
    _Step(0.75, 0.85, 0.12),
    _Step(0.7, 0.7, 0.12),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The places on a label of one size; millimetres from its top left corner."""

    width: float
    height: float
    margin: float
    band_height: float
    qr_size: float
    gap: float
    header_lines: int

    @property
    def band_top(self) -> float:
        """Where the coloured band begins; it ends a margin above the edge."""
        return self.height - self.margin - self.band_height

    @property
    def qr_left(self) -> float:
        """The QR code stands at the right."""
        return self.width - self.margin - self.qr_size

    @property
    def qr_top(self) -> float:
        """And rests on the band, a quiet zone above it."""
        return self.band_top - self.gap - self.qr_size

    @property
    def text_width(self) -> float:
        """From the left margin to the QR code's quiet zone."""
        return self.qr_left - self.gap - self.margin

    @property
    def text_top(self) -> float:
        """Where the texts of the person may begin."""
        return self.margin + self.header_lines * self.header_size * 0.46 + self.height * 0.015

    @property
    def text_bottom(self) -> float:
        """Where they end."""
        return self.band_top - self.height * 0.025

    @property
    def header_size(self) -> float:
        """Points of the workshop's title and dates."""
        return _between(self.height * 0.14, 6.5, 13)

    @property
    def header_tops(self) -> tuple[float, float]:
        """Where its two lines begin; their first ink is at the margin, about."""
        top = self.margin - 0.4
        return round(top, 2), round(top + self.header_size * MM_PER_POINT * 1.25, 2)

    @property
    def band_size(self) -> float:
        """Points of the words in the band."""
        return self.band_height * 1.5

    @property
    def mark_size(self) -> float:
        """Edge of the mark 'no photos'; its words stand beside it, above the QR code."""
        room = self.qr_top - self.gap - self.margin
        return round(min(self.qr_size * 0.4, room), 2)

    @property
    def mark_padding(self) -> float:
        """From the mark's left edge to its words."""
        return round(self.mark_size + self.qr_size * 0.06, 2)

    @property
    def mark_words_width(self) -> float:
        """To the right edge of the QR code."""
        return round(self.qr_size - self.mark_padding, 2)

    @property
    def band_width(self) -> float:
        """From margin to margin."""
        return round(self.width - 2 * self.margin, 2)

    @property
    def band_padding(self) -> float:
        """What stands free at the left of the words in the band, and beside the role."""
        return round(self.band_height * 0.3, 2)

    @property
    def role_top(self) -> float:
        """The role stands on white within the band."""
        return round(self.band_top + self.band_height * 0.12, 2)

    @property
    def role_height(self) -> float:
        """The band shows above it and below it."""
        return round(self.band_height * 0.76, 2)

    @property
    def pattern_width(self) -> float:
        """The band's right end, two squares of pattern."""
        return 2 * self.band_height

    @property
    def role_right(self) -> float:
        """Where the role ends, a little before the pattern."""
        return self.width - self.margin - self.pattern_width - self.band_padding


@functools.cache
def layout_for(width: float, height: float) -> Layout:
    """The layout of a label: small ones leave out the header, large ones grow all parts."""
    qr_size = _between(height * 0.36, 13, 34)
    return Layout(
        width=width,
        height=height,
        margin=round(_between(height * 0.06, 2.2, 6), 2),
        band_height=round(_between(height * 0.125, 4.2, 11), 2),
        qr_size=round(qr_size, 2),
        gap=round(qr_size * 0.14, 2),  # four modules of 29
        header_lines=2 if height >= 48 else 1 if height >= 36 else 0,
    )


def place(badge: Badge, stock: Stock) -> PlacedBadge:
    """Fit all texts of a badge to the label: the name is always the largest."""
    layout = layout_for(stock.width, stock.height)
    name, below = _name_and_below(badge, layout)
    room = _room(layout, below)
    most = max(name.size * 0.62, layout.header_size)
    title_box = _box(layout, room - name.height, 0.2, 5, most=most)
    title = fit([badge.title], title_box)
    title_height = title.height if title else 0.0
    # The name, with its title, stands in the middle of what is left.
    top = layout.text_top + (room - title_height - name.height) / 2
    role = _in_band(badge.role, layout, 0.3)
    return PlacedBadge(
        badge=badge,
        name=PlacedText("name", round(top + title_height, 2), name),
        title=PlacedText("title", round(top, 2), title) if title else None,
        below=below,
        header=_header(badge, layout),
        kind=_in_band(badge.kind_label, layout, 0.4) or Fitted(("",), layout.band_size),
        role=role,
        role_width=round(role.width(BOLD) + layout.band_height * 0.7, 2) if role else 0,
        no_photos=_no_photos(layout) if badge.no_photos else None,
    )


def name_size(badge: Badge, stock: Stock) -> float:
    """Points of the name on this label, as `place` makes it."""
    name, _below = _name_and_below(badge, layout_for(stock.width, stock.height))
    return name.size


def _name_and_below(badge: Badge, layout: Layout) -> tuple[Fitted, tuple[PlacedText, ...]]:
    """The other texts as large as they let the name be readable, else the name as it gets."""
    ways = []
    for step in _STEPS:
        below = _below(badge, layout, step)
        name = _name(badge, layout, below, step)
        if any(text.fitted.size > name.size * _BELOW_NAME for text in below):
            # The others become smaller still, which gives the name room.
            below = _below(badge, layout, step, name.size)
            name = _name(badge, layout, below, step)
        ways.append((name, below))
        if name.size >= READABLE:
            break
    return max(ways, key=lambda way: way[0].size)


def _header(badge: Badge, layout: Layout) -> tuple[Fitted, ...]:
    """The workshop and its dates, above the name; one size for all badges of a workshop."""
    texts = [badge.workshop, badge.dates][: layout.header_lines]
    size = layout.header_size
    boxes = (Box(layout.text_width, 10, size, size, weight=weight) for weight in (BOLD, REGULAR))
    fitted = (fit([text], box) for text, box in zip(texts, boxes, strict=False))
    return tuple(line for line in fitted if line)


def _in_band(text: str, layout: Layout, share: float) -> Fitted | None:
    """Words in the band, at most a share of its width."""
    box = Box(layout.band_width * share, 100, layout.band_size, 5, weight=BOLD)
    return fit([text], box)


def _no_photos(layout: Layout) -> Fitted | None:
    box = Box(
        layout.mark_words_width, layout.mark_size, layout.header_size * 1.3, 4, lines=2, weight=BOLD
    )
    return fit([_("No photos")], box)


def _room(layout: Layout, below: tuple[PlacedText, ...]) -> float:
    """The height left for title and name."""
    bottom = below[0].top if below else layout.text_bottom
    return bottom - layout.text_top - layout.height * 0.03


def _name(badge: Badge, layout: Layout, below: tuple[PlacedText, ...], step: _Step) -> Fitted:
    """The name in the height that the other texts and a title leave."""
    room = _room(layout, below)
    title = room * step.title if badge.title else 0.0
    largest = _between(layout.height * 0.45, 15, 52)
    smallest = _between(layout.height * 0.15, 6, 9)
    ample = max(READABLE, largest * 0.6)
    box = Box(layout.text_width, room - title, largest, smallest, _NAME_LINES, BOLD, ample)
    return fit(badge.name, box) or Fitted(("–",), smallest)


def _below(
    badge: Badge, layout: Layout, step: _Step, name_size: float = 100
) -> tuple[PlacedText, ...]:
    """Organisation, department and function, standing on the band, smaller than the name."""
    room = (layout.text_bottom - layout.text_top) * 0.45
    most = name_size * _BELOW_NAME
    organisation = fit(
        [badge.organisation],
        _box(layout, room * 0.6, 0.21 * step.organisation, 6, lines=2, weight=BOLD, most=most),
    )
    most = min(most, organisation.size if organisation else most)
    room -= organisation.height if organisation else 0
    function = fit(
        [badge.function], _box(layout, room, 0.165 * step.small, 5.5, lines=2, most=most)
    )
    room -= function.height if function else 0
    most = min(most, function.size if function else most)
    department = None
    if room > layout.height * 0.055:
        department = fit([badge.department], _box(layout, room, 0.165 * step.small, 5.5, most=most))
    if function and department:
        function = replace(function, size=min(function.size, department.size))
    named = (("organisation", organisation), ("text", department), ("text", function))
    fitted = [(css_class, text) for css_class, text in named if text]
    top = layout.text_bottom - sum(text.height for _, text in fitted)
    blocks = []
    for css_class, text in fitted:
        blocks.append(PlacedText(css_class, round(top, 2), text))
        top += text.height
    return tuple(blocks)


def _box(
    layout: Layout,
    height: float,
    share: float,
    smallest: float,
    *,
    lines: int = 1,
    weight: int = REGULAR,
    most: float = 100,
) -> Box:
    """A box as wide as the texts; its largest letters are a share of the label's height."""
    largest = _between(layout.height * share, smallest, max(smallest, most))
    return Box(layout.text_width, height, largest, smallest, lines, weight)


def _canonical(fact: object) -> object:
    """What JSON holds of a fact; a blank is a blank, however a language's rules write it."""
    if isinstance(fact, str):
        return " ".join(unicodedata.normalize("NFC", fact).split())
    return [_canonical(part) for part in fact] if isinstance(fact, tuple) else fact


def _between(value: float, least: float, most: float) -> float:
    return min(max(value, least), most)
