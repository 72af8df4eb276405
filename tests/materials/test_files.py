"""Files of sessions: what is taken, who may have them, and how they are given out."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import FileStorage

from app import limited
from app.agenda.models import AgendaRelease
from app.agenda.releases import service as releases
from app.extensions import db, now
from app.feedback.models import Feedback
from app.materials import inspection
from app.materials.inspection import FileRefused, clean_name, inspect
from app.materials.models import FileContent, SessionFile
from app.materials.service import MOST_FILES
from app.outbox.service import draw_link
from app.registration import links
from app.registration.models import Status
from tests.factories import make_registration, make_workshop
from tests.materials import samples
from tests.pages import Page, Visitor
from tests.speakers.conftest import Cast


@pytest.fixture
def upload(visitor: Visitor, cast: Cast) -> Callable[..., Page]:
    """`upload("a.pdf", content)`: the guest sends a file with the form of the page."""

    def send(name: str, content: bytes, status: int = 200, page: str | None = None) -> Page:
        opened = visitor.get(page or f"{cast.page}/sessions/{cast.session.id}/files")
        file = FileStorage(io.BytesIO(content), filename=name, content_type="text/html")
        return visitor.submit(opened, {"file": file}, form="form[enctype]", status=status)

    return send


def stored() -> dict[str, bytes]:
    rows = db.session.execute(
        sa.select(SessionFile.filename, FileContent.content).join(SessionFile.content)
    )
    found = {row.filename: row.content for row in rows}
    db.session.rollback()
    return found


HARMLESS = {
    "Vortrag Ä.PDF": samples.pdf(),
    "Folien.pptx": samples.pptx(),
    "Verweise.pptx": samples.pptx_with_reference("hyperlink", "https://www.example.org/"),
    "Film.pptx": samples.pptx_with_reference("video", "https://www.example.org/film"),
    "Folien.odp": samples.odp(),
    "Bild.png": samples.picture(),
    "Bild.JPEG": samples.picture("JPEG"),
}
NOT_TAKEN = "Wählen Sie eine PDF-, PPTX-, ODP-, PNG- oder JPG-Datei."
NOT_AS_NAMED = "passt nicht zu ihrem Namen"
MACROS = "enthält Makros"


def hostile() -> list[tuple[str, bytes, str]]:
    """Name, content, and what is said of it; made when asked for, as one is large."""
    return [
        ("a.exe", b"MZ", NOT_TAKEN),
        ("a.pdf.html", b"<script>", NOT_TAKEN),
        ("a.pptm", samples.pptx(samples.MACRO_MAIN), NOT_TAKEN),
        ("pdf", samples.pdf(), NOT_TAKEN),
        ("a.pdf", b"", "ist leer"),
        ("a.pdf", b"MZ\x90\x00", NOT_AS_NAMED),
        ("a.pdf", b"%PDF-1.7\n<script>alert(1)</script>", "beschädigt"),
        ("a.pdf", samples.locked_pdf(), "Kennwort"),
        ("a.pdf", samples.pdf_with_script(), "Skripte"),
        ("a.pdf", samples.pdf_with_launch(), "Skripte"),
        ("a.pdf", samples.pdf_of_elsewhere(), "Skripte"),
        ("a.pptx", samples.pptx(ppt__media__x_dot_png=samples.OLE), "eingebettete Objekte"),
        ("a.odp", samples.odp(Pictures__x_dot_png=samples.OLE), "eingebettete Objekte"),
        ("a.pptx", samples.pptx("application/vnd.ms-office.vba&#80;roject"), NOT_AS_NAMED),
        ("a.pptx", samples.pptx_with_reference("image", "file://evil.example/x.png"), "verweist"),
        ("a.pptx", samples.pptx_with_reference("image", "http://evil.example/x.png"), "verweist"),
        ("a.pptx", samples.pptx_with_reference("hyperlink", "powershell%20-c%20x"), "verweist"),
        ("a.pptx", samples.archive({"[Content_Types].xml": "x"}, zipfile.ZIP_LZMA), "beschädigt"),
        ("a.pptx", samples.pptx(PPT__presentation_dot_xml="<p/>"), "beschädigt"),
        ("a.pdf", samples.pdf_with_attachment(), "Skripte"),
        ("a.pptx", samples.pdf(), NOT_AS_NAMED),
        ("a.pptx", samples.odp(), NOT_AS_NAMED),
        ("a.pptx", samples.pptx()[:-30], NOT_AS_NAMED),
        ("a.pptx", samples.pptx(ppt__vbaProject_dot_bin=b"x"), MACROS),
        ("a.pptx", samples.pptx(samples.PPTX_MAIN + samples.MACRO_MAIN), MACROS),
        ("a.pptx", samples.pptx(ppt__activeX__activeX1_dot_xml=b"x"), MACROS),
        ("a.pptx", samples.pptx(ppt__embeddings__oleObject1_dot_bin=b"x"), "eingebettete Objekte"),
        ("a.pptx", samples.pptx(dots__dots__evil_dot_xml=b"x"), "beschädigt"),
        ("a.pptx", samples.bomb(), "wird beim Öffnen zu groß"),
        ("a.pptx", samples.lying_bomb(), NOT_AS_NAMED),
        ("a.odp", samples.archive({"mimetype": "text/plain", "content.xml": "x"}), NOT_AS_NAMED),
        ("a.odp", samples.odp(Basic__Standard__M_dot_xml=b"x"), MACROS),
        ("a.png", samples.picture("JPEG"), NOT_AS_NAMED),
        ("a.png", samples.picture()[:60], NOT_AS_NAMED),
        ("a.jpg", b"GIF89a<script>", NOT_AS_NAMED),
    ]


def test_files_of_all_kinds_are_taken_and_come_back(
    upload: Callable[..., Page], visitor: Visitor, cast: Cast
) -> None:
    for name, content in HARMLESS.items():
        page = upload(name, content)
        assert f"„{name}“ ist gespeichert." in page.text()
    assert stored() == HARMLESS
    for file in db.session.scalars(sa.select(SessionFile)).all():
        answer = visitor.client.get(f"{cast.page}/files/{file.id}")
        assert answer.data == HARMLESS[file.filename]
        assert answer.headers["Content-Disposition"].startswith("attachment; filename")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.mimetype in {
            "application/pdf",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/vnd.oasis.opendocument.presentation",
            "image/png",
            "image/jpeg",
        }
        db.session.rollback()


def test_what_acts_by_itself_or_is_something_else_is_refused(ctx: Flask) -> None:
    with ctx.test_request_context():
        for name, content, says in hostile():
            with pytest.raises(FileRefused) as refused:
                inspect(name, content)
            assert says in refused.value.message, (name, refused.value.message)
            assert refused.value.field == "file"


def test_slides_made_to_be_read_for_a_minute_are_given_up(
    ctx: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many lists of references, each as long as may be: some hundred kilobytes as they are sent."""
    entries = b"<Relationships>" + b"<Relationship/>" * 60_000 + b"</Relationships>"
    lists: dict[str, Any] = {f"_rels__s{n}_dot_rels": entries for n in range(99)}
    slow = samples.pptx(**lists)
    assert len(slow) < 400_000
    monkeypatch.setattr(inspection, "LIMITS", limited.ChildLimits(computing=1, waiting=60))
    with ctx.test_request_context(), pytest.raises(FileRefused) as refused:
        inspect("Folien.pptx", slow)
    assert "zu groß" in refused.value.message


