"""A roster's rows are made by a dask cluster as they are here, whatever dies meanwhile, and nobody can listen."""

from __future__ import annotations

import importlib.util
import itertools
import os
import signal
import sys
import threading
from concurrent.futures import Executor, Future
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from conftest import WHEN, Run

from planmaker.batch import clusters
from planmaker.batch.account import Status, Task
from planmaker.batch.engines import through
from planmaker.batch.fingerprint import fingerprint
from planmaker.batch.ledger import Ledger
from planmaker.batch.place import Folder
from planmaker.batch.work import Job
from planmaker.clinic import Clinic
from planmaker.errors import StorageError, UsageError
from planmaker.workshop import Order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dasking import Cluster

    from planmaker.batch.account import Done

DASK = "dask is absent: pip install -e '.[dev]'"
SOMEBODY = "Quisquater"
SHORT = ("batch", "roster.csv", "--format", "ics,json", *WHEN)
ORDER = Order(issued=datetime(2027, 1, 5, tzinfo=UTC))


def absent(reason: str) -> NoReturn:
    """Skip loudly, but never in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a cluster of one worker, where work that kills it is not tried again."""
    if importlib.util.find_spec("distributed") is None:
        absent(DASK)
    import dasking  # noqa: PLC0415 - needs dask

    with dasking.Cluster(tmp_path_factory.mktemp("cluster"), workers=1, failures=0) as found:
        yield found


def job(place: Folder | None = None) -> Job:
    """Return a job as this computer would do it."""
    return Job(order=ORDER, place=place, fingerprint=fingerprint(ORDER, {}, Clinic(), None, None))


def files(folder: Path) -> dict[str, bytes]:
    """Return what a folder holds, but for the report, which says which rows were there already."""
    kept = (path for path in folder.iterdir() if path.is_file() and path.stem != "report")
    return {path.name: path.read_bytes() for path in kept}


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("tcp://localhost:8786", "tcp://localhost:8786"),
        ("tcp://[::1]:8786", "tcp://[::1]:8786"),
        ("tls://10.0.0.5:8786", "tls://10.0.0.5:8786"),
    ],
)
def test_safe_addresses(address: str, whole: str) -> None:
    """A scheduler on this computer may do without TLS, any other may not."""
    assert clusters.checked(address) == whole


@pytest.mark.parametrize(
    "address", ["10.0.0.5:8786", "tcp://scheduler.example:8786", "ws://127.0.0.1:8786", "tcp://[2001:db8::1]:8786"]
)
def test_unsafe_addresses(address: str) -> None:
    """A scheduler elsewhere without TLS is refused, saying how it is done."""
    with pytest.raises(UsageError, match="only a scheduler on this computer may do without TLS; start it"):
        clusters.checked(address)


@pytest.mark.parametrize("address", ["", "tls://scheduler.example", "127.0.0.1:many", "tls://[::1"])
def test_no_address(address: str) -> None:
    """What is no address is refused with one that is."""
    with pytest.raises(UsageError, match="expected an address such as tls://"):
        clusters.checked(address)


@pytest.mark.parametrize("options", [("--engine", "dask"), ("--scheduler", "127.0.0.1:8786")])
def test_engine_and_scheduler(options: tuple[str, str], run: Run, tmp_path: Path) -> None:
    """Neither the engine nor the scheduler is named alone."""
    (tmp_path / "roster.csv").write_text("id,profile\nA1,full\n", encoding="utf-8")

    outcome = run(*SHORT, *options)

    assert outcome.code == 2
    assert outcome.err == ["--engine dask and --scheduler ADDRESS go together"]


