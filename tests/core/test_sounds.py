"""What names sound like: the same in every script, and not all the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.core.text.folding import words
from crm_cli.core.text.sounds import initials, pattern, skeletons

ALIKE = """
प्रकाश = Prakash
प्रिया = Priya
सिंह = Singh
ਸਿੰਘ = Singh
लक्ष्मी = Lakshmi
लक्ष्मी = Laxmi
महेश = Mahesh
शाह = Shah
नेहा = Neha
मेहता = Mehta
कृष्णमूर्ति = Krishnamurthy
विजय = Vijay
अमित = Amit
ईशा = Isha
उषा = Usha
ऐश्वर्या = Aishwarya
पवार = Pawar
राव = Rao
कुमार = Kumar
फिरोज = Firoz
ज़ोया = Zoya
सचिन = Sachin
चौधरी = Chaudhary
चौधरी = Choudhury
यादव = Yadav
मम्मी = Mammi
सूर्या = Surya
जॉन = John
महमूद = Mahmood
ब्रह्मा = Brahma
शेख = Sheikh
दीपक = Deepak
गुप्ता = Gupta
हिन्दी = Hindi
सुरेश = Suresh
आशा = Asha
वर्मा = Verma
देशपांडे = Deshpande
অমিত = Amit
রাজেশ = Rajesh
রাহুল = Rahul
ராஜேஷ் = Rajesh
முருகன் = Murugan
కృష్ణ = Krishna
రాజేష్ = Rajesh
ರಾಜೇಶ್ = Rajesh
രാജേഷ് = Rajesh
રાજેશ = Rajesh
ਰਾਜੇਸ਼ = Rajesh
ରାଜେଶ = Rajesh
රාජේෂ් = Rajesh
Иван = Ivan
Сергей = Sergey
Михаил = Mikhail
Александр = Alexander
Александр = Aleksandr
Жуков = Zhukov
Чехов = Chekhov
Хрущев = Khrushchev
Юлия = Yulia
Юрий = Yuri
Дмитрий = Dmitry
Наталья = Natalia
Татьяна = Tatyana
Елена = Elena
Елена = Yelena
Пётр = Pyotr
Ольга = Olga
Щербаков = Shcherbakov
Евгений = Evgeny
Владимир = Vladimir
Цветаева = Tsvetaeva
Яна = Yana
Петров = Petrov
Γιώργος = Giorgos
Νίκος = Nikos
Παπαδόπουλος = Papadopoulos
Δημήτρης = Dimitris
Βασίλης = Vasilis
Αλέξανδρος = Alexandros
محمد = Mohammed
محمد = Muhammad
محمود = Mahmoud
أحمد = Ahmed
علي = Ali
عمر = Omar
إبراهيم = Ibrahim
يوسف = Yusuf
فاطمة = Fatima
خالد = Khalid
حسين = Hussein
جمال = Jamal
ليلى = Layla
الخطيب = Alkhatib
نواز = Nawaz
دוד = David
דוד = David
გიორგი = Giorgi
ნინო = Nino
Արմեն = Armen
さくら = Sakura
タナカ = Tanaka
김 = Gim
สมชาย = Somchai
"""
"""A name in its own script, and as people write it in Latin."""


@pytest.mark.parametrize("pair", ["राजेश = Rajesh", *ALIKE.strip().splitlines()])
def test_a_name_sounds_the_same_in_both_spellings(pair):
    ours, latin = (set(skeletons(words(name)[0])) for name in pair.split(" = "))

    assert ours & latin


@pytest.mark.parametrize(
    "pair", ["राजेश = Ramesh", "अमित = Sumit", "Иван = Ivo", "محمد = Ahmed", "नेहा = Nita", "रवि = Ravina", "ईशा = Asha"]
)
def test_other_names_sound_different(pair):
    ours, latin = (set(skeletons(words(name)[0])) for name in pair.split(" = "))

    assert not ours & latin


def test_what_has_no_letters_or_one_consonant_has_no_sound():
    assert [skeletons(word) for word in ("王小明", "का", "", "7", "ja")] == [[], [], [], [], []]


@given(st.text(min_size=1))
def test_any_text_has_a_sound_or_none(text):
    """Nothing hostile gets through: signs of a sound are letters and digits, in lower case."""
    for word in words(text):
        for sound in skeletons(word):
            assert len(sound) >= 2
            assert " " not in sound
            assert not any(unicodedata.category(char) == "Co" for char in sound)


@given(st.from_regex("[a-z]{2,12}", fullmatch=True))
def test_the_pattern_of_a_sound_lets_every_word_of_it_through(word):
    """It sorts out before the words are looked at one by one, and must lose none."""
    from fnmatch import fnmatchcase

    for sound in skeletons(word):
        assert any(fnmatchcase(word, first + pattern(sound)) for first in initials(sound))
