"""What an installation brings along."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]
MEGABYTE = 1024 * 1024


def brought_along(name, seen):
    """Collect the distributions that an installation without extras has."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in seen:
        return seen
    try:
        seen[key] = distribution(name)
    except PackageNotFoundError:  # for another system or Python
        return seen
    for requirement in seen[key].requires or ():
        if "extra ==" not in requirement:
            brought_along(re.match(r"[\w.-]+", requirement)[0], seen)
    return seen


def test_an_installation_takes_at_most_135_megabytes():
    found = brought_along("easy-crm", {})
    files = {Path(each.locate_file(file)) for each in found.values() for file in each.files or ()}
    files |= set((ROOT / "crm_cli").rglob("*"))
    taken = sum(file.stat().st_blocks * 512 for file in files if file.is_file())

    assert "sqlalchemy" in found
    assert taken / MEGABYTE <= 135


def test_phone_numbers_come_without_what_is_not_used():
    """Names of places and carriers, 40 MB of the other distribution of the same module."""
    assert "phonenumbers" not in brought_along("easy-crm", {})
