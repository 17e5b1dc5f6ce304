"""Writes the questions of an instrument as a template for a survey tool, so that its answers come back ready to read.

Each question begins with the id of its item. ``.docx``: for the import of Microsoft Forms; ``.gs``: a script that makes
a form where Google Forms is (script.google.com); ``.csv``: a table.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from advisor.analysis.cohort.model import RefusedError
from advisor.content import disk
from advisor.report import sheets

if TYPE_CHECKING:
    from pathlib import Path

    from advisor.analysis.cohort.model import Asked

    Questions = list[tuple[str, list[str]]]

SUFFIXES = (".docx", ".gs", ".csv")
_SCRIPT = """function makeForm() {
  const form = FormApp.create(%s);
  for (const [title, choices] of %s)
    form.addMultipleChoiceItem().setTitle(title).setChoiceValues(choices);
  Logger.log(form.getEditUrl());
}
"""


def questions(asked: Asked) -> Questions:
    """Return each question with its answers: as words where the instrument has them, else as numbers."""
    found: Questions = []
    for item, (low, high) in asked.items.items():
        wording = asked.wordings.get(item)
        words = {value: word for word, value in reversed(wording.labels)} if wording else {}
        text = wording.texts[0] if wording and wording.texts else ""
        choices = [f"{value}：{words[value]}" if value in words else str(value) for value in range(low, high + 1)]
        found.append((f"{item}. {text}".strip(), choices))
    return found


def write(path: Path, title: str, asked: Asked) -> None:
    """Write the template that the suffix of ``path`` names.

    Raises:
        RefusedError: no template has this suffix.
    """
    makers = {".docx": _docx, ".gs": _script, ".csv": _table}
    if path.suffix.lower() not in makers:
        raise RefusedError("form_suffix", {"file": path.name, "suffixes": " ".join(SUFFIXES)})
    disk.write_whole(path, makers[path.suffix.lower()](title, questions(asked)))


def _docx(title: str, found: Questions) -> bytes:
    from docx import Document  # noqa: PLC0415  (only for this template)

    document = Document()
    document.add_heading(title, 0)
    for number, (question, choices) in enumerate(found, 1):
        document.add_paragraph(f"{number}. {question}")
        for place, choice in enumerate(choices):
            document.add_paragraph(f"{chr(ord('A') + place)}. {choice}")
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _script(title: str, found: Questions) -> bytes:
    told = (json.dumps(title, ensure_ascii=False), json.dumps(found, ensure_ascii=False, indent=2))
    return (_SCRIPT % told).encode()


def _table(title: str, found: Questions) -> bytes:  # noqa: ARG001  (a table has no title)
    return sheets.as_csv([question, *choices] for question, choices in found)
