"""Settings: what they can be, and a file that is never half written."""

import stat

import pytest

from crm_cli import config
from crm_cli.errors import CrmError, UsageError
from crm_cli.services import settings


def test_several_at_once_all_or_none(surroundings):
    with pytest.raises(UsageError):
        settings.change({"region": "IN", "zone": "Mars/Phobos"})
    assert not config.config_path().exists()


def test_the_file_is_private(surroundings):
    settings.change({"name": 'Asha “the” Verma \\ "x"'})

    assert config.load().name == 'Asha “the” Verma \\ "x"'
    assert stat.S_IMODE(config.config_path().stat().st_mode) == 0o600


def test_a_text_that_cannot_be_written_leaves_no_part(surroundings):
    with pytest.raises((CrmError, UnicodeEncodeError)):
        settings.change({"name": "\udcff"})
    assert list(config.config_path().parent.glob("*")) == []


def test_an_empty_value_removes(surroundings):
    settings.change({"region": "IN", "name": "Asha"})
    settings.change({"region": ""})
    assert config.config_path().read_text() == 'name = "Asha"\n'


def test_a_folder_that_cannot_be_made(surroundings, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    with pytest.raises((CrmError, OSError)):
        settings.change({"region": "IN"})
