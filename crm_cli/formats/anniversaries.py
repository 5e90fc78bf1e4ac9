"""Labels that mark a day as an anniversary, in the languages whose headings are known.

``anniversaire`` and ``aniversário`` are not among them: they mean birthday.
"""

from __future__ import annotations

from crm_cli.core.text.folding import nfc

_WORDS = """anniversary, wedding anniversary, wedding, wedding day, wedding date, marriage, marriage anniversary,
  jahrestag, hochzeitstag, hochzeit, anniversaire de mariage, date de mariage, mariage, aniversario,
  aniversario de boda, aniversario de bodas, boda, fecha de boda, anniversario,
  anniversario di matrimonio, matrimonio, data di matrimonio, trouwdag, trouwdatum, huwelijksdag,
  huwelijksverjaardag, jubileum, aniversário de casamento, data de casamento, bröllopsdag, bryllupsdag,
  hääpäivä, vuosipäivä, rocznica, rocznica ślubu, data ślubu, výročí, výročí svatby, годовщина,
  годовщина свадьбы, день свадьбы, evlilik yıldönümü, 結婚記念日, 記念日, 结婚纪念日, 纪念日, 結婚紀念日,
  紀念日, 결혼기념일, 기념일, सालगिरह, शादी की सालगिरह, विवाह वर्षगांठ"""
LABELS = frozenset(nfc(" ".join(each.split())).casefold() for each in _WORDS.split(","))


def is_anniversary(label: str) -> bool:
    """Is a day with this label an anniversary?"""
    return nfc(" ".join(label.split())).casefold() in LABELS
