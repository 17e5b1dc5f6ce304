"""What the lab refuses: by key and fields, put into words where somebody is told, in the language of who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from advisor.content.datafiles import Reason, reason_text
from advisor.content.messages import messages

if TYPE_CHECKING:
    from advisor.content.words import Language


class LabError(Exception):
    """Something that cannot be done with a scoring version; ``word``: the key of its sentence, ``told``: its gaps."""

    def __init__(self, word: str, **told: object) -> None:
        """Keep the key and the fields; the sentences stand in ``data/messages/<language>/versions.yaml``."""
        self.word = word
        self.told = told
        super().__init__(word, told)

    def sentence(self, language: Language) -> str:
        """Return why it cannot be done."""
        fields = {
            name: reason_text(one, language) if isinstance(one, Reason) else one for name, one in self.told.items()
        }
        return messages(language)[self.word].format(**fields)

    def __str__(self) -> str:
        """Return it in English, for logs."""
        return self.sentence("en")


class ParameterError(LabError):
    """There is no such figure, or it cannot have this value; ``path`` says which figure."""

    def __init__(self, word: str, path: str, **told: object) -> None:
        """Keep the path beside the sentence."""
        super().__init__(word, path=path, **told)
        self.path = path


class ReleasedError(LabError):
    """Something that would change a released version."""
