"""Which code page a list of names is in: lists of 1 to 50 rows made of names, towns and firms of each language."""

from __future__ import annotations

import random

import pytest
from formats_support import source

from crm_cli.formats.code_pages import guess

NAMES = {
    "de": """Jörg Müller, Käthe Weiß, Günther Größmann, Björn Schäfer,
        Änne Köhler, Jürgen Böttcher, Sören Hößl, Uwe Krüger,
        Anna Schmidt""",
    "fr": """François Lefèvre, Hélène Béranger, Benoît Côté, Zoë Gaël,
        Cédric Prud’homme, Noël Le Goff, Loïc Dûcret, Aurélie Fèvre,
        Marc Petit""",
    "es": """José Núñez, María Peña, Íñigo Muñoz, Begoña Ibáñez,
        Óscar Güell, Jesús García, Mª Carmen Ordóñez, Raúl Gómez,
        Ana Ruiz""",
    "pt": """João Conceição, António Gonçalves, Inês Magalhães, Luís Araújo,
        Mónica Simões, Cátia Leitão, Zé Brandão, Hugo Falcão,
        Rui Costa""",
    "no": """Bjørn Sæther, Åse Bråten, Øyvind Nygård, Kåre Sørensen,
        Håkon Grønn, Pål Ødegård, Ærlend Næss, Tove Hauge,
        Mari Moe""",
    "pl": """Łukasz Wójcik, Małgorzata Żak, Paweł Gołębiewski, Święcicka Bożena,
        Józef Dąbrowski, Agnieszka Źrebiec, Rafał Kozieł, Zofia Wróbel""",
    "cs": """Jiří Dvořák, Zdeněk Růžička, Šárka Němcová, Tomáš Černý,
        Věra Říhová, Lukáš Žák, Ondřej Kučera, Božena Šťastná""",
    "hu": """Gergő Szőke, Győző Erdős, Zsófia Szűcs, László Gergely,
        Jenő Hegedűs, Dezső Bíró, Fülöp Károly, Ágnes Kővári""",
    "hr": """Željko Marković, Šime Đurić, Krešimir Čović, Ivana Župan,
        Đorđe Lončar, Vesna Šarić, Tomislav Perić, Mladen Žunić""",
    "ru": """Иван Петров, Мария Ёлкина, Сергей Щукин, Анна Кузнецова,
        Юрий Яковлев, Ольга Чехова, Дмитрий Фёдоров""",
    "uk": """Олена Їжакевич, Сергій Ґудзь, Наталія Шевченко, Андрій Коваленко,
        Юлія Бойко, Микола Лисенко""",
    "el": """Γιώργος Παπαδόπουλος, Ελένη Ιωάννου, Νίκος Ψαράς, Δημήτρης Χατζής,
        Μαρία Ωραιοπούλου, Άννα Ευαγγέλου""",
    "tr": """Gülşen Yıldız, Şükrü Öztürk, İbrahim Çağlar, Ayşe Doğan,
        Işıl Güneş, Tuğba Şahin, Cağatay Kılıç""",
    "lv": """Jānis Bērziņš, Līga Kļaviņa, Ģirts Ķēniņš, Māra Šķēle,
        Andrejs Žagars, Zaiga Ūdre""",
    "ja": """山田太郎, 佐藤花子, 鈴木一郎, 高橋さくら,
        株式会社トヨタ, 渡辺健二, 東京都港区""",
    "zh": """张伟, 王秀英, 李娜, 刘洋,
        陈静, 杨勇, 北京市朝阳区, 上海贸易有限公司""",
    "tw": """陳怡君, 林志豪, 黃淑芬, 張家豪,
        李雅婷, 王建宏, 臺北市信義區, 台灣貿易股份有限公司""",
    "ko": """김민준, 이서연, 박지훈, 최수빈,
        정우진, 강예은, 서울특별시, 한국무역 주식회사""",
    "he": """יעקב כהן, שרה לוי, דוד מזרחי, רחל פרץ,
        תל אביב, חיים ביטון""",
    "ar": """محمد علي, فاطمة الزهراء, أحمد حسن, عائشة إبراهيم,
        القاهرة, خالد يوسف""",
}
FILES = 40
"""Files of each language in Windows-1252; of the others a third."""


