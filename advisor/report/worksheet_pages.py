"""The worksheets that a client takes home, each in full: on the handout if they fit there, or as a separate paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.content.translator import Say
from advisor.report.document import Document, Section
from advisor.report.heads import head
from advisor.report.sentences import paper_date
from advisor.session.worksheets import Paper, paper

if TYPE_CHECKING:
    from datetime import date

    from advisor.content.catalog import Catalog
    from advisor.session.model import Record
    from advisor.session.session import Session


def chosen(catalog: Catalog, words: Say, record: Record) -> tuple[Paper, ...]:
    """Return the worksheets that were chosen for the handout and are not empty."""
    return tuple(leaf for name in record.handout if (leaf := paper(catalog, words, record, name)))


def leaves(session: Session, today: date) -> Document:
    """Return the chosen worksheets as a separate paper, with as many pages as they need."""
    words = session.say
    papers = chosen(session.catalog, words, session.record)
    return Document(
        language=words.language,
        title=words("handout_leaves"),
        date=paper_date(words, session, today),
        mark="",
        footer=words("handout_footer"),
        lead="" if papers else words("export_worksheets_empty"),
        parts=tuple(part for leaf in papers for part in _parts(words, leaf)),
        head=head(words, session.imprint),
    )


def _parts(words: Say, leaf: Paper) -> tuple[Section, ...]:
    """Return a worksheet as sections: its fields and lines, then the questions for an interview, as questions."""
    fields = Section(leaf.title, pairs=leaf.rows, points=leaf.lines)
    asked = tuple("\n".join(filter(None, question)) for question in leaf.questions)
    return (fields, Section(words("handout_questions"), 2, points=asked)) if asked else (fields,)
