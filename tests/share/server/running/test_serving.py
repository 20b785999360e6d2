"""The server as a process: it starts, answers, and stops in good order."""

from __future__ import annotations

import inspect
import json
import logging
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
import uuid
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from share.server import container
from share.server.conftest import Site
from tocsin.cli.server.serve import serve as verb
from tocsin.share.audit import entries, verify
from tocsin.share.server.database.tables import objects
from tocsin.share.server.running.opening import open_folder
from tocsin.share.server.running.serving import Lines

DEPLOY = Path(__file__).parents[4] / "deploy"


@pytest.mark.slow
def test_it_starts_answers_and_stops(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tocsin", "serve", "--data", str(tmp_path / "data")]
    with subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        for _ in range(300):
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/health")
                break
            except httpx.ConnectError:
                assert process.poll() is None
                time.sleep(0.1)
        else:
            pytest.fail("the server did not start")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert answer.json() == {"status": "ok"}
    assert len(re.findall(r"/invitation/[\w-]{43}", out)) == 1
    assert process.returncode == 0, err
    assert f"tocsin serve --data {tmp_path / 'data'} --new-link" in out
    assert "The organisation has no name of yours yet, and is 'This office'." in out
    # Libraries that happen to be there may warn before the server says anything.
    line = json.loads(next(one for one in err.splitlines() if one.startswith("{")))
    assert (line["route"], line["status"]) == ("/health", 200)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_the_unit_as_it_is(tmp_path: Path) -> None:
    unit = (DEPLOY / "tocsin.service").read_text("utf-8")
    command = "/opt/tocsin/bin/tocsin serve"
    assert f"ExecStart={command} --data /var/lib/tocsin" in unit
    (tmp_path / "tocsin.service").write_text(unit.replace(command, "/bin/true serve"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "tocsin.service")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_what_the_container_runs_is_what_the_command_line_takes() -> None:
    """The container cannot be built here; what it starts is held to the command line."""
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    (started,) = [json.loads(one) for one in re.findall(r"^ENTRYPOINT (.*)$", text, re.M)]
    assert started[:2] == ["tocsin", "serve"]
    (probe,) = re.findall(r'"-c", \\\n\s*"(.*)"\]', text)
    compile(probe, "HEALTHCHECK", "exec")
    options = {one.lstrip("-").replace("-", "_") for one in started if one.startswith("--")}
    assert options <= set(inspect.signature(verb).parameters)
    extras = re.findall(r"/source\[([\w,]+)\]", text)[0].split(",")
    known = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text("utf-8"))
    assert set(extras) <= set(known["project"]["optional-dependencies"])


def test_the_container_takes_from_the_repository_what_the_package_is_made_of(
    tmp_path: Path,
) -> None:
    """Each path that is copied is there, none is a whole folder of others, and a wheel comes of it.

    A data folder beside the sources would otherwise stay in a layer of the image.
    """
    root = DEPLOY.parent
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    lines = re.findall(r"^COPY (?!--from)(.*)$", text, re.M)
    taken = [path for line in lines for path in line.split()[:-1]]
    assert taken
    assert "." not in taken
    assert all((root / one).exists() for one in taken)
    named = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    (package,) = named["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {named["project"]["readme"], "LICENSE", package.partition("/")[0]} <= set(taken)


def test_the_container_holds_no_secret_and_its_programs_have_no_rights() -> None:
    told = container.instructions((DEPLOY / "Containerfile").read_text("utf-8"))
    names = [name for name, _ in told]
    # What comes after USER in the last stage is done without rights, and that is what is started.
    last = names[len(names) - names[::-1].index("FROM") :]
    assert last.index("USER") < last.index("ENTRYPOINT")
    assert [words for name, words in told if name == "USER"] == ["tocsin"]
    assert "ARG" not in names
    assert "ADD" not in names
    for name, words in told:
        if name in ("ENV", "COPY"):
            assert not re.search(r"secret|token|passw|\.key|\.pem|pgpass|server\.toml", words)
        if name == "FROM":
            assert re.match(r"python:3\.\d+-slim\b", words), words


@pytest.mark.release
@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="only root becomes another user",
)
def test_what_the_container_says_makes_a_server_that_runs_and_is_well(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Its instructions walked in a folder: the package made and installed, the server started by
    the image's user, its own check of health asked while it runs and afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="image"))
    folder.chmod(0o755)
    try:
        image = container.walk(folder)
        (uid,) = image.users.values()
        assert (image.user, image.made_folders) == ("tocsin", {"/data": "tocsin 700"})
        os.chown(f"{folder}/data", uid, uid)
        assert image.ports == [inspect.signature(verb).parameters["port"].default]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        as_user = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups",
                   "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]  # fmt: skip
        probe = [one.replace(f":{image.ports[0]}/", f":{port}/") for one in image.health]
        environment = image.environment()

        def is_well() -> bool:
            asked = subprocess.run([*as_user, *probe], env=environment, check=False,
                                   capture_output=True)  # fmt: skip
            return asked.returncode == 0

        process = subprocess.Popen(
            [*as_user, *image.entry, "--port", str(port)], env=environment, cwd="/",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        for _ in range(120):
            if is_well():
                break
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.5)
        else:
            pytest.fail("the server did not become well")
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
        assert "Make the administrator's account here" in said
        assert not is_well()
        data = {one.name: one.stat() for one in (folder / "data").iterdir()}
        assert {"server.db", "seal.key", "log.key"} <= set(data)
        assert {one.st_uid for one in data.values()} == {uid}
    finally:
        shutil.rmtree(folder)


@pytest.mark.release
@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or shutil.which("unshare") is None,
    reason="a read-only root is made by root alone",
)
def test_it_runs_with_a_root_that_cannot_be_written(tmp_path: Path) -> None:
    """As in the container: no right but its own, and nothing to write on but its data folder."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    tocsin = f"{sys.executable} -m tocsin serve --data {data} --port {port} --behind-proxy"
    script = (
        f"mount --make-rprivate / && mount --bind {data} {data} && mount -o remount,ro,bind / && "
        f"mount -t tmpfs none /var/tmp && exec env PYTHONDONTWRITEBYTECODE=1 TMPDIR=/var/tmp "
        f"HOME={data} setpriv --bounding-set=-all --inh-caps=-all --no-new-privs {tocsin}"
    )
    with subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    ) as process:  # fmt: skip
        for _ in range(600):
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/health")
                break
            except httpx.ConnectError:
                assert process.poll() is None, process.communicate()
                time.sleep(0.1)
        else:
            pytest.fail("the server did not start")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert answer.json() == {"status": "ok"}
    assert {"server.db", "seal.key", "log.key"} <= {one.name for one in data.iterdir()}


def test_a_line_of_the_log_is_json_with_the_kind_of_a_fault_alone() -> None:
    try:
        raise ValueError("the secret")
    except ValueError:
        fault = sys.exc_info()
    record = logging.LogRecord("tocsin.server", logging.ERROR, "", 1, "words", None, fault)
    told = json.loads(Lines().format(record))
    assert (told["words"], told["fault"]) == ("words", "ValueError")
    assert "the secret" not in Lines().format(record)


class Sender(threading.Thread):
    """A phone that sends reports one after another, again and again until each has its receipt."""

    def __init__(self, address: list[str], token: str, n: int) -> None:
        super().__init__(daemon=True)
        self.address, self.token, self.n = address, token, n
        self.receipts: list[str] = []

    def run(self) -> None:
        for k in range(self.n):
            key, sending, branch = (str(uuid.uuid4()) for _ in range(3))
            answers = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "other",
                       "headline": str(k)}  # fmt: skip
            body = {"key": key, "sending": sending, "branch": branch, "answers": answers}
            headers = {"authorization": f"Bearer {self.token}"}
            while True:
                try:
                    told = httpx.post(
                        f"{self.address[0]}/api/reports", json=body, headers=headers, timeout=5
                    )
                    if told.status_code == 201:
                        self.receipts.append(told.json()["report"])
                        break
                except httpx.HTTPError:
                    pass
                time.sleep(0.05)


@pytest.mark.release
def test_a_server_that_is_killed_loses_no_report_and_counts_none_twice(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    database, settings = open_folder(folder)
    site = Site(database, settings)
    site.account("Fay", settings.organisation, "field reporter")
    token = site.token("Fay")
    database.close()
    draw = random.Random(7)
    address = [""]
    sender = Sender(address, token, 60)
    for _ in range(3):
        process, address[0] = started(folder)
        if not sender.is_alive() and not sender.receipts:
            sender.start()
        time.sleep(draw.uniform(0.2, 0.9))
        process.send_signal(signal.SIGKILL)
        process.wait()
    process, address[0] = started(folder)
    sender.join(120)
    process.send_signal(signal.SIGINT)
    process.wait(30)
    database, _ = open_folder(folder)
    with database.reading() as connection:
        kept = connection.execute(select(objects.c.id)).scalars().all()
        found = verify(connection)
        sent = [one for one in entries(connection) if one.kind == "report"]
    database.close()
    assert sorted(kept) == sorted(sender.receipts)
    assert len(kept) == 60
    assert found.whole, found.findings
    assert len(sent) == 60


def started(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """Start a server as a process, and wait until it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tocsin", "serve", "--data", str(folder), "--port", str(port)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    )
    for _ in range(600):
        try:
            httpx.get(f"http://127.0.0.1:{port}/health")
            return process, f"http://127.0.0.1:{port}"
        except httpx.HTTPError:
            assert process.poll() is None
            time.sleep(0.1)
    raise AssertionError("the server did not start")