def test_a_refused_file_is_answered_at_its_field(upload: Callable[..., Page], cast: Cast) -> None:
    page = upload("a.pdf", samples.pdf_with_script(), status=422)
    assert "Skripte" in page.errors()["file"]
    page = upload("", b"", status=422)
    assert page.errors() == {"file": "Wählen Sie eine Datei."}
    assert stored() == {}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\k\\Vortrag.pdf", "Vortrag.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("Rechnung\u202efdp.exe.pdf", "Rechnungfdp.exe.pdf"),
        ("  .pdf", "Folien.pdf"),
        ("...pdf", "Folien.pdf"),
        ('<img src="x">.png', "img src= x.png"),
        ("A\u0308" * 3 + ".pdf", "ÄÄÄ.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned(ctx: Flask, sent: str, kept: str) -> None:
    with ctx.test_request_context():
        assert clean_name(sent) == kept


def test_a_file_of_the_same_name_is_replaced_and_twice_the_same_is_one(
    upload: Callable[..., Page], cast: Cast
) -> None:
    first, second = samples.pdf(), samples.pdf(lambda made: made.add_blank_page())
    upload("Folien.pdf", first)
    upload("Folien.pdf", first)
    assert stored() == {"Folien.pdf": first}
    upload("FOLIEN.pdf", second)
    assert stored() == {"Folien.pdf": second}
    # Somebody else's file of that name stays.
    upload("Folien.pdf", first, page=f"{cast.chair_page}/sessions/{cast.session.id}/files")
    assert stored() == {"Folien.pdf": second, "Folien (2).pdf": first}


def much(size: int) -> dict[str, Any]:
    """A request of that size, which is refused before it is read."""
    return {"data": bytes(size), "content_type": "multipart/form-data; boundary=x"}


def test_too_large_a_file_is_answered_at_its_field(
    app: Flask,
    upload: Callable[..., Page],
    visitor: Visitor,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "MAX_UPLOAD_MB", 0.1)
    says = {"file": "Wählen Sie eine Datei mit höchstens 0,1 MB."}
    assert upload("a.pdf", b"%PDF-" + bytes(110_000), status=422).errors() == says
    answer = visitor.client.post(f"{cast.page}/sessions/{cast.session.id}/files", **much(3_000_000))
    assert visitor._page(answer, status=413).errors() == says
    assert stored() == {}


def test_a_session_takes_so_many_files_and_megabytes(
    app: Flask, upload: Callable[..., Page], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload("a.png", samples.picture())
    with monkeypatch.context() as smaller:
        smaller.setitem(app.config, "MAX_UPLOADS_PER_SESSION_MB", 0.0001)
        page = upload("b.png", samples.picture(), status=422)
        assert "dürfen zusammen 0,0001 MB haben" in page.errors()["file"]
    for number in range(MOST_FILES - 1):
        db.session.add(
            SessionFile(
                workshop_id=cast.workshop.id,
                session_id=cast.session.id,
                filename=f"{number}.pdf",
                content_type="application/pdf",
                size=1,
                sha256="",
            )
        )
    page = upload("b.png", samples.picture(), status=422)
    assert "darf 20 Dateien haben" in page.errors()["file"]
    upload("a.png", samples.picture("PNG") + b" ")  # replaces one, so it is not one more


def test_large_requests_are_read_only_where_a_file_is_taken(
    app: Flask,
    visitor: Visitor,
    cast: Cast,
    organiser: Visitor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "MAX_UPLOAD_MB", 0.1)
    answer = visitor.client.post(f"{cast.page}/sessions/{cast.session.id}/text", **much(1_100_000))
    assert (answer.status_code, b"Lage im Netz" in answer.data) == (413, False)
    desk = f"/{cast.workshop.slug}/desk/agenda/sessions/{cast.session.id}/files"
    # Nobody who is not signed in learns anything from the answer.
    answer = visitor.client.post(desk, **much(2_000_000))
    assert (answer.status_code, b"Lage im Netz" in answer.data) == (413, False)
    answer = organiser.client.post(desk, **much(2_000_000))
    assert (answer.status_code, b"Lage im Netz" in answer.data) == (413, True)


def test_speakers_delete_their_own_files_only(
    upload: Callable[..., Page], visitor: Visitor, cast: Cast
) -> None:
    upload("Folien.pdf", samples.pdf())
    file = db.session.scalars(sa.select(SessionFile.id)).one()
    # The chair may read it, and not delete it.
    assert visitor.client.get(f"{cast.chair_page}/files/{file}").status_code == 200
    visitor.get(f"{cast.chair_page}/files/{file}/delete", status=404)
    page = visitor.get(f"{cast.page}/files/{file}/delete")
    assert "„Folien.pdf“ geht verloren." in page.text()
    assert "Die Datei ist gelöscht." in visitor.submit(page).text()
    assert stored() == {}


def material(cast: Cast, token: str, file: int) -> str:
    return f"/{cast.workshop.slug}/registration/{token}/materials/{file}"


def end_session(cast: Cast) -> None:
    """The released session is over."""
    release = db.session.scalars(sa.select(AgendaRelease)).one()
    past = {
        "starts_at": (now() - timedelta(hours=2)).isoformat(),
        "ends_at": (now() - timedelta(hours=1)).isoformat(),
    }
    sessions = [
        {**e, **past} if e["id"] == cast.session.id else e for e in release.content["sessions"]
    ]
    release.content = {**release.content, "sessions": sessions}
    db.session.commit()


def test_participants_get_files_after_the_session_or_once_they_are_shared(
    upload: Callable[..., Page], visitor: Visitor, organiser: Visitor, cast: Cast
) -> None:
    upload("Folien.pdf", samples.pdf())
    file = db.session.scalars(sa.select(SessionFile.id)).one()
    registration = make_registration(cast.workshop)
    token = draw_link(links.LINK_PURPOSE, registration.id)
    visitor.get(material(cast, token, file), status=404)

    desk = f"/{cast.workshop.slug}/desk/agenda/sessions/{cast.session.id}/files"
    page = organiser.submit(organiser.get(desk), form="form[action$='/share']")
    assert "Freigegeben" in page.text()
    answer = visitor.client.get(material(cast, token, file))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == "attachment; filename=Folien.pdf"
    organiser.submit(page, form="form[action$='/share']")
    visitor.get(material(cast, token, file), status=404)

    end_session(cast)
    assert visitor.client.get(material(cast, token, file)).status_code == 200
    # Not for those who only wait, nor with the link of a guest, nor once the agenda is withdrawn.
    waiting = make_registration(cast.workshop, status=Status.WAITING)
    elsewhere = make_workshop()
    outsider = make_registration(elsewhere)
    for other in (waiting, outsider):
        other_token = draw_link(links.LINK_PURPOSE, other.id)
        visitor.get(material(cast, other_token, file), status=404)
        visitor.get(f"/{elsewhere.slug}/registration/{other_token}/materials/{file}", status=404)
    visitor.get(material(cast, cast.token, file), status=404)
    releases.withdraw(cast.workshop)
    visitor.get(material(cast, token, file), status=404)


def test_organisers_add_and_delete_files(organiser: Visitor, cast: Cast) -> None:
    desk = f"/{cast.workshop.slug}/desk/agenda/sessions/{cast.session.id}/files"
    file = FileStorage(io.BytesIO(samples.picture()), filename="Plan.png")
    page = organiser.submit(organiser.get(desk), {"file": file}, form="form[enctype]")
    assert "vom Organisationsteam" in page.text("table")
    (link,) = page.all("table th a")
    assert organiser.client.get(link.get("href")).data == samples.picture()
    page = organiser.get(page.one("table a[href$='/delete']").get("href"))
    assert "Noch keine Datei vorhanden" in organiser.submit(page).text()


def test_feedback_is_shown_to_the_speaker_after_the_session(visitor: Visitor, cast: Cast) -> None:
    assert "Rückmeldungen" not in visitor.get(cast.page).texts("h3")
    end_session(cast)
    for rating in (5, 4, 3):
        db.session.add(
            Feedback(
                workshop_id=cast.workshop.id, session_id=cast.session.id, rating=rating,
                good="Klar und kurz", better="",
            )
        )  # fmt: skip
    page = visitor.get(cast.page)
    assert "Rückmeldungen" in page.texts("h3")
    assert "3 Antworten" in page.text()
    assert page.texts(".alert .kern-title")[0].startswith("Ihre Programmpunkte sind vorbei.")
    assert not page.all("form[action$='/confirm']")