def lists(language: str, encoding: str) -> list[bytes]:
    """Files of 1 to 50 rows under an ASCII heading, none of them valid UTF-8."""
    chance = random.Random(f"{language} {encoding}")
    made = []
    while len(made) < (FILES if encoding == "cp1252" else FILES // 3):
        names = [" ".join(name.split()) for name in NAMES[language].split(",")]
        rows = [chance.choice(names) for _ in range(chance.choice([1, 2, 3, 5, 8, 13, 20, 50]))]
        text = "Name,Email,City\n" + "".join(f"{name},p{n}@x.example,\n" for n, name in enumerate(rows))
        data = text.encode(encoding, "ignore")
        try:
            data.decode()
        except UnicodeDecodeError:
            made.append(data)
    return made


def read_right(data: bytes, encoding: str) -> bool:
    """Are all letters of a file read as they were written, whatever the code page is called?"""
    return data.decode(source(data).encoding, "replace") == data.decode(encoding)


@pytest.mark.parametrize("language", ["de", "fr", "es", "pt", "no"])
def test_what_is_windows_1252_stays_so(language: str):
    """Every file, however short: what most exports are is never guessed away."""
    assert [data for data in lists(language, "cp1252") if not read_right(data, "cp1252")] == []


MEASURED = [
    ("pl", "cp1250", 0.95),
    ("cs", "cp1250", 0.95),
    ("hu", "cp1250", 0.85),
    ("hr", "cp1250", 0.85),
    ("ru", "cp1251", 1.0),
    ("uk", "cp1251", 1.0),
    ("el", "cp1253", 1.0),
    ("tr", "cp1254", 0.8),
    ("lv", "cp1257", 0.8),
    ("he", "cp1255", 0.9),
    ("ar", "cp1256", 0.9),
    ("ru", "koi8-r", 1.0),
    ("ru", "cp866", 1.0),
    ("ja", "cp932", 1.0),
    ("zh", "gb18030", 0.95),
    ("tw", "big5", 0.95),
    ("ko", "cp949", 1.0),
    ("pl", "iso8859-2", 0.95),
    ("cs", "iso8859-2", 0.85),
    ("de", "iso8859-1", 1.0),
    ("de", "mac-roman", 0.85),
    ("fr", "mac-roman", 0.85),
    ("es", "mac-roman", 0.85),
    ("no", "mac-roman", 0.85),
    ("de", "cp850", 0.85),
    ("fr", "cp850", 0.8),
    ("pl", "cp852", 0.95),
]
"""Language, code page, the share of these files that are read right at least; the others are read as Windows-1252."""


@pytest.mark.parametrize(("language", "encoding", "share"), MEASURED)
def test_other_code_pages(language: str, encoding: str, share: float):
    files = lists(language, encoding)
    right = sum(read_right(data, encoding) for data in files)
    print(f"{language} in {encoding}: {right} of {len(files)}")

    assert right >= share * len(files)


@pytest.mark.parametrize("text", ["100 €", "25° ½", "Škoda ©2024", "Nº 5|Mª José", "Foo’s Bar – Café", "SÃO PAULO"])
def test_signs_are_no_letters_of_another_script(text: str):
    data = text.replace("|", "\n").encode("cp1252")

    assert data.decode(guess(data).encoding) == data.decode("cp1252")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("姓名,电话\n张伟,13800138000\n", "gb18030"),
        ("Имя;Телефон\nИван;12345\n", "koi8-r"),
        ("이름,전화\n김민준,010\n", "cp949"),
    ],
)
def test_a_heading_in_the_same_code_page(text: str, encoding: str):
    assert source(text.encode(encoding)).encoding == encoding


def test_a_doubt_is_told():
    """Letters of several languages, or hardly any: read as Windows-1252, and the user is told."""
    mixed = "Name,Email\n" + "".join(f"{name},a@x\n" for name in ("Bjørn", "José", "Pão", "Größe", "Hélène", "Çelik"))

    opened = source(mixed.encode("cp1252"))

    assert opened.encoding == "cp1252"
    assert "--encoding" in opened.warnings[0]
