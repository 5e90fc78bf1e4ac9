"""The words that generated books are made of: names in six scripts, trades, cities, what people say and do."""

from __future__ import annotations

from typing import NamedTuple


def _list(text: str, separator: str = "") -> list[str]:
    """Part a text at white space, or at ``separator`` after its lines were joined."""
    return text.replace("\n", " ").split(separator) if separator else text.split()


class Script(NamedTuple):
    """How names of a script are made: ``share`` of all people in per cent, given and family names, what joins them.

    A family name is one of ``family``, or one put together from ``stems`` and ``endings``, as many are rare.
    """

    share: float
    given: list[str]
    family: list[str]
    stems: list[str]
    endings: list[str]
    joint: str = " "


LATIN = Script(
    73,
    _list("""Aarav Aditi Ajay Akash Alan Alice Amit Amy Anand Andrew Anita Anna Arjun Asha Barbara Ben Brian Carol
    Charles Chris Claire Daniel David Deepa Dennis Diana Divya Donna Edward Elena Emily Emma Eric Farah Frank
    Gary Gauri George Grace Hannah Harish Helen Henry Imran Irene Isha Jack James Jane Janet Jason Jaya John
    Joseph Joyce Julia Karan Karen Kavita Kenneth Kevin Kiran Lakshmi Larry Laura Leela Linda Lisa Lucas Maria
    Mark Martin Mary Maya Meera Megan Michael Mohan Nadia Nancy Neha Nikhil Nina Oliver Paul Peter Pooja Priya
    Rahul Rajesh Ravi Rebecca Rekha Richard Rita Robert Rohan Ruth Sam Sandra Sanjay Sarah Scott Shreya Simon
    Sneha Sophie Stephen Steven Sunita Susan Suresh Thomas Tim Tina Uma Varun Vijay Vikram Walter Wendy
    William Yash Zara"""),
    _list("""Adams Agarwal Ahmed Allen Anderson Bailey Baker Banerjee Bell Bhatt Bose Brooks Brown Campbell Carter
    Chopra Clark Collins Cook Cooper Cox Das Davis Desai Dutta Edwards Evans Fernandes Fischer Foster Ghosh
    Gomes Gray Green Gupta Hall Harris Hill Howard Hughes Iyer Jackson Jain Johnson Jones Joshi Kapoor Kaur
    Kelly Khan King Kulkarni Kumar Lee Lewis Long Martin Mehta Miller Mishra Mitchell Moore Morgan Murphy Nair
    Naidu Nelson Parker Patel Patil Pereira Perry Phillips Pillai Powell Price Rao Reddy Reed Richards Roberts
    Rogers Ross Roy Russell Sanders Scott Sen Shah Sharma Shetty Singh Smith Stewart Sullivan Taylor Thomas
    Thompson Turner Varma Verma Walker Ward Watson White Williams Wilson Wood Wright Young"""),
    _list("""Al Am An Bar Ben Ber Bha Bran Bren Cal Cam Chan Cor Cran Dan Del Des Don Ed El Far Fen Fin Gar Gold Gran
    Hal Har Hart Hol Jan Kal Kar Kel Kin Kri Lan Lin Mal Man Mar Mer Mil Mor Nan Nar Nor Os Pad Par Pen Per
    Pra Ram Ran Ros Row San Sar Sel Shan Sher Sol Stan Sten Sud Sun Tal Tan Thorn Tor Ven Vil Wal War Wes Whit
    Win"""),
    _list("""aker and ani anwal appa ari arwal aswamy berg borne bridge brook bury by combe dale den der edge er esh
    feld field ford gate ger go hurst ingh ingham ington inson ison ka kar kins land ley low lund man mann mer
    more nath ner ock on or over put raj rath rick row sen shaw shi side son stead stein stone ter thal thorpe
    thy ton tra vale van ville wal war wick win wood worth"""),
)
ACCENTED = Script(
    16,
    _list("""Amélie André Anaïs Björn Bjørn Céline Chloé Élodie Émile Esteban François Frédéric Gaël Günther Hélène
    Inés Jérôme Jiří João Jörg José Jürgen Joël Léa Łukasz Małgorzata María Matěj Mélanie Michał Mónica Noémie
    Nuño Óscar Ramón René Rocío Søren Sébastien Sofía Stéphane Tomáš Ursula Václav Verónica Zoë Özgür Şebnem
    Çağla İpek Ștefan Žaneta Åsa Ångela"""),
    _list("""Álvarez Åkerström Bäcker Béranger Blažek Böhm Castaño Çelik Dvořák Díaz Érard Fernández François García
    González Gutiérrez Hernández Höfer Jørgensen Kowalczyk König Krüger Lefèvre López Łukasik Martínez Möller
    Müller Muñoz Nuñez Novák Öztürk Pérez Peña Ramírez Rodríguez Sánchez Schäfer Schröder Şahin Sjöberg
    Sørensen Svobodová Țurcanu Vázquez Weiß Wójcik Yılmaz Zieliński"""),
    _list("""Bäu Bé Bø Brå Čer Dé Dö Fré Gó Grö Här Hö Jä Ká Kö Kří Lé Lö Lú Mä Mé Mü Né Nö Ó Pé Plá Rå Ré Rö Sá Sé Sjö
    Só Sté Sö Šte Té Trä Vá Vé Žá"""),
    _list("""bert blad cký dal der dez don ger gren guez ier ieux ínek lard lin lund man mann meier mont nard nez nsky
    quist rand ric riot rón rov ský strand stein ström tier ton vec vigny vík zek zel"""),
)
DEVANAGARI = Script(
    8,
    _list("""अंजलि अजय अनिल अनीता अमित अर्जुन आशा ऊषा कमला करण कविता किरण गीता गौरी चेतन जया दीपक दीपा नेहा पूजा प्रिया
    मनोज माया मीरा मोहन रवि राजेश राधा राहुल रेखा रोहित लक्ष्मी विजय विनोद शांति श्वेता संजय सीमा सुनीता सुरेश
    हरीश"""),
    _list("""अग्रवाल कपूर कुमार कुलकर्णी खन्ना गुप्ता चौधरी जैन जोशी ठाकुर तिवारी त्रिपाठी देसाई द्विवेदी पटेल पाटिल
    पांडे भट्ट मल्होत्रा मिश्रा मेहता यादव राव वर्मा शर्मा शाह शुक्ला सक्सेना सिंह सेठी हिंदुजा"""),
    _list("कान गोप चंद जगन देव धन नंद नर पुष्प बल भग मद माल रघु राम लख वस शिव सुख हर"),
    _list("कर दास नाथ पाल पुरी राज लाल वाल वानी सिंह"),
)
CHINESE = Script(
    1,
    _list("伟 芳 娜 秀英 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀兰 霞 小明 建国 志强 雅婷 怡君 家豪"),
    _list("王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 高 林 罗 郑 梁 谢 宋 唐 许"),
    _list("欧 司 上 诸 东 西"),
    _list("阳 马 官 葛 方 门"),
    "",
)
CYRILLIC = Script(
    1,
    _list("""Александр Алексей Анна Борис Вера Виктор Галина Дмитрий Екатерина Елена Иван Ирина Лев Людмила Мария
    Михаил Наталья Никита Ольга Павел Пётр Светлана Сергей Татьяна Юлия"""),
    _list("Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Лебедев"),
    _list("Бел Бор Вор Голуб Дан Зай Кар Кра Лит Мар Ник Орл Пан Рыб Сав Тар Чер Шев"),
    _list("ёв ев ин ко ов овский ченко юк ян"),
)
ARABIC = Script(
    1,
    _list("أحمد أمينة حسن خالد زينب سارة سعيد عائشة علي عمر فاطمة ليلى محمد مريم نور هدى ياسمين يوسف"),
    _list("الأحمد الحسن الخطيب السيد الشامي العلي القاسم المصري النجار حداد خوري صالح عباس منصور ناصر"),
    _list("الب الت الج الح الر الز الس الص الف الك"),
    _list("راوي زاهر سلام صيرفي غدادي قيس مالي ناني يلاني"),
)
SCRIPTS = (LATIN, ACCENTED, DEVANAGARI, CHINESE, CYRILLIC, ARABIC)

