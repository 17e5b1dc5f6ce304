"""A draft of ジョブ・カード 様式1-1 (キャリア・プランシート) as DOCX, made from the session, for the client to rewrite.

It has the parts of the official form under their names: name and dates, which only the client writes, the five parts
of the client, and the part of whoever held the consultation, which stays empty. Employers may read it, so it is written
in the first person and has only values, interests, strengths, and the client's own texts about work and goals. It
leaves out worries, paths, the wish, everything about leaving, motives that the worksheet warns about, and everything of
the adviser.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from advisor.content.translator import Say
from advisor.content.translator import say as spoken
from advisor.content.words import LANGUAGES
from advisor.report.heads import given_by, head, line
from advisor.report.sanitize import action_name, first_move, plain
from advisor.report.sentences import day, of_its_day, visit_date
from advisor.session.worksheets import weak_reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from advisor.content.model import Kind
    from advisor.content.words import Language
    from advisor.session.model import Action, Entry
    from advisor.session.session import Session

    Point = tuple[str, tuple[str, ...]]  # a sentence, and the details under it

LATIN, JAPANESE = "Yu Gothic", "游ゴシック"
LOCALES: dict[Language, str] = {"ja": "ja-JP", "en": "en-GB"}
MOST_NAMES = 3
OWN = ("reading", "name", "born", "made")  # fields at the head of the form
CONSULTANT = ("held", "belongs", "consultant", "agreed")  # fields at its end
UNSAID_TOPICS = {"stress_care", "market", "interview", "consult", "reason"}  # these tell of a worry, or of leaving
UNSAID_STEPS = {"care_for_stress", "use_agent"}  # the same, in releases without topics of steps


def contents(session: Session, say: Say) -> dict[str, list[Point]]:
    """Return the content for each of the five parts of the form. The last part is empty: only the client fills it."""
    return {
        "values": list(_values(session, say)),
        "strengths": list(_strengths(session, say)),
        "work": list(_work(session, say)),
        "next": list(_next(session, say)),
        "other": [],
    }


def _values(session: Session, say: Say) -> Iterator[Point]:
    """Yield what the client values (worries to change put as values, motives) and what draws them (preferences)."""
    values = _sentences(say, session.record.case.facts.priorities)
    values += [reason for row in _motives(session, say) if (reason := plain(row.get("reason", "")))]
    for name, told in (("values", values), ("interests", _sentences(say, _high(session, "misfit")))):
        if told:
            yield say(f"export_card_of_{name}"), tuple(told)


def _sentences(say: Say, scales: Iterable[str]) -> list[str]:
    """Return the sentences in the first person about these scales."""
    return [say(key) for scale in scales if (key := f"export_card_i_{scale}") in say.sentences]


def _strengths(session: Session, say: Say) -> Iterator[Point]:
    for sentence in _sentences(say, _high(session, "fit")):
        yield sentence, ()
    for row in _rows(session, say, "inventory"):
        yield from _point(say, row, "strength", from_experience="experience")
    for row in _rows(session, say, "quantify"):
        if achieved := plain(row.get("cv", "")):
            yield achieved, ()
    if names := [say.words.experience[name].name for name in session.record.case.facts.experience]:
        yield say("export_card_experience", names=say.enumeration(names)), ()


def _work(session: Session, say: Say) -> Iterator[Point]:
    for row in _motives(session, say):
        yield from _point(say, row, "role", from_experience="experience")
    for role in dict.fromkeys(plain(row.get("role", "")) for row in _rows(session, say, "inventory")):
        if role:
            yield say("export_card_role", text=role), ()


def _next(session: Session, say: Say) -> Iterator[Point]:
    for action in session.record.plan.chosen:
        step = session.catalog.steps.get(action.step or "")
        if (
            (step and step.topic in UNSAID_TOPICS)
            or action.step in UNSAID_STEPS
            or _is_unsaid(say, action_name(say, action))
        ):
            continue
        yield (
            action_name(say, action),
            tuple(text for text in _about(session, say, action) if not _is_unsaid(say, text)),
        )
    for row in _rows(session, say, "goals"):
        deadline = plain(row.get("deadline", ""))
        when = {"until": day(say.language, datetime.fromisoformat(deadline).date())} if deadline else {}
        yield from _point(say, {**row, **when}, "goal", measure="measure", until="until", support="support")


def _about(session: Session, say: Say, action: Action) -> Iterator[str]:
    if first := first_move(session.catalog, say, session.reading, action):
        yield say("export_card_first", text=first)
    if action.by:
        yield say("export_card_until", text=day(say.language, action.by))
    if known := plain(action.known_by):
        yield say("export_card_known", text=known)
    if helper := plain(action.helper):
        yield say("export_card_support", text=helper)


def _point(say: Say, row: Entry, main: str, **details: str) -> Iterator[Point]:
    """Yield a row of a worksheet as a point: the field ``main``, with the other fields and their labels under it."""
    lines = tuple(
        say(f"export_card_{word}", text=text) for word, field in details.items() if (text := plain(row.get(field, "")))
    )
    if text := plain(row.get(main, "")):
        yield text, lines
    elif lines:
        yield lines[0], lines[1:]


def _high(session: Session, kind: Kind) -> list[str]:
    scores = session.reading.scores
    scales = [scale for scale in session.catalog.of_kind(kind) if scores[scale].band == "high"]
    return sorted(scales, key=lambda scale: -(scores[scale].value or 0))[:MOST_NAMES]


def _rows(session: Session, say: Say, worksheet: str) -> list[Entry]:
    """Return the rows of a worksheet without texts that must not be on a Job Card."""
    rows = session.record.worksheets.get(worksheet, ())
    return [{field: text for field, text in row.items() if not _is_unsaid(say, text)} for row in rows]


def _motives(session: Session, say: Say) -> list[Entry]:
    """Return the motives without the fields that the worksheet warns about, in Japanese or English."""
    both = [spoken(session.catalog, language, session.today) for language in LANGUAGES]
    return [
        {field: text for field, text in row.items() if not any(weak_reasons(words, text) for words in both)}
        for row in _rows(session, say, "motive")
    ]


def _is_unsaid(say: Say, text: str) -> bool:
    """Return whether a text tells of leaving or of a worry. Only the client may put such a text on the form."""
    normal = text.casefold().replace("’", "'")
    return any(phrase in normal for phrase in say("export_card_unsaid").split("|"))


# --- the document -------------------------------------------------------------------------------------------------


def jobcard(session: Session, today: date) -> bytes:
    """Return the draft as a Word document on A4."""
    from docx import Document  # noqa: PLC0415  (a client's kernel starts without it)

    speech = session.say
    document = Document()
    _dress(document, speech, today)
    _foot(document, speech, session, today)
    document.add_heading(speech("export_card_title"), 1)
    document.add_paragraph(speech("export_card_form"), "Subtitle")
    document.add_paragraph().add_run(speech("export_card_draft")).bold = True
    document.add_paragraph(of_its_day(speech, session, "export_card_draft_text"))
    _fields(document, speech, "export_card_yours", OWN)
    for part, points in contents(session, speech).items():
        document.add_heading(speech(f"export_card_part_{part}"), 2)
        document.add_paragraph(speech(f"export_card_hint_{part}"), "Caption")
        _box(document, points or [(speech("export_card_empty"), ())])
    document.add_heading(speech("export_card_part_consultant"), 2)
    _fields(document, speech, "export_card_theirs", CONSULTANT)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _dress(made: Any, say: Say, today: date) -> None:  # noqa: ANN401  (python-docx's document)
    """Set paper, fonts, language and properties. The properties name no author and no computer."""
    from docx.shared import Mm, Pt  # noqa: PLC0415  (as above)

    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.header_distance, section.bottom_margin = Mm(24), Mm(12), Mm(18)
    section.header.paragraphs[0].text = say("export_card_draft")
    for style, size in (
        ("Normal", 10.5),
        ("Heading 1", 18),
        ("Heading 2", 12),
        ("Subtitle", 12),
        ("Caption", 9),
        ("Footer", 8.5),
    ):
        _font(made.styles[style], size)
    made.styles["Normal"].paragraph_format.space_after = Pt(4)
    made.styles["List Bullet"].paragraph_format.space_after = Pt(2)
    _language(made.styles.element, LOCALES[say.language])
    about = made.core_properties
    about.title, about.language = say("export_card_title"), LOCALES[say.language]
    about.author = about.last_modified_by = about.comments = ""
    about.created = about.modified = datetime(today.year, today.month, today.day)  # noqa: DTZ001  (a day, the same everywhere)


def _foot(made: Any, say: Say, session: Session, today: date) -> None:  # noqa: ANN401  (python-docx's document)
    """Set the foot of every page: the office, whose card it is, and the number of the page."""
    from docx.shared import Mm  # noqa: PLC0415  (as above)

    top, foot = head(say, session.imprint), made.sections[0].footer.paragraphs[0]
    made.styles["Footer"].paragraph_format.tab_stops.clear_all()
    foot.paragraph_format.tab_stops.add_tab_stop(Mm(170), _right())
    if office := given_by(say, top):
        foot.add_run(office)
        foot.add_run().add_break()
    foot.add_run(line(say, top, visit_date(say, session, today)) + "\t")
    _field(foot, "PAGE")
    foot.add_run("／" if say.language == "ja" else " / ")
    _field(foot, "NUMPAGES")


def _right() -> Any:  # noqa: ANN401  (python-docx's constant)
    from docx.enum.text import WD_TAB_ALIGNMENT  # noqa: PLC0415  (as above)

    return WD_TAB_ALIGNMENT.RIGHT


def _field(paragraph: Any, name: str) -> None:  # noqa: ANN401  (python-docx's paragraph)
    """Add a field that Word fills in, such as the number of the page."""
    from docx.oxml import OxmlElement  # noqa: PLC0415  (as above)
    from docx.oxml.ns import qn  # noqa: PLC0415  (as above)

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = paragraph.add_run("1")._r  # noqa: SLF001  (python-docx makes no fields)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001  (as above)


def _font(style: Any, size: float) -> None:  # noqa: ANN401  (python-docx's style)
    """Set the fonts of a style by name, and remove its theme fonts: Word would use these instead."""
    from docx.oxml.ns import qn  # noqa: PLC0415  (as above)
    from docx.shared import Pt, RGBColor  # noqa: PLC0415  (as above)

    style.font.name, style.font.size = LATIN, Pt(size)
    style.font.italic, style.font.bold = False, style.name.startswith("Heading")
    style.font.color.rgb = RGBColor(0x22, 0x28, 0x2A)
    fonts = style.element.rPr.rFonts
    fonts.set(qn("w:eastAsia"), JAPANESE)
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)


def _language(styles: Any, locale: str) -> None:  # noqa: ANN401  (the styles' XML)
    from docx.oxml.ns import qn  # noqa: PLC0415  (as above)

    language = styles.find(f"{qn('w:docDefaults')}//{qn('w:lang')}")
    language.set(qn("w:val"), locale)
    language.set(qn("w:eastAsia"), "ja-JP")


def _fields(made: Any, say: Say, whose: str, names: tuple[str, ...]) -> None:  # noqa: ANN401  (python-docx's document)
    """Add a sentence that says who fills these fields in, and a table with the fields, all empty."""
    from docx.shared import Mm  # noqa: PLC0415  (as above)

    made.add_paragraph(say(whose), "Caption").paragraph_format.keep_with_next = True
    table = made.add_table(rows=len(names), cols=2, style="Table Grid")
    table.autofit = False
    for row, name in zip(table.rows, names, strict=True):
        row.cells[0].text = say(f"export_card_{name}")
        row.height = Mm(30 if name == CONSULTANT[-1] else 8)
    for column, width in zip(table.columns, (Mm(50), Mm(120)), strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _box(made: Any, points: list[Point]) -> None:  # noqa: ANN401  (python-docx's document)
    """Add a framed box with points, and the details of each point under it."""
    cell = made.add_table(rows=1, cols=1, style="Table Grid").cell(0, 0)
    spare = cell.paragraphs[0]
    for text, details in points:
        cell.add_paragraph(text, "List Bullet")
        for detail in details:
            cell.add_paragraph(detail, "List Bullet 2")
    spare._element.getparent().remove(spare._element)  # noqa: SLF001  (python-docx has no other way to drop a paragraph)
