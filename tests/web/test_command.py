from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from provenance.cli import main
from provenance.errors import MissingExtraError, ProvenanceError
from provenance.web.serving import listening, served


def test_without_datasette_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "datasette.app", None)
    with pytest.raises(MissingExtraError, match=re.escape("pip install 'provenance[web]'")):
        served(tmp_path / "any.db")
    done = CliRunner().invoke(main, ["serve", "--db", str(tmp_path / "any.db")])
    assert done.exit_code == 6
    assert "pip install 'provenance[web]'" in done.output


def test_a_database_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["serve", "--db", str(tmp_path / "none.db")])
    assert done.exit_code == 5
    assert "none.db" in done.output
    assert not (tmp_path / "none.db").exists()


def test_a_port_that_is_taken_is_named(harbour: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = CliRunner().invoke(main, ["serve", "--db", str(harbour), "--port", str(port)])
    assert done.exit_code == 1
    assert f"127.0.0.1:{port}" in done.output
    assert "--port" in done.output


def test_an_address_that_is_none_is_named() -> None:
    with pytest.raises(ProvenanceError, match="--host"):
        listening("no.such.host.invalid", 0)


@pytest.fixture
def started(harbour: Path) -> Any:
    command = [sys.executable, "-m", "provenance.cli", "serve", "--db", str(harbour), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.match(r"(http://127\.0\.0\.1:\d+/) shows .*harbour\.db", line)
        assert found, line + process.stderr.read()
        yield found[1], process
        process.kill()


def test_it_serves_until_it_is_stopped(started: Any) -> None:
    address, process = started
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own
        assert answer.url == f"{address}-/provenance/harbour"
        assert b"Northquay Online" in answer.read()
        assert "script-src 'self'" in answer.headers["content-security-policy"]
    request = urllib.request.Request(address, headers={"Host": "evil.example"})  # noqa: S310
    with pytest.raises(urllib.error.HTTPError, match="421"):
        urllib.request.urlopen(request)  # noqa: S310
    process.send_signal(signal.SIGINT)
    assert process.wait(20) in {0, 130}
    assert "Traceback" not in process.stderr.read()
