"""Installed libraries whose metadata lies, breaks or bursts."""

from pathlib import Path

from hostile.writing import case, installed, package

SITE = "--site-packages"


@case(how=SITE)
def metadata_of_fifty_megabytes(folder: Path) -> None:
    installed(
        folder,
        {
            "METADATA": "Metadata-Version: 2.1\nName: hostile\nVersion: 1.0\nDescription: " + "x" * 50_000_000 + "\n",
            "top_level.txt": "a\n" * 1_000_000,
            "entry_points.txt": "[" * 1_000_000,
        },
    )


@case(how=SITE)
def metadata_with_endless_headers(folder: Path) -> None:
    headers = "Requires-Dist: x\n" * 300_000
    installed(folder, {"METADATA": f"Metadata-Version: 2.1\nName: hostile\n{headers}Version: 1.0\n"})


@case(how=SITE)
def record_that_leads_out(folder: Path) -> None:
    (folder.parent / "evil.py").write_text("EVIL = 1\n")
    lines = (
        *(
            "../evil.py,,",
            "/etc/passwd,,",
            "../../../etc/evil/__init__.py,,",
            "hostile/../../evil.py,,",
            "..\\evil.py,,",
        ),
        *(
            "C:\\evil.py,,",
            "//evil/x.py,,",
            '"unclosed,,',
            "\0.py,,",
            "\ud83d.py,,",
            "hostile/__init__.py,,",
            "hostile/healthy.py,,",
        ),
    )
    installed(folder, {"RECORD": "\n".join(lines).encode("utf-8", "surrogatepass")})


@case(how=SITE)
def record_of_endless_lines(folder: Path) -> None:
    lines = "".join(f"hostile/m{one}.py,,\n" for one in range(200_000))
    installed(folder, {"RECORD": f"hostile/__init__.py,,\nhostile/healthy.py,,\n{lines}" + "a" * 200_000 + ",,\n"})


@case(how=SITE)
def record_nested_and_quoted(folder: Path) -> None:
    deep = "/".join(["d"] * 20_000)
    installed(
        folder,
        {"RECORD": f'{deep}/x.py,,\n"a""b.py",,\n"multi\nline.py",,\nhostile/__init__.py,,\nhostile/healthy.py,,\n'},
    )


@case(how=SITE)
def path_files_that_run_loop_or_lead_away(folder: Path) -> None:
    installed(folder)
    (folder / "run.pth").write_text("import os; os.system('touch canary')\nimport\tos\n  import os\nimport os\x0c;x\n")
    (folder / "loop.pth").write_text(".\n..\n./hostile/..\n" * 1_000)
    (folder / "away.pth").write_text("/\n/etc\n/proc\n/dev\n/nowhere\n\0\n~\n$HOME\n" + "a" * 100_000 + "\n")
    (folder / "bytes.pth").write_bytes(b"\xff\xfe\n\x00\n")
    (folder / "self.pth").symlink_to("self.pth")
    (folder / "huge.pth").write_text("x" * 100 + "\n" + "/tmp\n" * 500_000)
    (folder / "distutils-precedence.pth").write_text("import os; __import__('_distutils_hack')\n")
    (folder / "sitecustomize.py").write_text("raise SystemExit(9)\n")
    (folder / "usercustomize.py").write_text("raise SystemExit(9)\n")


@case(how=SITE)
def broken_distributions_beside_it(folder: Path) -> None:
    installed(folder)
    for name in ("", "-", "-1.0", "x", "x-", "hostile-2.0", "hostile", "\u202ex-1", "a" * 200 + "-1"):
        (folder / f"{name}.dist-info").mkdir(exist_ok=True)
    (folder / "file-1.0.dist-info").write_text("Name: file\n")
    (folder / "binary-1.0.dist-info").mkdir()
    (folder / "binary-1.0.dist-info" / "METADATA").write_bytes(bytes(range(256)) * 100)
    (folder / "egg.egg-info").write_text("Name: hostile\nVersion: \x1b[31m\n")
    (folder / "hostile.egg-link").write_text("/\n../..\n")
    (folder / "dir-1.0.dist-info" / "METADATA").mkdir(parents=True)
    (folder / "loop-1.0.dist-info").symlink_to("loop-1.0.dist-info")


@case(how=SITE)
def editable_install_that_points_anywhere(folder: Path) -> None:
    installed(folder, {"direct_url.json": '{"url": "file:///%00/etc", "dir_info": {"editable": true}}', "RECORD": ""})
    for number, text in enumerate(
        ("[" * 100_000, "null", '{"url": 1}', '{"url": "file://[", "dir_info": {"editable": true}}')
    ):
        other = folder / f"other{number}-1.0.dist-info"
        other.mkdir()
        (other / "METADATA").write_text(f"Name: other{number}\nVersion: 1\n")
        (other / "direct_url.json").write_text(text)


@case(how=SITE)
def name_and_version_that_inject(folder: Path) -> None:
    version = '1.0 #{System.halt(1)} \x1b[31m """ </script> ../../../x' + "9" * 10_000
    installed(folder, {"METADATA": f"Metadata-Version: 2.1\nName: hostile\nVersion: {version}\nSummary: \u202e\n"})


@case(exits=(0, 2, 3))
def project_file_that_bursts(folder: Path) -> None:
    package(folder)
    (folder / "pyproject.toml").write_text("[project]\nname = 'hostile'\nversion = '1'\nx = " + "[" * 100_000)
    (folder / "setup.cfg").write_text(
        "[metadata]\nname = hostile\nversion = attr: os.system\n[a]\n" + "[" * 100_000 + "\n%(x)s = %(x)s"
    )
    (folder / "setup.py").write_text("raise SystemExit(9)\n")
    (folder / "conftest.py").write_text("raise SystemExit(9)\n")


@case()
def project_file_that_lies(folder: Path) -> None:
    package(folder)
    (folder / "pyproject.toml").write_text(
        "[project]\nname = 'hostile'\ndynamic = ['version']\n[tool.setuptools.packages.find]\nwhere = ['../..', '/', '.']\n"
        "[tool.setuptools.package-dir]\n'' = '/etc'\n[tool.hatch.version]\npath = '/etc/passwd'\n[tool.mypy]\nplugins = ['evil']\n"
    )
    (folder / "mypy.ini").write_text("[mypy]\nplugins = evil\n")
    (folder / "PKG-INFO").write_text("Name: ../../evil\nVersion: ../../1\n")
