"""What the lab refuses; the sentences, one for each language, stand in advisor/content/messages/lab.py."""

from __future__ import annotations

from advisor.content.messages import words


class LabError(Exception):
    """Something that cannot be done with a scoring version; ``word``: the key of its sentence, ``told``: its gaps."""

    def __init__(self, word: str, **told: object) -> None:
        """Say the sentence in the language of this machine."""
        self.word = word
        self.told = told
        super().__init__(words()[word].format(**told))


class ParameterError(LabError):
    """There is no such figure, or it cannot have this value; ``path`` says which figure."""

    def __init__(self, word: str, path: str, **told: object) -> None:
        """Keep the path beside the sentence."""
        super().__init__(word, path=path, **told)
        self.path = path


class ReleasedError(LabError):
    """Something that would change a released version."""