def test_without_dask(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without dask a run on a cluster ends with the command that installs it."""
    (tmp_path / "roster.csv").write_text("id,profile\nA1,full\n", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "distributed", None)

    outcome = run(*SHORT, "--engine", "dask", "--scheduler", "127.0.0.1:8786")

    assert outcome.code == 7
    assert outcome.err == ["--engine dask needs dask: pip install distributed"]


HERE = {"planmaker": "0.1.0", "icalendar": "6.3.1"}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (({**HERE, "icalendar": "7.0.0"}, b"token"), "has another icalendar: 7.0.0, and here is 6.3.1"),
        ((HERE, None), "does not see the folder of the run; name one that all share, or an address such as s3://"),
        ((HERE, b"of another"), "does not see the folder of the run"),
        (ModuleNotFoundError("planmaker"), "lacks a package that this computer has; install planmaker there"),
        (StorageError("/plans: may not be written"), "/plans: may not be written"),
        (AttributeError("fingerprint"), "does not answer as planmaker does (AttributeError)"),
    ],
)
def test_other_workers(found: object, said: str) -> None:
    """A worker that would make other files, or put them elsewhere, is refused with what is different."""
    assert clusters.fault(found, HERE, b"token").startswith(said)


def test_same_workers() -> None:
    """A worker like this computer is taken, one that need not write too."""
    assert clusters.fault((HERE, b"token"), HERE, b"token") == ""
    assert clusters.fault((HERE, None), HERE, None) == ""


def test_paths_for_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker, which was started elsewhere, gets whole paths."""
    monkeypatch.chdir(tmp_path)
    here = Folder((tmp_path / "out").relative_to(tmp_path))

    assert clusters.shared(job(here)).place == Folder(tmp_path / "out")


def test_no_scheduler(run: Run, tmp_path: Path) -> None:
    """A scheduler that is not there is told in one line, and nothing is begun."""
    if importlib.util.find_spec("distributed") is None:
        absent(DASK)
    import dask  # noqa: PLC0415 - may be absent
    import distributed  # noqa: F401, PLC0415 - sets what dask's settings are

    (tmp_path / "roster.csv").write_text("id,profile\nA1,full\n", encoding="utf-8")

    with dask.config.set({"distributed.comm.timeouts.connect": "50ms"}):
        outcome = run(*SHORT, "--engine", "dask", "--scheduler", "127.0.0.1:9")

    assert outcome.code == 5
    assert outcome.err == ["the scheduler tcp://127.0.0.1:9 does not answer (OSError); start it, or set TLS up"]


class Silent(Executor):
    """Never answers, as a client whose scheduler died while work was handed out."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:  # noqa: ANN401 - as the base has it
        return Future()


@pytest.mark.parametrize(
    ("client", "why"),
    [
        (SimpleNamespace(status="closed"), []),
        (SimpleNamespace(status="running", nthreads=dict), ["has no workers"]),
        (SimpleNamespace(status="running", nthreads=lambda: {"tcp://10.0.0.5:4000": 1}), ["do without TLS"]),
    ],
)
def test_given_up(client: object, why: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that nobody will answer any more is cancelled, what is handed out afterwards too."""
    packing = clusters.Packing(Silent(), job(), "run")
    waiting = packing.submit(len, ())
    over = threading.Event()
    waiting.add_done_callback(lambda _: over.set())
    told: list[str] = []
    monkeypatch.setattr(clusters, "_LOOK", 0.001)
    monkeypatch.setattr(clusters, "_PATIENCE", 0.002)

    clusters.watch(client, packing, told, over)

    assert waiting.cancelled()
    assert packing.submit(len, ()).cancelled()
    assert [part in text for part, text in zip(why, told, strict=True)] == [True] * len(why)


def test_lost_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that no worker has, and that is not answered, is tried again as if its worker had died."""
    here = "tcp://127.0.0.1:4000"
    at_work = iter([("key",), (), ("key",), (), ()])
    client = SimpleNamespace(status="running", nthreads=lambda: {here: 1}, processing=lambda: {here: next(at_work, ())})
    packing = clusters.Packing(Silent(), job(), "run")
    waiting = packing.submit(len, ())
    over = threading.Event()
    waiting.add_done_callback(lambda _: over.set())
    monkeypatch.setattr(clusters, "_LOOK", 0.001)
    monkeypatch.setattr(clusters, "_PATIENCE", 0.002)

    clusters.watch(client, packing, [], over)

    assert isinstance(waiting.exception(), clusters.LostError)
    assert next(at_work, None) is None


@pytest.mark.long
def test_poison_row(cluster: Cluster) -> None:
    """A row that ends its worker is rejected, and every other is made once."""
    from dasking import poisoned  # noqa: PLC0415 - needs dask

    tasks = [Task(line, b"poison" if line == 40 else b"", None) for line in range(2, 72)]
    chunks = [tuple(tasks[at : at + 7]) for at in range(0, len(tasks), 7)]

    with clusters.connected(cluster.address, job()) as engine:
        found = [*itertools.chain(*through(chunks, poisoned, engine))]

    assert sorted(result.line for result in found) == list(range(2, 72))
    assert [result.line for result in found if result.status is Status.REJECTED] == [40]


def test_failing_worker(cluster: Cluster) -> None:
    """What stops a worker stops the run in the same words, and no log says what stood in a row."""
    from dasking import failing  # noqa: PLC0415 - needs dask

    chunk = (Task(2, SOMEBODY.encode(), None),)

    with (
        pytest.raises(StorageError, match="the disk is full"),
        clusters.connected(cluster.address, job()) as engine,
    ):
        next(through([chunk], failing, engine))

    assert "the disk is full" in cluster.log()
    assert SOMEBODY not in cluster.log()


@pytest.mark.long
def test_deaths(cluster: Cluster, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker dies and nothing is lost; the scheduler dies, and the same command makes the rest, here too."""
    rows = "".join(f"A-{number},stretch-only,Zoë {number},1\n" for number in range(1, 41))
    (tmp_path / "roster.csv").write_text("id,profile,name,weeks\n" + rows, encoding="utf-8")
    real = Ledger.record
    times = itertools.count(1)

    def deadly(ledger: Ledger, items: Iterable[Done]) -> None:
        real(ledger, items)
        time = next(times)
        if time == 2:
            for pid in cluster.pids():
                os.kill(pid, signal.SIGKILL)
        if time == 6:
            cluster.kill_scheduler()

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "record", deadly)
        patch.setattr(clusters, "_LOOK", 0.5)  # less patience than for a cluster that starts somewhere
        patch.setattr(clusters, "_PATIENCE", 8.0)
        dead = run(*SHORT, "--out", "there", "--engine", "dask", "--scheduler", cluster.address)
    resumed = run(*SHORT, "--out", "there", "--jobs", "1")
    run(*SHORT, "--out", "here", "--jobs", "1")

    assert dead.code == 5
    assert dead.err[-1] == (
        f"the scheduler {cluster.address} or the way to it is gone; run the same command again, "
        "which does only what is left"
    )
    assert len(dead.err) == 2
    assert resumed.code == 0
    assert " 0 skipped" not in resumed.err[-1]
    assert files(tmp_path / "there") == files(tmp_path / "here")
