"""``pybridge doc`` shows the documentation that applies, and whose it is."""

from site_folders import install

SOURCE = '''
class Base:
    def run(self):
        """Run it to the end."""

class Leaf(Base):
    def run(self): ...
'''


def test_an_override_without_documentation_shows_that_of_what_it_overrides(pybridge, tmp_path):
    site = install(tmp_path / "site", "lib", {"lib.py": SOURCE})

    told = pybridge("doc", "lib.Leaf.run", "--site-packages", site)

    assert told.code == 0
    assert "documented by lib.Base.run" in told.out
    assert told.out.rstrip().endswith("Run it to the end.")


def test_types_of_an_installed_stub_package_are_shown_as_its_own(pybridge, tmp_path):
    site = install(tmp_path / "site", "lib", {"lib/__init__.py": "def load(path, mode='r'): ...\n"})
    install(site, "types-lib", {"lib-stubs/__init__.pyi": "def load(path: str, mode: str = ...) -> bytes: ...\n"})

    told = pybridge("doc", "lib.load", "--site-packages", site)

    assert 'def load(path: str, mode: str = "r") -> bytes' in told.out.replace("'", '"')
    assert "[stub, high]" in told.out
    assert "written in lib/__init__.py:1" in told.out


def test_a_compiled_module_is_described_by_the_cython_source_beside_it(pybridge, tmp_path):
    source = 'from x cimport y\n\ncpdef int fast(double[:] values, int times=2) except -1:\n    """Does it fast."""\n'
    files = {"lib/__init__.py": "from lib._fast import fast\n", "lib/_fast.so": b"\x7fELF", "lib/_fast.pyx": source}
    site = install(tmp_path / "site", "lib", files)

    told = pybridge("doc", "lib.fast", "--site-packages", site)

    assert "def fast(values, times: int = 2)" in told.out
    assert "written in lib/_fast.pyx:3" in told.out
    assert told.out.rstrip().endswith("Does it fast.")
