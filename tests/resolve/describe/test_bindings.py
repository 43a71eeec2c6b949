from pathlib import Path

from described import describe
from pybridge.model.callables import Binding
from pybridge.source import shipped_overlays


def test_an_overlay_makes_class_methods_of_what_names_its_receiver_cls(tmp_path: Path) -> None:
    package = tmp_path / "pydantic"
    package.mkdir()
    (package / "__init__.py").write_text("from pydantic.functional_validators import field_validator\n")
    (package / "functional_validators.py").write_text("def field_validator(*fields):\n    return lambda f: f\n")
    source = """
from pydantic import field_validator

class Model:
    @field_validator("a")
    def checked(cls, value): ...
    @field_validator("a")
    def plain(self, value): ...
"""

    (found,) = (
        describe(tmp_path, {"lib/__init__.py": source}, overlays=shipped_overlays()).descriptor.modules[0].classes
    )

    assert {one.name: one.binding for one in found.methods} == {"checked": Binding.CLASS, "plain": Binding.INSTANCE}
