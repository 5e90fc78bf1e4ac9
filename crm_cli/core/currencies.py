"""ISO 4217: the codes in use, how many decimals each has, and the signs people write for them."""

from __future__ import annotations

CODES = frozenset(
    ["AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BHD", "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYI", "UYU", "UYW", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG"]
)
"""The currencies that a deal can be in."""

DIGITS = {
    **dict.fromkeys(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"], 0),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
"""Currency -> its decimals, where they are not two."""

SIGNS: dict[str, tuple[str, ...]] = {
    "$": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP"),
    "us$": ("USD",), "a$": ("AUD",), "au$": ("AUD",), "c$": ("CAD",), "ca$": ("CAD",), "nz$": ("NZD",),
    "s$": ("SGD",), "hk$": ("HKD",), "nt$": ("TWD",), "mx$": ("MXN",), "r$": ("BRL",),
    "€": ("EUR",), "euro": ("EUR",), "euros": ("EUR",),
    "£": ("GBP", "EGP", "GIP", "FKP", "SHP"),
    "₹": ("INR",), "rs": ("INR", "PKR", "LKR", "NPR", "MUR", "SCR"), "रु": ("INR", "NPR"),
    "¥": ("JPY", "CNY"), "円": ("JPY",), "元": ("CNY", "TWD"), "rmb": ("CNY",),
    "₩": ("KRW",), "원": ("KRW",), "₽": ("RUB",), "руб": ("RUB",), "₴": ("UAH",), "₺": ("TRY",), "₫": ("VND",),
    "₪": ("ILS",), "₦": ("NGN",), "฿": ("THB",), "₱": ("PHP",), "৳": ("BDT",), "₸": ("KZT",), "₾": ("GEL",),
    "zł": ("PLN",), "zl": ("PLN",), "kc": ("CZK",), "ft": ("HUF",), "lei": ("RON", "MDL"), "fr": ("CHF",),
    "kr": ("", "SEK", "NOK", "DKK", "ISK"),
    "د.إ": ("AED",), "ر.س": ("SAR",), "د.ك": ("KWD",), "rp": ("IDR",), "rm": ("MYR",), "r": ("ZAR",),
}  # fmt: skip
"""Sign, folded -> what it can mean: the user's own currency if it is among them, else the first (``""``: none)."""
