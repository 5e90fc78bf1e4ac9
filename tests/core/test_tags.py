"""Names of tags: such as can be typed again."""

import pytest

from crm_cli.core.tags import tag_name
from crm_cli.errors import UsageError


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("vip", "vip"),
        ("  two   words ", "two words"),
        ("+vip", "vip"),
        ("#vip", "vip"),
        ("ग्राहक", "ग्राहक"),
        ("a-b_c", "a-b_c"),
    ],
)
def test_a_name_is_kept_as_it_can_be_typed(given, kept):
    assert tag_name(given) == kept


@pytest.mark.parametrize("given", ["", " ", "+", "-x", "a,b", "a;b", 'a"b', "a\\b", "a\x00b", "a\x1bb", "a\u202eb"])
def test_a_name_that_could_not_be_typed_again_is_refused(given):
    with pytest.raises(UsageError):
        tag_name(given)
