"""A photo in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_cli.formats.vcard.photos import Photo


def described(photo: Photo) -> str:
    """Return ``JPEG, 23 kB``, or the link of a picture that is elsewhere."""
    return f"link to {photo.link}" if photo.link else f"{photo.kind}, {size(photo.size)}"


def size(count: int) -> str:
    """Return a number of bytes in words: ``730 bytes``, ``23 kB``, ``1.4 MB``."""
    if count < 1000:
        return f"{count} bytes"
    return f"{round(count / 1000)} kB" if count < 999_500 else f"{count / 1_000_000:.1f} MB"
