"""The programme for the back of a badge: as much of it as a label can hold legibly.

One label is laid out and placed at the mirrored position of each label, so that sheets printed
on both sides, turned over their long edge, carry it behind the badges. It is read aloud once.
"""

from app.documents.back_layout import LINE, lay_out
from app.documents.pdf import impose, render_pdf
from app.documents.programme import PrintedProgramme, render
from app.documents.stock import Stock
from app.press.places import Spot


def render_programme_back(data: PrintedProgramme, stock: Stock) -> bytes:
    """A sheet of this stock with the programme behind each label. Needs an application context."""
    width, height = stock.page_size
    texts = lay_out(data, stock.width, stock.height)
    label = render(
        "documents/programme_back.html", programme=data, stock=stock, texts=texts, line=LINE
    )
    spots = []
    for number in range(1, stock.labels_per_page + 1):
        left, top = stock.position(number)
        spots.append(Spot(0, width - left - stock.width, top))
    return impose(render_pdf(label), [spots], sheet=(width, height), flip="long")
