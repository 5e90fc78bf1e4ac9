"""Countries, time zones and currencies as people name them: ``India``, ``IST``, ``kolkata``.

Country names and the zones of a country come from CLDR (Babel), cities from the IANA zones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.text.folding import fold, similar, words
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

# Names that differ from those of CLDR.
_ALSO = {
    "uk": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "usa": "US", "us of america": "US", "united states of america": "US", "america": "US", "holland": "NL",
    "uae": "AE", "emirates": "AE", "korea": "KR", "czech republic": "CZ", "burma": "MM", "ivory coast": "CI",
    "turkey": "TR", "hong kong": "HK", "macau": "MO", "macao": "MO", "swaziland": "SZ", "bosnia": "BA", "congo": "CD",
    "russian federation": "RU", "viet nam": "VN", "cape verde": "CV", "bharat": "IN", "palestine": "PS",
}  # fmt: skip
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"})

# Folders of zones that repeat all others, and those whose zones are not named for a city.
_COPIES = ("posix/", "right/")
_NOT_CITIES = ("Etc/", "SystemV/", "US/", *_COPIES)

# Abbreviations of times -> country -> the zone that most of the country uses.
_TIMES: dict[str, dict[str, str]] = {
    "ist": {"IN": "Asia/Kolkata", "IE": "Europe/Dublin", "IL": "Asia/Jerusalem"},
    "et est edt": {"US": "America/New_York", "CA": "America/Toronto"},
    "ct cst cdt": {"US": "America/Chicago", "CA": "America/Winnipeg", "CN": "Asia/Shanghai", "TW": "Asia/Taipei",
                   "MX": "America/Mexico_City", "CU": "America/Havana"},
    "mt mst mdt": {"US": "America/Denver", "CA": "America/Edmonton"},
    "pt pst pdt": {"US": "America/Los_Angeles", "CA": "America/Vancouver", "PH": "Asia/Manila"},
    "akst akdt": {"US": "America/Anchorage"},
    "hst": {"US": "Pacific/Honolulu"},
    "ast adt": {"CA": "America/Halifax", "PR": "America/Puerto_Rico", "SA": "Asia/Riyadh"},
    "nst ndt": {"CA": "America/St_Johns"},
    "brt": {"BR": "America/Sao_Paulo"},
    "gmt": {"GB": "Europe/London", "IE": "Europe/Dublin", "PT": "Europe/Lisbon", "GH": "Africa/Accra",
            "IS": "Atlantic/Reykjavik"},
    "bst": {"GB": "Europe/London", "BD": "Asia/Dhaka"},
    "wet west": {"PT": "Europe/Lisbon"},
    "cet cest met mez mesz": {
        "DE": "Europe/Berlin", "FR": "Europe/Paris", "IT": "Europe/Rome", "ES": "Europe/Madrid",
        "NL": "Europe/Amsterdam", "BE": "Europe/Brussels", "AT": "Europe/Vienna", "CH": "Europe/Zurich",
        "PL": "Europe/Warsaw", "CZ": "Europe/Prague", "DK": "Europe/Copenhagen", "SE": "Europe/Stockholm",
        "NO": "Europe/Oslo", "HU": "Europe/Budapest"},
    "eet eest": {"FI": "Europe/Helsinki", "GR": "Europe/Athens", "RO": "Europe/Bucharest", "BG": "Europe/Sofia",
                 "UA": "Europe/Kyiv", "EE": "Europe/Tallinn", "LV": "Europe/Riga", "LT": "Europe/Vilnius",
                 "EG": "Africa/Cairo", "LB": "Asia/Beirut", "CY": "Asia/Nicosia"},
    "msk": {"RU": "Europe/Moscow"},
    "trt": {"TR": "Europe/Istanbul"},
    "gst": {"AE": "Asia/Dubai"},
    "pkt": {"PK": "Asia/Karachi"},
    "npt": {"NP": "Asia/Kathmandu"},
    "slst": {"LK": "Asia/Colombo"},
    "ict": {"TH": "Asia/Bangkok", "VN": "Asia/Ho_Chi_Minh"},
    "wib": {"ID": "Asia/Jakarta"},
    "myt": {"MY": "Asia/Kuala_Lumpur"},
    "sgt": {"SG": "Asia/Singapore"},
    "hkt": {"HK": "Asia/Hong_Kong"},
    "pht": {"PH": "Asia/Manila"},
    "jst": {"JP": "Asia/Tokyo"},
    "kst": {"KR": "Asia/Seoul"},
    "awst": {"AU": "Australia/Perth"},
    "acst acdt": {"AU": "Australia/Adelaide"},
    "aest aedt": {"AU": "Australia/Sydney"},
    "nzst nzdt": {"NZ": "Pacific/Auckland"},
    "sast": {"ZA": "Africa/Johannesburg"},
    "eat": {"KE": "Africa/Nairobi", "TZ": "Africa/Dar_es_Salaam", "UG": "Africa/Kampala", "ET": "Africa/Addis_Ababa"},
    "wat": {"NG": "Africa/Lagos"},
}  # fmt: skip


def region_of(text: str) -> str:
    """Return the ISO 3166 code of a country, given by code or English name. Raises UsageError."""
    names = _countries()
    code = text.strip().upper()
    if code in names.values():
        return code
    found = names.get(_key(text))
    if found:
        return found
    starting = {names[name]: name for name in reversed(names) if len(code) > 2 and name.startswith(_key(text))}
    near = sorted(starting.values())[:5] or similar(_key(text), names, 1, cutoff=0.75)
    hint = f"did you mean {' or '.join(_title(name) for name in near)}?" if near else "as in IN, DE or India"
    raise UsageError(f'"{text}" is not a country', hint=hint)


def zone_of_words(text: str, region: str = "") -> str:
    """Return the IANA zone given by its name, a city, an abbreviation or a country.

    ``region`` decides if several countries use one abbreviation. Raises UsageError, with a list of the matching zones
    if there are several.
    """
    from zoneinfo import available_timezones

    known = available_timezones()
    typed = text.strip()
    times = _zones_of_time(typed)
    if times:
        return times[region] if region in times else _only(text, list(times.values()))
    if exact := _zone_named(typed, known):
        return exact
    cities = _zones_of_cities(known)
    zones = cities.get(_key(typed)) or _zones_of_country(typed)
    if zones:
        return _only(text, zones)
    near = similar(_key(typed.rpartition("/")[2]), cities, 1, cutoff=0.75)
    hint = f"did you mean {cities[near[0]][0]}?" if near else "a city, a country or an IANA zone, as in Asia/Kolkata"
    raise UsageError(f'there is no time zone "{text}"', hint=hint)


def _zones_of_time(typed: str) -> dict[str, str]:
    """Return the zones that an abbreviation can mean, by country; none if it is not one."""
    return next((zones for names, zones in _TIMES.items() if typed.lower() in names.split()), {})


def _zone_named(typed: str, known: Iterable[str]) -> str:
    """Return the zone with this IANA name in any case, or ``""``."""
    if "/" not in typed and typed.upper() not in {"UTC", "GMT"}:
        return ""
    name = typed.lower().replace(" ", "_")
    return next((zone for zone in known if zone.lower() == name and not zone.startswith(_COPIES)), "")


def _zones_of_cities(known: Iterable[str]) -> dict[str, list[str]]:
    """Return the zones by the name of their city."""
    cities: dict[str, list[str]] = {}
    for zone in known:
        if "/" in zone and not zone.startswith(_NOT_CITIES):
            cities.setdefault(_key(zone.rpartition("/")[2]), []).append(zone)
    return cities


def currency_of_words(text: str) -> str:
    """Return the ISO 4217 code given, or the currency of the country given; any other text is returned unchanged."""
    if len(text.strip()) == 3:
        return text.strip().upper()
    try:
        region = region_of(text)
    except UsageError:
        return text
    from babel.numbers import get_territory_currencies

    found = get_territory_currencies(region)
    return str(found[0]) if len(found) == 1 else text


def _only(text: str, zones: list[str]) -> str:
    if len(zones) == 1:
        return zones[0]
    listed = sorted(zones)
    more = f" and {len(listed) - 12} more" if len(listed) > 12 else ""
    raise UsageError(f'"{text}" is several time zones', hint=f"one of: {', '.join(listed[:12])}{more}")


def _zones_of_country(text: str) -> list[str]:
    try:
        region = region_of(text)
    except UsageError:
        return []
    from babel.core import get_global

    return [str(zone) for zone, country in get_global("zone_territories").items() if country == region]


def _countries() -> dict[str, str]:
    """Return the folded names of countries with their codes."""
    from babel import Locale

    territories: Iterable[tuple[str, str]] = Locale("en").territories.items()
    found = {
        _key(name): code
        for code, name in territories
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }
    return found | _ALSO


def _key(text: str) -> str:
    return " ".join(words(fold(text.replace("_", " ").replace("&", " and "))))


def _title(name: str) -> str:
    return " ".join(word if word in {"and", "of"} else word.capitalize() for word in name.split())
