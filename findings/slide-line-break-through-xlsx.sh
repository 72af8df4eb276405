#!/usr/bin/env bash
# A line break in a slide's title comes out of a spreadsheet as the seven letters '_x000B_'.
#
# python-pptx 1.0.2, XlsxWriter 3.2.5, openpyxl 3.1.5 (all from PyPI, all on valid input).
#
# Titles of talks are collected from slides (python-pptx), written into a table (XlsxWriter), and
# that table is read (openpyxl). Each keeps to its own papers:
# - python-pptx gives a line break within a paragraph (<a:br/>, Shift+Enter) as U+000B;
# - XlsxWriter writes what XML 1.0 cannot hold as ECMA-376 (22.4.2.4, ST_Xstring) says: '_x000B_',
#   as Excel does, and Excel shows a line break again;
# - openpyxl does not undo that: the cell's value has the seven letters in it. It refuses to write
#   U+000B (IllegalCharacterError), so its own files never show the difference.
#
# Expected: the title that was put in, with its U+000B. Seen: 'Zeile eins_x000B_Zeile zwei'.
# The same happens to '_x000D_', which Excel writes for line ends that were pasted from elsewhere.
# A reader must turn '_xHHHH_' back itself, and '_x005F_' into '_' in the same pass.
#
# Exit status 0: as described. Otherwise something has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet python-pptx==1.0.2 XlsxWriter==3.2.5 openpyxl==3.1.5
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import zipfile
from importlib.metadata import version

import openpyxl
import xlsxwriter
from pptx import Presentation

for package in ("python-pptx", "XlsxWriter", "openpyxl"):
    print(package, version(package))

slides = Presentation()
slide = slides.slides.add_slide(slides.slide_layouts[5])
paragraph = slide.shapes.title.text_frame.paragraphs[0]
paragraph.add_run().text = "Zeile eins"
paragraph.add_line_break()
paragraph.add_run().text = "Zeile zwei"
slides.save("slides.pptx")
title = Presentation("slides.pptx").slides[0].shapes.title.text_frame.text
print("from the slide:     ", repr(title))

with xlsxwriter.Workbook("table.xlsx") as book:
    book.add_worksheet().write_string("A1", title)
stored = zipfile.ZipFile("table.xlsx").read("xl/sharedStrings.xml").decode()
print("in the file:        ", stored[stored.index("<t") : stored.index("</si>")])

read = openpyxl.load_workbook("table.xlsx").active["A1"].value
print("expected:           ", repr(title))
print("seen (openpyxl):    ", repr(read))

as_described = (
    title == "Zeile eins\x0bZeile zwei"
    and "_x000B_" in stored
    and read == "Zeile eins_x000B_Zeile zwei"
)
sys.exit(0 if as_described else 1)
PYTHON
