"""Who can reach a server: nobody from elsewhere without TLS, and then only clients that it knows."""

import os
import ssl
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from pybridge_worker.front import tokens as tokens_module
from pybridge_worker.front.tokens import Tokens, read_tokens
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc
from pybridge_worker.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from worker_certificates import Certificates
from worker_clients import SECONDS, refusal

TOKEN = "correct-horse-battery-staple"


def run(*arguments):
    command = [sys.executable, "-m", "pybridge_worker", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "tokens"
    path.touch(mode=0o600)
    path.write_text(f"{TOKEN}\n\nanother-token-of-ours\n")
    return path


def ask(channel, metadata=()):
    stub = pybridge_pb2_grpc.PyBridgeServiceStub(channel)
    return stub.GetServerInfo(pb.GetServerInfoRequest(), timeout=SECONDS, metadata=metadata)


def refused(channel, metadata=()):
    with pytest.raises(grpc.RpcError) as caught:
        ask(channel, metadata)
    return refusal(caught.value)


def test_mutual_tls_serves_clients_of_the_authority_and_nobody_else(start, certificates, tmp_path):
    strangers = Certificates(tmp_path / "strangers", "client.example")
    server = start("--listen", "0.0.0.0:0", *certificates.serving(), "--tls-client-ca", certificates.ca)
    address = server.address.replace("0.0.0.0", "127.0.0.1")
    with grpc.secure_channel(address, certificates.credentials(certificates.client)) as known:
        assert ask(known).server_version
    for credentials in (certificates.credentials(), certificates.credentials(strangers.client)):
        with grpc.secure_channel(address, credentials) as channel:
            assert refused(channel)[0] == "UNAVAILABLE"
    with grpc.insecure_channel(address) as channel:
        assert refused(channel)[0] == "UNAVAILABLE"


def test_tls_with_a_token_serves_clients_that_have_one(start, certificates, token_file):
    server = start("--listen", "0.0.0.0:0", *certificates.serving(), "--token-file", token_file)
    address = server.address.replace("0.0.0.0", "127.0.0.1")
    with grpc.secure_channel(address, certificates.credentials()) as channel:
        assert ask(channel, (("authorization", f"Bearer {TOKEN}"),)).server_version
        assert refused(channel) == ("UNAUTHENTICATED", "UNAUTHENTICATED", "unauthenticated")


@pytest.mark.parametrize(
    "metadata",
    [
        (),
        (("authorization", ""),),
        (("authorization", "Bearer"),),
        (("authorization", "Bearer "),),
        (("authorization", TOKEN),),
        (("authorization", f"Basic {TOKEN}"),),
        (("authorization", f"Bearer {TOKEN} "),),
        (("authorization", f"Bearer {TOKEN[:-1]}"),),
        (("authorization", f"Bearer {TOKEN}x"),),
        (("authorization", "Bearer nonsense"), ("authorization", f"Bearer {TOKEN}")),
        (("x-authorization", f"Bearer {TOKEN}"),),
    ],
    ids=repr,
)
def test_a_token_is_asked_for_on_a_private_socket_too_and_nothing_is_hinted(asking, metadata):
    with grpc.insecure_channel(asking.address) as channel:
        assert refused(channel, metadata) == ("UNAUTHENTICATED", "UNAUTHENTICATED", "unauthenticated")


@pytest.fixture(scope="module")
def asking(bundle, tmp_path_factory):
    """A server on a private socket that wants one of two tokens; it is asked, never called."""
    from worker_clients import Server

    folder = tmp_path_factory.mktemp("asking")
    tokens = folder / "tokens"
    tokens.touch(mode=0o600)
    tokens.write_text(f"{TOKEN}\nanother-token-of-ours\n")
    server = Server(("--bundle", bundle, "--listen", f"unix:{folder}/s", "--token-file", tokens), folder)
    yield server
    server.stop()


def test_each_of_several_tokens_is_good_and_the_scheme_has_no_case(asking):
    with grpc.insecure_channel(asking.address) as channel:
        for value in (f"Bearer {TOKEN}", "bearer another-token-of-ours"):
            assert ask(channel, (("authorization", value),)).server_version


def test_a_certificate_that_is_renewed_is_shown_without_a_restart(start, certificates, tmp_path):
    files = [tmp_path / name for name in ("server.pem", "server.key")]

    def put(pair):
        for file, source in zip(files, pair, strict=True):
            new = file.with_suffix(".new")
            new.touch(mode=0o600)
            new.write_bytes(source.read_bytes())
            new.replace(file)

    def shown(address):
        return ssl.get_server_certificate(tuple(address.split(":"))).strip()

    put(certificates.server)
    server = start("--listen", "127.0.0.1:0", "--tls-cert", files[0], "--tls-key", files[1])
    first = shown(server.address)
    renewed = Certificates(tmp_path / "renewed", "client.example")
    put(renewed.server)
    second = shown(server.address)
    files[0].write_text("nonsense")
    third = shown(server.address)

    assert first == certificates.server[0].read_text().strip()
    assert second == third == renewed.server[0].read_text().strip()
    assert server.logged("certificate_renewed", lambda: None)
    assert server.logged("certificate_not_renewed", lambda: None)


def test_a_token_is_good_from_when_it_is_in_the_file_and_no_longer_than_that(tmp_path, monkeypatch):
    monkeypatch.setattr(tokens_module, "_LOOK_SECONDS", 0.0)
    path = tmp_path / "tokens"
    path.touch(mode=0o600)
    path.write_text(f"{TOKEN}\n")
    tokens = read_tokens(path, None)

    def accepted():
        tokens.refresh()
        return [tokens.accept([("authorization", f"Bearer {one}")]) for one in (TOKEN, "another-token-of-ours")]

    before = accepted()
    path.write_text(f"{TOKEN}\nanother-token-of-ours\n")
    both = accepted()
    path.write_text("another-token-of-ours\n")
    after = accepted()
    path.write_text("short")
    unusable = accepted()
    path.unlink()

    assert (before, both, after) == ([True, False], [True, True], [False, True])
    assert unusable == accepted() == after


@pytest.mark.parametrize("name", ["ExecuteToolStreaming", "UploadPayload", "NoSuchMethod"])
def test_no_method_is_told_from_another_without_a_token(asking, name):
    with grpc.insecure_channel(asking.address) as channel:
        call = channel.stream_stream(f"/pybridge.v1.PyBridgeService/{name}")
        with pytest.raises(grpc.RpcError) as caught:
            list(call(iter([b"\xff" * 100]), timeout=SECONDS))

    assert caught.value.code().name == "UNAUTHENTICATED"


def test_health_is_open_to_probes_without_a_token(asking):
    with grpc.insecure_channel(asking.address) as channel:
        check = channel.unary_unary(
            "/grpc.health.v1.Health/Check", HealthCheckRequest.SerializeToString, HealthCheckResponse.FromString
        )

        assert check(HealthCheckRequest(), timeout=SECONDS).status == 1


def test_tokens_come_from_an_open_descriptor_too(bundle, tmp_path):
    reading, writing = os.pipe()
    os.write(writing, f"{TOKEN}\n".encode())
    os.close(writing)
    command = [sys.executable, "-m", "pybridge_worker", "serve", "--bundle", bundle, "--token-fd", str(reading)]
    command += ["--listen", f"unix:{tmp_path}/s"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, pass_fds=(reading,)) as process:
        os.close(reading)
        address = process.stdout.readline().split()[-1]
        with grpc.insecure_channel(address) as channel:
            assert refused(channel)[0] == "UNAUTHENTICATED"
            assert ask(channel, (("authorization", f"Bearer {TOKEN}"),)).server_version
        process.terminate()


def test_a_token_is_compared_byte_by_byte_whatever_it_is_made_of():
    tokens = Tokens([b"abc"])

    assert tokens.accept([("authorization", "Bearer abc")])
    assert tokens.accept([("authorization", b"Bearer abc")])
    assert not tokens.accept([("authorization", b"Bearer \xff\xfe")])
    assert not tokens.accept([("authorization", "Bearer \udcff\u20ac")])


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda one, _: one.serving(), "reached from other machines"),
        (lambda _, tokens: ("--token-file", tokens), "reached from other machines"),
        (lambda one, _: one.serving()[:2], "--tls-key: TLS needs a certificate and its key"),
        (lambda one, _: ("--tls-client-ca", one.ca), "--tls-cert: TLS needs a certificate and its key"),
        (lambda one, _: ("--tls-cert", one.ca, "--tls-key", one.server[1]), "no certificate with its unencrypted key"),
        (lambda one, _: ("--tls-cert", "/nowhere", "--tls-key", one.server[1]), "--tls-cert: /nowhere: No such file"),
        (lambda one, _: (*one.serving(), "--tls-client-ca", one.server[1]), "no certificate in PEM form"),
    ],
    ids=["no-client-auth", "no-tls", "no-key", "no-cert", "other-key", "missing", "not-a-ca"],
)
def test_an_address_that_strangers_reach_is_refused_in_one_line(bundle, certificates, token_file, make, why):
    done = run("serve", "--bundle", bundle, "--listen", "0.0.0.0:0", *make(certificates, token_file))

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert why in done.stderr