TRADES = _list("""Accounting Analytics Architects Automotive Bakery Biotech Carpentry Catering Ceramics Chemicals Clinic
    Components Consulting Construction Dairy Dental Design Electricals Energy Engineering Events Exports Farms
    Finance Foods Freight Furniture Garments Glass Hardware Hospitality Insurance Interiors Jewellers Labs
    Leather Legal Lighting Logistics Machines Marine Media Metals Motors Optics Organics Packaging Paints
    Paper Pharma Plastics Plumbing Power Printing Pumps Realty Recycling Robotics Security Shipping Software
    Solar Spices Steel Studios Systems Textiles Timber Tools Toys Travel Tyres Ventures Water Wines""")
FORMS = ("Ltd", "Pvt Ltd", "GmbH", "Inc", "LLP", "& Sons", "Group", "SARL", "Co", "Traders")

TITLES = (
    "Owner", "Managing Director", "CEO", "CTO", "CFO", "Head of Purchasing", "Purchasing Manager", "Sales Manager",
    "Office Manager", "Accountant", "Engineer", "Project Lead", "Marketing Manager", "Partner", "Founder", "Buyer",
    "Store Manager", "Plant Manager", "Consultant", "Assistant", "HR Manager", "Designer", "Architect", "Foreman",
)  # fmt: skip

