"""The field and the label that one heading names, in many languages."""

from __future__ import annotations

import pytest

from crm_cli.formats.csv.headings import generic


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Teléfono particular", "phone:home"),
        ("Dirección del trabajo", "formatted:work"),
        ("Código postal (particular)", "code:home"),
        ("Adresse privée", "formatted:home"),
        ("Ville (professionnelle)", "locality:work"),
        ("Rechnungsanschrift (Stadt)", "locality:work"),
        ("Tél. fixe", "phone"),
        ("Tél. portable", "phone:mobile"),
        ("Straße und Hausnr.", "street"),
        ("Straat en huisnummer", "street"),
        ("Billing Code", "code"),
        ("Ragione sociale", "company"),
        ("Primer apellido", "family"),
        ("Tussenvoegsel", "additional"),
        ("hs_linkedin_url", "social:linkedin"),
        ("hs_additional_emails", "email"),
        ("Corporate Phone", "phone:work"),
        ("電話番号", "phone"),
        ("メールアドレス", "email"),
        ("邮编", "code"),
        ("自宅電話", "phone:home"),
        ("住所", "formatted"),
        ("微信", "im:wechat"),
        ("Рабочий e-mail", "email:work"),
        ("Мобильный телефон", "phone:mobile"),
        ("Příjmení", "family"),
        ("Soyadı", "family"),
        ("Εταιρεία", "company"),
        ("البريد الإلكتروني", "email"),
        ("שם פרטי", "given"),
        ("फ़ोन", "phone"),
        ("Gatuadress, arbete", "street:work"),
        ("Tel. priv.", "phone:home"),
        ("Mobil (geschäftlich)", "phone:mobile"),
        ("Mobile No.", "phone:mobile"),
        ("Company1", "company"),
        ("Student Last Name", "family"),
        ("contact_email", "email"),
        ("Person Zip Code", "code"),
        ("LinkedIn Contact Profile URL", "social:linkedin"),
    ],
)
def test_a_heading_names_a_field(heading: str, field: str) -> None:
    assert generic(heading) == field


@pytest.mark.parametrize(
    "heading",
    [
        "Number of emails",
        "Dirección de la reunión",
        "Número de empleados",
        "Direct Mail type",
        "Twitter Followers",
        "User Name",
        "Last Contact",
    ],
)
def test_a_heading_about_something_else_names_none(heading: str) -> None:
    assert generic(heading) == ""
