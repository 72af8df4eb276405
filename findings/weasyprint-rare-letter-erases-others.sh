#!/usr/bin/env bash
# WeasyPrint 70.0 with Fira Sans 4.106 (in @kern-ux/native 2.7.2), read by PDFium (pypdfium2 5.15.0).
#
# One guesses: whether a name is extracted rightly depends on that name alone.
# Seen: one č̣ (caron above, dot below: a letter of DIN 91379) anywhere before it in a document, on
# whatever page, and every č of the document is read as something else: 'Kovačević' on the page after
# it is 'KovaƁević'. The font draws both with one glyph for č, and the glyph's text in the PDF's
# ToUnicode map is what was left of the cluster that came first. Č, Ž and ž fare alike.
#
# Prints what is read of two documents. Status 0 as long as it is as stated here, 1 if it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check weasyprint==70.0 pypdfium2==5.15.0
npm pack --silent @kern-ux/native@2.7.2 >/dev/null
tar -xzf kern-ux-native-2.7.2.tgz package/dist/fonts/fira-sans/FiraSans-Regular.woff2

venv/bin/python - <<'PYTHON'
import pathlib
import sys

import pypdfium2
from weasyprint import HTML

font = pathlib.Path("package/dist/fonts/fira-sans/FiraSans-Regular.woff2").resolve().as_uri()


def read(*names: str) -> str:
    pages = "".join(f"<p style='break-after: page'>{name}</p>" for name in names)
    css = f"@font-face {{ font-family: F; src: url({font}) }} p {{ font-family: F }}"
    pdf = HTML(string=f"<style>{css}</style>{pages}").write_pdf()
    return pypdfium2.PdfDocument(pdf)[len(names) - 1].get_textpage().get_text_range().strip()


alone, after = read("Kovačević"), read("\u010d\u0323", "Kovačević")
print(f"alone: {alone!r}; with the rare letter on the page before: {after!r}")
sys.exit(0 if alone == "Kovačević" and after != "Kovačević" else 1)
PYTHON
