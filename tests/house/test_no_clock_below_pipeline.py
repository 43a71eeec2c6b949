"""Stages are functions from noun to noun: what they answer depends on nothing but what they were given."""

from house_reading import PYBRIDGE, dotted_names, place, python_files

BELOW_PIPELINE = (
    "annotate",
    "codec",
    "compat",
    "diff",
    "errors.py",
    "extract",
    "generate",
    "model",
    "protocols.py",
    "report",
    "resolve",
    "source",
    "store",
)
FILES = [file for file in python_files(PYBRIDGE) if place(file).split("/")[0] in BELOW_PIPELINE]
CLOCK = {
    *(f"time.{name}" for name in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns")),
    *(f"time.{name}" for name in ("localtime", "gmtime", "strftime", "ctime", "sleep", "process_time")),
    *(f"datetime.{name}" for name in ("now", "utcnow", "today", "datetime.now", "datetime.utcnow", "date.today")),
    "date.today",
}
RANDOMNESS = {"random", "secrets", "uuid", "os.urandom", "tempfile"}
SURROUNDINGS = {
    "os.environ", "os.getenv", "os.environb", "os.getcwd", "os.getlogin", "os.uname", "os.cpu_count", "Path.cwd",
    "Path.home", "os.path.expanduser", "getpass", "locale", "platform.system", "sys.platform", "sys.version_info",
    "sys.argv", "os.getpid",
}  # fmt: skip
ALLOWED = {
    ("annotate/child.py", "sys.platform"): "whether the system can limit a process's memory",
    ("annotate/children.py", "os.environ"): "passed on to our own child, a few variables that the system needs",
    ("extract/child.py", "sys.platform"): "whether the system can limit a process's memory",
    ("extract/child.py", "os.getpid"): "by which its parent's parent ends a child that it did not start itself",
    ("extract/pool.py", "time.monotonic"): "time-outs of children; no answer depends on them but `timed out`",
    ("extract/process.py", "os.environ"): "passed on to our own child, a few variables that the system needs",
    ("extract/process.py", "os.getpid"): "to try whether processes have handles here",
    ("extract/process.py", "sys.platform"): "whether the system can fork, and end a fork without mistake",
    ("resolve/types/child.py", "sys.platform"): "whether the system can limit a process's memory",
    ("resolve/types/engine.py", "os.environ"): "passed on to our own child, two variables that Windows needs",
    ("resolve/types/engine.py", "tempfile"): "an empty folder for mypy to stand in, removed at once",
    ("resolve/types/engine.py", "time.monotonic"): "time-outs of children",
    ("resolve/types/lock.py", "sys.platform"): "whether the system has locks of its own for us",
    ("resolve/types/lock.py", "time.monotonic"): "how long to wait for another process; what it waits for is a cache",
    ("resolve/types/lock.py", "time.sleep"): "as above",
    ("source/find.py", "os.environ"): "the active virtual environment, when the caller names no folder",
    ("source/find.py", "sys.version_info"): "which of several site-packages to try first",
    ("store/care/packing.py", "tempfile"): "the name of a folder for a draft that is moved or removed at once",
    ("store/care/sound.py", "tempfile"): "a folder of links to the sound packs of a damaged store, removed at once",
    (
        "store/exchange/quarantine.py",
        "tempfile",
    ): "the name of a folder for what another store sends, removed at the end",
    ("store/repository.py", "tempfile"): "the name of a draft that is renamed or removed at once",
}
"""Exceptions by file and name, each with its reason."""


def found_in(file):
    return {(place(file), name) for name in dotted_names(file) if name in CLOCK | RANDOMNESS | SURROUNDINGS}


def test_no_stage_reads_the_clock_chance_or_its_surroundings():
    assert {found for file in FILES for found in found_in(file)} - set(ALLOWED) == set()


def test_no_exception_is_stale():
    assert set(ALLOWED) <= {found for file in FILES for found in found_in(file)}


def test_the_rooms_below_pipeline_are_all_there():
    rooms = {file.relative_to(PYBRIDGE).parts[0] for file in python_files(PYBRIDGE)}

    assert rooms == {*BELOW_PIPELINE, "__init__.py", "cli", "pipeline"}
