"""HTML to plain text: paragraphs stay paragraphs, links keep their address, scripts and styles are dropped."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    ("p", "div", "ul", "ol", "table", "blockquote", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6")
)
_LINES = frozenset(("br", "li", "tr", "hr"))
_HIDDEN = frozenset(("script", "style", "head", "title", "template"))
_NEAR = 8
"""How many pieces of text the shown address of a link may be in."""
_SPACES = re.compile(r"[ \t\r\f\v\xa0]+")
_DECLARATION = re.compile(r"<!--|<!|<\?")
_BREAKS = re.compile(r"\n{3,}")


class _Text(HTMLParser):
    """Collects the text of a document."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.hidden = 0
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag in _BLOCKS:
            self.pieces.append("\n\n")
        elif tag in _LINES:
            self.pieces.append("\n- " if tag == "li" else "\n")
        elif tag == "a":
            self.link = dict(attrs).get("href") or ""
        elif tag in ("td", "th"):
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in _BLOCKS:
            self.pieces.append("\n\n")
        elif tag == "a":
            shown = "".join(self.pieces[-_NEAR:])
            if self.link.startswith(("http:", "https:", "mailto:")) and not shown.endswith(self.link):
                self.pieces.append(f" <{self.link}>")
            self.link = ""

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(_SPACES.sub(" ", data.replace("\n", " ")))


def _without_declarations(html: str) -> str:
    """Return HTML without comments, declarations and processing instructions; what follows an open one is dropped.

    The parser takes time quadratic in the number of open ones.
    """
    kept, at = [], 0
    while found := _DECLARATION.search(html, at):
        kept.append(html[at : found.start()])
        end = "-->" if found[0] == "<!--" else ">"
        close = html.find(end, found.end())
        if close < 0:
            return "".join(kept)
        at = close + len(end)
    return "".join(kept) + html[at:]


def _closed(html: str) -> str:
    """Return HTML in which no tag is open at the end: there, ``<`` is text."""
    end = html.rfind(">") + 1
    return html[:end] + html[end:].replace("<", "&lt;")


def text_of(html: str) -> str:
    """Return the text of an HTML document or fragment; what cannot be parsed is returned as far as it was read."""
    parser = _Text()
    parser.feed(_closed(_without_declarations(html)))
    parser.close()
    lines = [line.strip() for line in "".join(parser.pieces).split("\n")]
    return _BREAKS.sub("\n\n", "\n".join(lines)).strip()
