"""An installed library that tries to run: everything in it, and around it, that a tool might execute or obey."""

import json
import py_compile
import shutil
import subprocess
import sysconfig
from pathlib import Path

COMPILER = shutil.which("gcc") or shutil.which("cc")
MODULES = ("poisoned", "evil", "conftest", "setup")
"""Names that nobody may import."""
_RUNS = "import os\nopen({canary!r}, 'a').write(__name__)\n"
_PACKAGE = """\
# mypy: plugins=evil.py, ignore-errors=False
# type: ignore
import os
open({canary!r}, 'a').write(__name__)
from poisoned import native, other
from evil import *
__all__ = ["greet", "Greeter", *[open({canary!r}, "a").name for _ in range(1)]]
__version__ = os.popen("echo x >> {canary}").read()

def mark(function):
    open({canary!r}, 'a').write('decorator')
    return function

@mark
def greet(name: str, count=__import__("os")._exit(3), *, when: "__import__('os')._exit(3)" = None) -> str:
    '''Greet. {{{{ 7 * 7 }}}} {{% include "/etc/passwd" %}} #{{System.halt(3)}} \\x1b[31m'''
    return name

class Meta(type):
    def __new__(cls, *parts, **more):
        os._exit(3)

class Greeter(metaclass=Meta):
    made: int = os._exit(3)

    def __init_subclass__(cls):
        os._exit(3)

    def greet(self, name: str = "x") -> "Greeter":
        return self

def __getattr__(name: str):
    os._exit(3)

os._exit(3)
"""
_NATIVE = """
#include <stdio.h>
static void mark(void) {{ FILE *canary = fopen({canary}, "a"); if (canary) {{ fputs("native", canary); fclose(canary); }} }}
__attribute__((constructor)) static void loaded(void) {{ mark(); }}
void *PyInit_native(void) {{ mark(); return 0; }}
"""
_SETTINGS = {
    "mypy.ini": "[mypy]\nplugins = {evil}, evil\nmypy_path = {site}\npython_executable = {site}/run.sh\n",
    ".mypy.ini": "[mypy]\nplugins = {evil}, evil\n",
    "setup.cfg": "[mypy]\nplugins = {evil}, evil\n[metadata]\nname = poisoned\nversion = attr: poisoned.__version__\n",
    "pyproject.toml": (
        '[build-system]\nrequires = []\nbuild-backend = "evil"\nbackend-path = ["."]\n'
        '[project]\nname = "poisoned"\ndynamic = ["version"]\n'
        '[tool.mypy]\nplugins = ["{evil}", "evil"]\n[tool.pytest.ini_options]\naddopts = ["-p", "evil"]\n'
    ),
    "tox.ini": "[pytest]\naddopts = -p evil\n",
    "pyvenv.cfg": "home = {site}\n",
    "run.sh": "#!/bin/sh\necho run >> {canary}\n",
    "evil.pth": "import evil; open('{canary}', 'a').write('pth')\n{site}/deeper\n",
    "__editable___evil_finder.pth": "import evil; evil.install()\n",
}
_METADATA = {
    "METADATA": "Metadata-Version: 2.1\nName: poisoned\nVersion: 1.0\nSummary: \x1b[2J\n\nimport evil\n",
    "entry_points.txt": "[pybridge.targets]\nelixir = evil\nevil = evil\n[mypy.plugins]\nevil = evil\n"
    "[jinja2.loaders]\nevil = evil\n[babel.extractors]\nevil = evil\n",
    "top_level.txt": "poisoned\n",
}


def install(site: Path, canary: Path) -> None:
    """Install the library in a folder; whatever runs of it writes the canary."""
    package = site / "poisoned"
    (site / "deeper").mkdir(parents=True)
    package.mkdir()
    runs = _RUNS.format(canary=str(canary))
    ends = f"{runs}os._exit(3)\n"
    for name in ("sitecustomize", "usercustomize", "conftest", "setup", "evil", "msgspec", "mypy", "typing", "ast"):
        (site / f"{name}.py").write_text(ends)
    for name, text in _SETTINGS.items():
        (site / name).write_text(text.format(evil=site / "evil.py", site=site, canary=canary))
        (package / name).write_text(text.format(evil=site / "evil.py", site=site, canary=canary))
    (site / "run.sh").chmod(0o755)
    (package / "__init__.py").write_text(_PACKAGE.format(canary=str(canary)))
    (package / "__main__.py").write_text(ends)
    (package / "conftest.py").write_text(ends)
    (package / "other.py").write_text(f"{runs}from poisoned.native import made\nclass Other: ...\nos._exit(3)\n")
    _compile(package, ends, canary)
    metadata = site / "poisoned-1.0.dist-info"
    metadata.mkdir()
    for name, text in _METADATA.items():
        (metadata / name).write_text(text)
    listed = sorted(path.relative_to(site).as_posix() for path in package.rglob("*") if path.is_file())
    (metadata / "RECORD").write_text("".join(f"{path},,\n" for path in listed))


def _compile(package: Path, code: str, canary: Path) -> None:
    """Add a module that is only bytecode and, with a compiler, one that is a shared library that runs when loaded."""
    source = package / "sourceless.py"
    source.write_text(code)
    py_compile.compile(str(source), cfile=str(package / "sourceless.pyc"), doraise=True)
    source.unlink()
    if COMPILER is None:
        return
    source = package / "native.c"
    source.write_text(_NATIVE.format(canary=json.dumps(str(canary))))
    library = package / f"native{sysconfig.get_config_var('EXT_SUFFIX')}"
    subprocess.run([COMPILER, "-shared", "-fPIC", "-o", library, source], check=True)
