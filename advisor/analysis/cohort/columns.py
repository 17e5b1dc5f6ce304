"""Tells by their names which columns of a cohort file identify respondents, and which hold personal data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_IDS = {"respondent", "participant", "subject", "person", "case", "client", "code", "respid", "userid", "uid", "uuid"}
_IDS_JA = re.compile(r"(番号|コード|ＩＤ|回答者|被験者)$")
_COUNTERS = {"", "no", "number", "index", "row", "rowname", "rownames", "rownumber", "番号", "行番号", "通し番号"}
_PERSONAL = {
    "name", "names", "firstname", "lastname", "surname", "fullname", "username", "email", "mail", "phone", "telephone",
    "tel", "mobile", "fax", "address", "addr", "street", "postal", "postcode", "zip", "zipcode", "birth", "birthday",
    "birthdate", "dob", "born", "passport", "ssn", "ip",
}  # fmt: skip
_PERSONAL_JA = re.compile(
    r"氏名|姓名|名前|者名|様名|員名|客名|^姓$|^名$|フリガナ|ふりがな|メール|電話|携帯|住所|郵便|生年|誕生|マイナンバー"
)


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def is_counter(name: str) -> bool:
    """Return whether a column of this name numbers the rows. Such a column is kept, but it identifies nobody."""
    return "".join(_words(name)) in _COUNTERS - {""} or name.strip() in _COUNTERS or name.startswith("Unnamed:")


def is_personal(name: str) -> bool:
    """Return whether a column of this name holds names, addresses, telephone numbers, dates of birth."""
    words = _words(name)
    return "".join(words) in _PERSONAL or any(word in _PERSONAL for word in words) or bool(_PERSONAL_JA.search(name))


def is_id(name: str) -> bool:
    """Return whether a column of this name identifies respondents without naming them."""
    if is_personal(name):
        return False
    words = _words(name)
    says = words[-1:] == ["id"] or "".join(words) in _IDS or bool(_IDS_JA.search(name))
    return says or is_counter(name)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Columns by their use: ``ids`` and ``kept`` are written into the result, ``left_out`` are not.

    ``candidate``: a first column that is an id if its values turn out to be all different ("" where there is none).
    """

    ids: tuple[str, ...]
    kept: tuple[str, ...]
    left_out: tuple[str, ...]
    candidate: str = ""

    @property
    def carried(self) -> tuple[str, ...]:
        """Return the columns that are written into the result, each once."""
        return tuple(dict.fromkeys((*self.ids, *self.kept)))

    @property
    def identity(self) -> tuple[str, ...]:
        """Return the columns that are equal in two rows of the same respondent."""
        return tuple(name for name in self.ids if not is_counter(name)) or self.ids


def choose(
    columns: Sequence[str], known: Collection[str], *, ids: Sequence[str] = (), keep: Sequence[str] = ()
) -> Chosen:
    """Return the use of each column that is not ``known`` (items, facts).

    ``ids``: the columns that were named as ids. Without them, the names decide; where no name says so, the first column
    is the candidate unless it is known or personal. Ids come first, then what is kept, both in the order of the file.
    """
    others = [name for name in columns if name not in known]
    found = [name for name in columns if name in ids] if ids else [name for name in others if _found(columns, name)]
    kept = [name for name in columns if name in keep and name not in found]
    left = [name for name in others if name not in found and name not in kept and (name or name == columns[0])]
    first = columns[0] if columns else ""
    candidate = first if not found and first in left and not is_personal(first) else ""
    return Chosen(tuple(found), tuple(kept), tuple(left), candidate)


def _found(columns: Sequence[str], name: str) -> bool:
    return is_id(name) if name.strip() else name == columns[0]