def test_a_unix_socket_takes_no_tls(bundle, certificates, tmp_path):
    done = run("serve", "--bundle", bundle, "--listen", f"unix:{tmp_path}/s", *certificates.serving())

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "takes no TLS" in done.stderr


def test_a_key_or_token_that_everybody_can_read_is_refused(bundle, certificates, token_file, tmp_path):
    key = tmp_path / "open.key"
    key.write_bytes(certificates.server[1].read_bytes())
    key.chmod(0o644)
    token_file.chmod(0o604)
    tls = run("serve", "--bundle", bundle, "--tls-cert", certificates.server[0], "--tls-key", key)
    token = run("serve", "--bundle", bundle, "--token-file", token_file)

    assert tls.stderr == (
        f"pybridge-worker: error: --tls-key: {key}: every user of this machine can read or write it; chmod 600 it\n"
    )
    assert f"--token-file: {token_file}: every user" in token.stderr
    assert (tls.returncode, token.returncode) == (2, 2)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "0 tokens"),
        ("short\n", "at least 16"),
        ("a token with some spaces\n", "visible ASCII"),
        ("x" * 2**20, None),
    ],
)
def test_a_token_file_without_good_tokens_is_refused(bundle, tmp_path, text, why):
    path = tmp_path / "tokens"
    path.touch(mode=0o600)
    path.write_text(text)
    if why is None:
        path.write_text(text + "x")
        why = "more than"
    done = run("serve", "--bundle", bundle, "--token-file", path)

    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert why in done.stderr


def test_a_folder_in_which_everybody_may_replace_files_is_no_place_for_a_socket(bundle, tmp_path):
    tmp_path.chmod(0o777)
    try:
        done = run("serve", "--bundle", bundle, "--listen", f"unix:{tmp_path}/s")
    finally:
        tmp_path.chmod(0o700)

    assert "every user can replace files" in done.stderr


def test_a_secret_is_in_no_process_list(start, token_file):
    server = start("--listen", "127.0.0.1:0", "--token-file", token_file)
    told = [Path(f"/proc/{server.process.pid}/{name}").read_bytes() for name in ("cmdline", "environ")]

    assert not any(TOKEN.encode() in one for one in told)
