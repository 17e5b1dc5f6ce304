"""Stored markup in files that leave the room: whatever program opens one, two hundred payloads stay text."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace

import openpyxl
import pypdfium2
import pytest
from icalendar import Calendar

from advisor.report import exports, interchange
from advisor.report.sheets import RISKY
from advisor.session.model import Visit
from advisor.session.session import Session
from tests.leaving import MOMENT, TODAY
from tests.marked import CLIENTS, VISITS, client, record
from tests.support import CATALOG

FIELDS = ("<w:fldSimple", "<w:instrText", "<w:hyperlink", 'TargetMode="External"', "<w:object", "<w:altChunk")


@pytest.fixture(scope="module", params=range(VISITS))
def session(request: pytest.FixtureRequest) -> Session:
    """A session in which every text is a payload."""
    return Session(CATALOG, record(request.param))


def made(kind: str, session: Session) -> bytes:
    """Return an export of the session of a client whose name and code are payloads, too."""
    visit = Visit("v" * 22, session.record, MOMENT, MOMENT, "somebody")
    return exports.make(kind, session, client(0), TODAY, visit).content


def kinds(ending: str) -> list[str]:
    """Return the exports of one kind of file."""
    return [export.id for export in exports.EXPORTS if export.ending == ending]


def test_no_cell_is_obeyed_by_a_spreadsheet(session: Session) -> None:
    for kind in kinds("csv"):
        rows = list(csv.reader(io.StringIO(made(kind, session).decode("utf-8-sig"), newline=""), strict=True))
        assert [cell for row in rows for cell in row if cell.startswith(RISKY)] == []
    for kind in kinds("xlsx"):
        content = made(kind, session)
        cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n"}
        assert [cell for cell in cells if cell.hyperlink] == []


def test_no_field_link_or_object_is_in_a_document(session: Session) -> None:
    for kind in kinds("docx"):
        with zipfile.ZipFile(io.BytesIO(made(kind, session))) as parts:
            names = [name for name in parts.namelist() if name.endswith((".xml", ".rels"))]
            text = "".join(parts.read(name).decode() for name in names)
        for number in ("PAGE", "NUMPAGES"):  # the only fields: the number of the page, at the foot
            text = text.replace(f'<w:fldSimple w:instr="{number}">', "", 1)
        assert [field for field in FIELDS if field in text] == []


def test_no_entry_of_a_calendar_comes_from_a_text(session: Session) -> None:
    for kind in kinds("ics"):
        calendar = Calendar.from_ical(made(kind, session))
        entries = [entry for entry in calendar.walk() if entry.name == "VEVENT"]
        assert len(entries) == len(session.record.plan.chosen) + 1  # and the next appointment
        assert {name for entry in entries for name in entry} <= {
            *("SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "DESCRIPTION", "TRANSP", "SEQUENCE", "LAST-MODIFIED"),
            *("CREATED", "CLASS", "STATUS", "DURATION"),
        }


@pytest.mark.slow
def test_no_paper_does_anything(session: Session) -> None:
    taken = Session(CATALOG, replace(session.record, handout=tuple(CATALOG.worksheets)))
    for kind in kinds("pdf"):
        paper = pypdfium2.PdfDocument(made(kind, taken if kind == "worksheets" else session))
        scripts = pypdfium2.raw.FPDFDoc_GetJavaScriptActionCount(paper.raw)
        files = pypdfium2.raw.FPDFDoc_GetAttachmentCount(paper.raw)
        links = sum(pypdfium2.raw.FPDFPage_GetAnnotCount(page.raw) for page in paper)
        assert (scripts, files, links) == (0, 0, 0)
        assert "hit(1)" in paper[0].get_textpage().get_text_range()


def test_data_come_back_as_they_were(session: Session) -> None:
    for kind in kinds("json"):
        who, (visit,) = interchange.load(made(kind, session), CATALOG)
        assert (who, visit.record) == (client(0), session.record)


def test_every_payload_is_a_clients_code_or_name() -> None:
    for number in range(CLIENTS):
        kept = interchange.load(interchange.dump(client(number), ()), CATALOG)
        assert kept == (client(number), ())
