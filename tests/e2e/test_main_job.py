"""The main job on jinja2 as installed: described, made into Elixir modules that compile, bundled, and called."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from command_line import places, run_command
from worker_clients import Server, SpecificationClient

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
RUNTIME = ROOT / "clients" / "elixir"
SPECIFICATION = ROOT / "tests" / "worker" / "specification"
PROJECT = """defmodule Generated.MixProject do
  use Mix.Project
  def project, do: [app: :generated, version: "0.1.0", deps: [{:pybridge, path: "vendor/pybridge"}]]
end
"""
SOURCE = "Hello {{ name }}!{% for one in items %} {{ one }}{% endfor %}"


def pybridge(folder, *arguments):
    done = run_command(*arguments, cwd=folder, variables=places(folder))
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.elixir
class TestElixir:
    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def needed(cls):
        if shutil.which("mix") is None:
            pytest.skip("mix is not on PATH")

    @pytest.fixture(scope="class")
    @classmethod
    def project(cls, tmp_path_factory):
        """A Mix project with the modules of jinja2 and the runtime."""
        folder = tmp_path_factory.mktemp("elixir")
        pybridge(folder, "generate", "jinja2", "--target", "elixir", "--output", folder / "project")
        shutil.copytree(RUNTIME, folder / "project/vendor/pybridge", ignore=shutil.ignore_patterns("_build", "deps"))
        (folder / "project" / "mix.exs").write_text(PROJECT)
        return folder / "project"

    def mix(self, project, *task):
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "HEX_OFFLINE": "1", "MIX_HOME": str(project.parent / "mix")}
        done = subprocess.run(
            ["mix", *task], cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=240
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def test_the_modules_are_formatted(self, project):
        modules = sorted(str(path.relative_to(project)) for path in (project / "lib").rglob("*.ex"))

        assert len(modules) > 20
        self.mix(project, "format", "--check-formatted", *modules)

    def test_the_modules_compile_without_a_warning(self, project):
        self.mix(project, "compile", "--warnings-as-errors")

        beams = {path.name for path in (project / "_build/dev/lib/generated/ebin").glob("*.beam")}
        assert "Elixir.Jinja2.Template.beam" in beams

    def test_generating_again_changes_no_file(self, project):
        told = pybridge(project.parent, "generate", "jinja2", "--output", project, "--output-format", "json")

        assert json.loads(told)["written"] == []


class TestTheSpecificationsClient:
    """A client that protoc makes of the specification's own text, a worker, and the bundle that the analyzer writes."""

    @pytest.fixture(scope="class")
    @classmethod
    def bundle(cls, tmp_path_factory):
        folder = tmp_path_factory.mktemp("bundle")
        pybridge(folder, "bundle", "jinja2", "-o", folder / "bundle.json")
        return folder / "bundle.json"

    @pytest.fixture(scope="class")
    @classmethod
    def address(cls, bundle, tmp_path_factory):
        folder = tmp_path_factory.mktemp("w")
        server = Server(("--bundle", bundle, "--workers", 1, "--listen", f"unix:{folder}/s"), folder)
        yield server.address
        code, _ = server.stop()
        assert code == 0

    @pytest.fixture(scope="class")
    @classmethod
    def client(cls, tmp_path_factory):
        made = tmp_path_factory.mktemp("client") / "descriptors.binpb"
        compiler = [sys.executable, "-m", "grpc_tools.protoc"]
        options = [f"-I{SPECIFICATION}", f"--descriptor_set_out={made}", "pybridge/v1/pybridge.proto"]
        subprocess.run([*compiler, *options], check=True)
        return SpecificationClient(made)

    @pytest.fixture
    def channel(self, address):
        with grpc.insecure_channel(address) as channel:
            yield channel

    def request(self, client, tool, session, /, **parameters):
        encoded = {name: json.dumps(value).encode() for name, value in parameters.items()}
        return client.message("ExecuteToolRequest", session_id=session, tool_name=tool, parameters=encoded)

    def call(self, client, channel, tool, session, /, **parameters):
        response = client.call(channel, "ExecuteTool", self.request(client, tool, session, **parameters))
        assert response.success, response.error
        return json.loads(response.result)

    def test_a_template_is_created_rendered_and_streamed(self, client, channel):
        values = {"name": "Elixir", "items": [1, 2, 3]}

        template = self.call(client, channel, "jinja2.Template", "main", source=SOURCE)
        rendered = self.call(client, channel, "jinja2.Template.render", "main", self=template, **values)
        request = self.request(client, "jinja2.Template.generate", "main", self=template, **values)
        chunks = list(client.call(channel, "ExecuteToolStreaming", request))

        texts = [json.loads(chunk.payload) for chunk in chunks if not chunk.is_final]
        assert template["__pybridge_ref__"]["type"] == "jinja2.environment.Template"
        assert rendered == "Hello Elixir! 1 2 3"
        assert len(texts) > 3
        assert "".join(texts) == rendered
        assert (chunks[-1].is_final, chunks[-1].error) == (True, "")

    def test_an_environment_with_a_loader_serves_templates(self, client, channel):
        loader = self.call(client, channel, "jinja2.DictLoader", "loader", mapping={"a": "<{{ x }}>"})
        environment = self.call(client, channel, "jinja2.Environment", "loader", loader=loader, autoescape=True)
        template = self.call(client, channel, "jinja2.Environment.get_template", "loader", self=environment, name="a")

        assert self.call(client, channel, "jinja2.Template.render", "loader", self=template, x="&") == "<&amp;>"

    def test_what_the_library_raises_is_told(self, client, channel):
        request = self.request(client, "jinja2.Template", "fault", source="{% if %}")

        response = client.call(channel, "ExecuteTool", request)

        assert not response.success
        assert "TemplateSyntaxError: " in response.error

    def test_what_the_bundle_does_not_list_is_not_found(self, client, channel):
        for tool in ("os.system", "jinja2.Template.__class__", "jinja2.environment._environment_config_check"):
            with pytest.raises(grpc.RpcError) as caught:
                client.call(channel, "ExecuteTool", self.request(client, tool, "", x=1))
            assert caught.value.code() is grpc.StatusCode.NOT_FOUND, tool

    def test_the_library_is_described_as_the_analyzer_saw_it(self, client, channel, bundle):
        message = client.message("DescribeLibraryRequest", library_id="jinja2")
        response = client.call(channel, "DescribeLibrary", message)

        told = json.loads(pybridge(bundle.parent, "discover", "jinja2", "--output-format", "json"))
        assert response.library_version == told["summary"]["version"]
        assert response.descriptor_hash.hex() == told["summary"]["digest"]
        template = response.classes["jinja2.Template"]
        methods = {method.name: method for method in template.methods}
        assert {"render", "generate", "stream"} <= methods.keys()
        assert "jinja2.filters.do_upper" in response.functions