CITIES = (
    ("Mumbai", "MH", "400001", "India"), ("Pune", "MH", "411001", "India"), ("Delhi", "DL", "110001", "India"),
    ("Bengaluru", "KA", "560001", "India"), ("Chennai", "TN", "600001", "India"), ("Kolkata", "WB", "700001", "India"),
    ("Hyderabad", "TG", "500001", "India"), ("Ahmedabad", "GJ", "380001", "India"), ("Jaipur", "RJ", "302001", "India"),
    ("Surat", "GJ", "395001", "India"), ("Nagpur", "MH", "440001", "India"), ("Kochi", "KL", "682001", "India"),
    ("London", "", "EC1A 1BB", "United Kingdom"), ("Leeds", "", "LS1 1UR", "United Kingdom"),
    ("Berlin", "", "10115", "Germany"), ("München", "BY", "80331", "Germany"), ("Zürich", "ZH", "8001", "Switzerland"),
    ("Paris", "", "75001", "France"), ("Lyon", "", "69001", "France"), ("Málaga", "AN", "29001", "Spain"),
    ("Kraków", "", "30-001", "Poland"), ("Malmö", "", "211 11", "Sweden"), ("New York", "NY", "10001", "United States"),
    ("Austin", "TX", "73301", "United States"), ("Toronto", "ON", "M5H 2N2", "Canada"),
    ("Dubai", "", "", "United Arab Emirates"),
    ("台北", "", "100", "臺灣"), ("Москва", "", "101000", "Россия"), ("दिल्ली", "", "110001", "भारत"),
)  # fmt: skip
STREETS = _list(
    """Station Road,Main Street,Market Lane,Hill Road,Park Avenue,Lake View Road,Mill Lane,Church Street,Temple
Road,Industrial Estate,Ring Road,Garden Street""",
    ",",
)

TAGS = (
    "client", "lead", "supplier", "vip", "newsletter", "fair-2025", "fair-2026", "friend", "press", "partner", "former",
    "prospect", "reseller", "north", "south", "east", "west", "retail", "wholesale", "dnc",
)  # fmt: skip

# Each kind of activity: its share, direction, outcome, and subjects. {} is a thing spoken of.
DONE = (
    (22, "call", "out", "reached", ("talked about {}", "agreed on {}", "asked about {}")),
    (9, "call", "out", "no-answer", ("about {}",)),
    (5, "call", "out", "voicemail", ("left word about {}",)),
    (9, "call", "in", "", ("wants {}", "asked for {}", "unhappy with {}")),
    (12, "meeting", "", "held", ("went through {}", "showed {}", "decided on {}")),
    (2, "meeting", "", "no-show", ("was to look at {}",)),
    (18, "email", "out", "", ("sent {}", "reminder: {}", "news about {}")),
    (11, "email", "in", "", ("re: {}", "question about {}", "accepted {}")),
    (4, "message", "in", "", ("thanks for {}",)),
    (1, "letter", "out", "", ("posted {}",)),
    (7, "note", "", "", ("prefers {}", "knows a lot about {}")),
)
THINGS = _list(
    """the quote;the new price list;the contract;delivery dates;the order of last week;the sample;payment terms;the
invoice;the spring range;a discount;the warranty;the visit in March;the broken pump;packaging;the trade fair;an
introduction;spare parts;the website;the audit;insurance;the renewal;the prototype;training;storage space;the annual
plan;a second supplier;colours;the test results;shipping by sea;the complaint""",
    ";",
)
OPEN = ("send {}", "call about {}", "prepare {}", "ask about {}", "follow up on {}", "check {}")
BODIES = _list(
    """They liked it and will decide after talking to the partner.;Price is the sticking point, not quality.;Asked
to
be called again after the holidays.;Wants everything in writing before the end of the month.;Budget is fixed for this
year, more in the next one.;Will bring a colleague along next time.""",
    ";",
)
