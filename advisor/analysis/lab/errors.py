"""What the lab refuses; the sentences, one for each language, stand in advisor/content/messages/lab.py."""

from __future__ import annotations

from advisor.content.messages import messages


class LabError(Exception):
    """Something that cannot be done with a scoring version; ``word`` names the sentence, ``told`` fills it in."""

    def __init__(self, word: str, **told: object) -> None:
        """Say the sentence in the language of this machine."""
        self.word = word
        self.told = told
        super().__init__(messages()[word].format(**told))


class KnobError(LabError):
    """A figure that does not exist, or a value that it cannot have; ``path`` says which."""

    def __init__(self, word: str, path: str, **told: object) -> None:
        """Keep the path beside the sentence."""
        super().__init__(word, path=path, **told)
        self.path = path


class ReleasedError(LabError):
    """A released version never changes."""
