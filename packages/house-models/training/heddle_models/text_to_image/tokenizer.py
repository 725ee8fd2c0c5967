"""Words to numbers: a closed vocabulary of words, and pieces for everything else.

The rule is greedy longest match, as in WordPiece (Wu et al., 2016): a text is lower-cased, split into words of
``[a-z]+``, digits one by one, and everything else dropped. A word in the vocabulary is one token. Any other word is cut
from the left into the longest vocabulary word or piece that fits; all but the first part are pieces (``##s``).
Letters are pieces, so every word can be written. The text is cut to ``length`` tokens and filled with 0.
"""

from __future__ import annotations

import re
import string

import numpy as np

from ..scenes import captions

PAD = 0
_WORD = re.compile(r"[a-z]+|[0-9]")
_SUFFIXES = (
    "s",
    "es",
    "ed",
    "ing",
    "ly",
    "y",
    "er",
    "est",
    "ish",
    "ful",
    "less",
    "en",
    "house",
    "side",
    "light",
    "like",
)
# Words people write that no caption needs; they train as whole tokens through caption noise.
_EXTRA = (
    "pair another the of and with at in on by a an some two three one very really beautiful pretty lovely cute "
    "cozy quiet calm serene peaceful dramatic epic old new lonely alone sunny dark bright warm cold soft moon sun "
    "cloud star sky water river lake hill hills mountain peak snow rain fog mist winter summer spring autumn "
    "evening morning light lights background foreground view landscape scene picture image photo art style "
    "drawing painting render high quality detailed colour color colourful is are there that this stands sits "
    "standing sitting floating flying near next under over behind front "
)


def build_vocabulary() -> list[str]:
    """All tokens in order; the index is the token's number. Deterministic."""
    words: set[str] = set(_WORD.findall(_EXTRA.lower()))
    for name, table in vars(captions).items():
        if name.startswith("_") and isinstance(table, dict):
            for phrases in table.values():
                if isinstance(phrases, tuple):
                    words.update(w for phrase in phrases for w in _WORD.findall(phrase.lower()))
    words.update(("flying", "sailing", "swimming", "picture", "scene", "image", "illustration"))
    letters = [*string.ascii_lowercase, *string.digits]
    pieces = [f"##{p}" for p in (*letters, *_SUFFIXES)]
    whole = sorted(words - set(letters))
    return ["[pad]", *letters, *dict.fromkeys(pieces), *whole]


class Tokenizer:
    """Turns text into a fixed number of token ids."""

    def __init__(self, vocabulary: list[str] | None = None, length: int = 32) -> None:
        self.vocabulary = vocabulary or build_vocabulary()
        self.length = length
        self._ids = {token: number for number, token in enumerate(self.vocabulary)}
        self._known: dict[str, list[int]] = {}

    def __call__(self, text: str) -> list[int]:
        """Exactly ``length`` ids."""
        ids: list[int] = []
        for word in _WORD.findall(text.lower()):
            ids.extend(self._word(word))
        return (ids + [PAD] * self.length)[: self.length]

    def batch(self, texts: list[str]) -> np.ndarray:
        """int64 [n, length]."""
        return np.array([self(text) for text in texts], dtype=np.int64).reshape(len(texts), self.length)

    def _word(self, word: str) -> list[int]:
        if word not in self._known:
            if len(self._known) > 20_000:
                self._known.clear()
            self._known[word] = self._pieces(word)
        return self._known[word]

    def _pieces(self, word: str) -> list[int]:
        ids, start = [], 0
        while start < len(word):
            end = len(word)
            prefix = "##" if start else ""
            while prefix + word[start:end] not in self._ids:
                end -= 1
            ids.append(self._ids[prefix + word[start:end]])
            start = end
        return ids
