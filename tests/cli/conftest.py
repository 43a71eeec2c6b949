import pytest

from command_line import CommandLine, places
from site_folders import SHELF, install


@pytest.fixture
def pybridge(tmp_path, capsys, monkeypatch):
    """Runs commands with a store and a cache of the test's own."""
    for name, value in places(tmp_path).items():
        monkeypatch.setenv(name, value)
    return CommandLine(tmp_path, capsys)


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    """A folder with a small library; nobody changes it."""
    return install(tmp_path_factory.mktemp("site"), "shelf", SHELF)


@pytest.fixture
def described(shelf, tmp_path_factory, capsys, monkeypatch):
    """Runs commands about the small library, which has been described once for all of them."""
    folder = tmp_path_factory.getbasetemp() / "described"
    for name, value in places(folder).items():
        monkeypatch.setenv(name, value)
    command = CommandLine(folder, capsys)
    return lambda name, *arguments: command(name, "shelf", "--site-packages", shelf, *arguments)
