import pytest

from pybridge.pipeline.analyze import discover, obtain
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.protocols import Silent
from site_folders import SHELF, install


@pytest.fixture
def places(tmp_path):
    return Places(store=tmp_path / "store.git", cache=tmp_path / "cache")


@pytest.fixture
def site(tmp_path):
    """A folder with a small library, for the test to change."""
    return install(tmp_path / "site", "shelf", SHELF)


@pytest.fixture
def run(site, places):
    """Describes the small library again."""
    return lambda **options: discover(AnalyzeRequest(name="shelf", site_packages=site, **options), places, Silent())


@pytest.fixture(scope="session")
def shelf(tmp_path_factory):
    """The small library, described once."""
    folder = tmp_path_factory.mktemp("shelf")
    install(folder / "site", "shelf", SHELF)
    request = AnalyzeRequest(name="shelf", site_packages=folder / "site")
    return obtain(request, Places(store=folder / "store.git", cache=folder / "cache"), Silent())
