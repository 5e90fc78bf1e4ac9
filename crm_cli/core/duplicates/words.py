"""Words of names in Latin letters, and by their sound."""

from __future__ import annotations

from functools import lru_cache

from crm_cli.core.text.sounds import skeletons, transliterated


@lru_cache(maxsize=1 << 16)
def latin(word: str) -> str:
    """Return a folded word in Latin letters if it can be transliterated, else unchanged."""
    return word if word.isascii() else transliterated(word) or word


@lru_cache(maxsize=1 << 16)
def sound(word: str) -> str:
    """Return the phonetic key of a folded word, or the word itself if it is too short to have one."""
    return next(iter(skeletons(word)), "") or word
