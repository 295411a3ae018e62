"""A run may put its files into a store of objects: the same bytes, one run at a time, and nothing lost."""

from __future__ import annotations

import contextlib
import errno
import importlib.util
import itertools
import json
import os
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from conftest import WHEN, Run
from hypothesis import given, settings
from hypothesis import strategies as st

from planmaker.batch import leases, objects, receipts, store
from planmaker.batch.account import Done, Proof
from planmaker.batch.place import Folder
from planmaker.errors import LockedError, PlanmakerError, StorageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bucket import Bucket

    from planmaker.batch.store import Store

MOTO = "moto is absent: pip install -e '.[dev]'"
FSSPEC = "fsspec is absent: pip install -e '.[dev]'"
SOMEBODY = "Zsófia-Quisquater"
SHORT = ("batch", "roster.csv", "--format", "ics,json", "--jobs", "1", *WHEN)
ISSUED = datetime(2027, 1, 5, 9, tzinfo=UTC)


def absent(reason: str) -> NoReturn:
    """Skip loudly, but never in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    """Return a bucket that is served here."""
    if importlib.util.find_spec("moto") is None or importlib.util.find_spec("s3fs") is None:
        absent(MOTO)
    import bucket  # noqa: PLC0415 - needs moto

    with bucket.served() as found:
        yield found


@pytest.fixture
def clinic(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """Return the bucket without faults, which the program reaches by its settings."""
    import fsspec.config  # noqa: PLC0415 - may be absent

    for name, value in bucket.settings.items():
        monkeypatch.setenv(name, value)
    fsspec.config.set_conf_env(fsspec.config.conf)
    anew()
    bucket.faulty(lambda _number, _path: None)
    return bucket


def anew() -> None:
    """Forget what reached stores until now, as another process does."""
    import s3fs  # noqa: PLC0415 - may be absent

    store.opened.cache_clear()
    s3fs.S3FileSystem.clear_instance_cache()


numbers = itertools.count()


def memory() -> Store:
    """Return an empty place in memory, which is leased as any other."""
    if importlib.util.find_spec("fsspec") is None:
        absent(FSSPEC)
    return store.opened(f"memory://clinic/{next(numbers)}")


def roster(count: int) -> str:
    """Write a roster, of which one row is refused."""
    rows = (f"A-{number},stretch-only,Zoë {SOMEBODY},1\n" for number in range(1, count))
    return "id,profile,name,weeks\n" + "".join(rows) + f"B-1,full,{SOMEBODY},99\n"


def files(folder: Path) -> dict[str, bytes]:
    """Return what a folder holds for people."""
    found = (path for path in folder.rglob("*") if path.is_file() and ".planmaker" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def done(code: str, key: str = "key") -> Done:
    """Return what is kept of a row."""
    return Done(code=code, key=key, issued=ISSUED, start=date(2027, 1, 11), files=(Proof(f"{code}.ics", 7, "ab"),))


def test_same_objects(clinic: Bucket, run: Run, tmp_path: Path) -> None:
    """The objects of a run are the files of a local one to the last byte, though puts fail."""
    (tmp_path / "roster.csv").write_text(roster(6), encoding="utf-8")
    faults = {3: "500", 8: "reset after", 12: "silence"}

    here = run(*SHORT, "--out", "here", "--subfolders")
    clinic.faulty(lambda number, _: faults.get(number))
    there = run(*SHORT, "--out", "s3://clinic/plans/", "--subfolders")
    own = clinic.store.Bucket("clinic").objects.filter(Prefix="plans/.planmaker")

    assert [here.code, there.code] == [3, 3]
    assert there.err == [line.replace("here", "s3://clinic/plans").replace(os.sep, "/") for line in here.err]
    assert clinic.objects("plans") == files(tmp_path / "here")
    assert not [item.key for item in own if SOMEBODY.encode() in item.get()["Body"].read()]


@pytest.mark.long
def test_interrupted(clinic: Bucket, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that fails for good stops the run with what to do, and the same command does only what is left."""
    (tmp_path / "roster.csv").write_text(roster(5), encoding="utf-8")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    anew()
    clinic.faulty(lambda number, _: "500" if number > 12 else None)
    stopped = run(*SHORT, "--out", "s3://clinic/stopped")
    clinic.faulty(lambda _number, _path: None)
    with monkeypatch.context() as patch:
        patch.setattr(leases, "_over", lambda *_: True)  # as 90 seconds later
        resumed = run(*SHORT, "--out", "s3://clinic/stopped")
    run(*SHORT, "--out", "here")

    assert stopped.code == 5
    assert stopped.err[-1] == ("s3://clinic/stopped: cannot be reached; run the same command again (InternalError)")
    assert resumed.code == 3
    assert " 0 skipped" not in resumed.err[-1]
    local = files(tmp_path / "here")
    there = clinic.objects("stopped")
    assert {name: data for name, data in there.items() if "report" not in name} == {
        name: data for name, data in local.items() if "report" not in name
    }


@pytest.mark.long
def test_damaged_object(clinic: Bucket, run: Run, tmp_path: Path) -> None:
    """An object that was changed or removed is made again."""
    (tmp_path / "roster.csv").write_text(roster(4), encoding="utf-8")
    run(*SHORT, "--out", "s3://clinic/damaged")
    whole = clinic.objects("damaged")
    clinic.store.Object("clinic", "damaged/A-1.ics").put(Body=b"BEGIN:VCALENDAR")
    clinic.store.Object("clinic", "damaged/A-2.ics").delete()

    outcome = run(*SHORT, "--out", "s3://clinic/damaged")

    assert outcome.err[-1].startswith("4 read: 2 done, 1 skipped, 1 rejected")
    assert clinic.objects("damaged")["A-1.ics"] == whole["A-1.ics"]
    assert clinic.objects("damaged")["A-2.ics"] == whole["A-2.ics"]


@pytest.mark.long
def test_print_run(clinic: Bucket, run: Run, tmp_path: Path) -> None:
    """A print run of plans in a store is written here, as that of plans in a folder."""
    (tmp_path / "roster.csv").write_text(roster(3), encoding="utf-8")
    sheets = ("--format", "pdf", "--compact")

    here = run(*SHORT, *sheets, "--out", "here", "--print-run", "here.pdf")
    there = run(*SHORT, *sheets, "--out", "s3://clinic/sheets", "--print-run", "there.pdf")

    assert clinic.objects("sheets") == files(tmp_path / "here")
    assert [here.code, there.code] == [3, 3]
    assert (tmp_path / "there.pdf").read_bytes() == (tmp_path / "here.pdf").read_bytes()


def test_second_run(clinic: Bucket, run: Run, tmp_path: Path) -> None:
    """While a run is at work in a place, another is refused and writes nothing."""
    (tmp_path / "roster.csv").write_text(roster(4), encoding="utf-8")

    with objects.placed("s3://clinic/busy").entered():
        outcome = run(*SHORT, "--out", "s3://clinic/busy")

    assert outcome.code == 6
    assert [line.partition(";")[0] for line in outcome.err] == [
        "s3://clinic/busy: another run is at work there, or was 90 seconds ago"
    ]
    assert clinic.objects("busy") == {}


def test_no_bucket(clinic: Bucket, run: Run, tmp_path: Path) -> None:
    """A bucket that is not there is told in one line."""
    (tmp_path / "roster.csv").write_text(roster(4), encoding="utf-8")

    outcome = run(*SHORT, "--out", "s3://gone/plans")

    assert clinic
    assert outcome.code == 5
    assert outcome.err == ["s3://gone/plans: is not there; make the bucket, or name another with --out (NoSuchBucket)"]


def test_lost_answer(clinic: Bucket) -> None:
    """Who made an object first knows it, though the store's answer was lost and it was asked again."""
    place = store.opened("s3://clinic/lost")
    clinic.faulty(lambda number, _: "reset after" if number == 1 else None)

    assert place.create("lease", b"mine")
    assert not place.create("lease", b"another's")
    assert place.read("lease") == b"mine"


def test_without_s3fs(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package for a store the run ends with the command that installs it."""
    (tmp_path / "roster.csv").write_text(roster(4), encoding="utf-8")
    store.opened.cache_clear()
    monkeypatch.setitem(sys.modules, "fsspec", None)

    outcome = run(*SHORT, "--out", "s3://clinic/plans")

    assert outcome.code == 7
    assert outcome.err == ["an address s3:// needs s3fs: pip install s3fs"]


@pytest.mark.parametrize(
    "address",
    ["unheard-of://clinic/plans", "ftp://me:secret@clinic.example/plans", "simplecache::s3://clinic", "s3://a/b?key=c"],
)
def test_no_store(address: str) -> None:
    """What reaches no store, or tells how one is opened, is refused, repeating no secret."""
    if importlib.util.find_spec("fsspec") is None:
        absent(FSSPEC)

    with pytest.raises(UsageError, match="expected") as told:
        objects.placed(address)

    assert "secret" not in str(told.value)


def test_places(tmp_path: Path) -> None:
    """A folder is a folder however it is named, and an address is one without its last slash."""
    assert objects.placed(Path("out")) == Folder(Path("out"))
    memory()
    assert objects.placed(f"file://{tmp_path.as_posix()}") == Folder(tmp_path)
    assert objects.placed("memory://clinic/plans/") == objects.Objects("memory://clinic/plans")


@pytest.mark.parametrize("address", ["s3://[clinic", "s3://me:secret@clinic", "s3://clinic?a=b"])
def test_no_address(address: str, run: Run, tmp_path: Path) -> None:
    """An address that cannot be one, or holds a password, is refused and not repeated."""
    (tmp_path / "roster.csv").write_text(roster(2), encoding="utf-8")

    outcome = run("batch", "roster.csv", "--out", address, *WHEN)

    assert outcome.code == 2
    assert "--out: expected an address such as s3://bucket/prefix" in outcome.err[0]
    assert "secret" not in " ".join(outcome.err)


def test_no_room_for_reports(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that finds no room on this computer on its way to a store stops the run as any full disk does."""
    (tmp_path / "roster.csv").write_text(roster(2), encoding="utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    outcome = run("batch", "roster.csv", "--jobs", "1", "--out", memory().address, "--format", "json", *WHEN)

    assert outcome.code == 5
    assert outcome.err[-1].startswith("the folder for temporary files: No space left on device; make room there")


def test_folders_only(run: Run) -> None:
    """The other verbs write into folders, and say so."""
    outcome = run("make", "--profile", "full", "--out", "s3://clinic/plans", *WHEN)

    assert outcome.code == 2
    assert "an address such as s3://bucket/prefix is for planmaker batch" in " ".join(outcome.err)


def test_one_holder() -> None:
    """A place is held by one run; when that is over the next has it, with a higher number."""
    place = memory()

    with leases.held(place) as first, pytest.raises(LockedError), leases.held(place):
        pass
    with leases.held(place) as second:
        second.check()

    assert (first.number, second.number) == (1, 2)


def test_taken_over() -> None:
    """A lease that has run out is taken over, and whoever slept through it finds that out, whatever it renews."""
    place = memory()

    with leases.held(place) as sleeper:
        with leases.held(place, patience=timedelta(0)) as other:
            sleeper.renew()
            with pytest.raises(LockedError, match="another run has taken over"):
                sleeper.check()
            other.check()
        sleeper.renew()
        with pytest.raises(LockedError, match="another run has taken over"):
            sleeper.check()
    with leases.held(place) as third:
        third.check()

    assert third.number == 3


def test_one_of_many() -> None:
    """Of all that find a lease run out at the same time, one takes over."""
    place = memory()
    place.put({".planmaker/leases/00000007": b"whose run was killed"})
    tokens = [f"{number:032}".encode() for number in range(5)]
    real = store.Store.create
    winners = []

    def at_once(self: Store, name: str, data: bytes) -> bool:
        if "leases" in name and tokens:
            with contextlib.suppress(LockedError):
                winners.append(leases.taken(place, tokens.pop(), timedelta(0)))
        return real(self, name, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store.Store, "create", at_once)
        with pytest.raises(LockedError):
            leases.taken(place, b"the first to ask", timedelta(0))

    assert [lease.number for lease in winners] == [8]
    winners[0].check()


def test_no_exclusive_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store where two runs can make the same object is refused."""
    place = memory()
    real = place.system.pipe_file
    monkeypatch.setattr(
        type(place.system), "pipe_file", lambda _self, path, value, **_: real(path, value, mode="overwrite")
    )

    with pytest.raises(StorageError, match="so two could mix"), leases.held(place):
        pass

    assert place.names(".planmaker") == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (PermissionError("key"), "access is denied; the key must be allowed to read, write, list and delete there"),
        (NotImplementedError(), "cannot be used: the store does not do all that is needed"),
        (RuntimeError(SOMEBODY), r"cannot be reached; run the same command again \(RuntimeError\)"),
    ],
)
def test_faults(fault: Exception, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a store raises becomes a message that says what to do, and repeats nothing of a request."""
    place = memory()

    def fails(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(type(place.system), "pipe_file", fails)

    with pytest.raises(StorageError, match=said) as told:
        place.put({"A-1.ics": b"BEGIN:VCALENDAR"})

    assert SOMEBODY not in str(told.value)


@contextlib.contextmanager
def record(place: Store) -> Iterator[receipts.Receipts]:
    """Hold a place and open its receipts."""
    with leases.held(place) as lease, receipts.opened(place, lease) as found:
        yield found


def test_issued_as_begun() -> None:
    """A run that goes on from one that was stopped is issued as that was, unless told; after a whole one it is not."""
    place = memory()
    later = ISSUED + timedelta(days=1)

    with record(place) as found:
        assert found.begin("key", ISSUED, told=False) == ISSUED
    with record(place) as found:
        assert found.begin("key", later, told=False) == ISSUED
        assert found.begin("key", later, told=True) == later
    with record(place) as found:
        assert found.begin("key", ISSUED, told=False) == later
        found.finish()
    with record(place) as found:
        assert found.begin("key", later, told=False) == later


CHUNKS = st.lists(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("xyz"), max_size=4), max_size=12)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(CHUNKS, st.booleans()), max_size=5), st.integers(0, 8), st.integers(1, 3))
def test_receipts(runs: list[tuple[Any, bool]], most: int, together: int) -> None:
    """What was last kept of an id is found by the next run, however many ran, ended and put receipts together."""
    place = memory()
    kept: dict[str, str] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receipts, "_MOST", most)
        patch.setattr(receipts, "_MOST_TOGETHER", together)
        for chunks, whole in runs:
            with record(place) as found:
                found.begin("key", ISSUED, told=False)
                for chunk in chunks:
                    found.record(done(code, key) for code, key in chunk.items())
                    kept |= chunk
                if whole:
                    found.finish()

    with record(place) as found:
        assert found.find(list("abcdef")) == {code: done(code, key) for code, key in kept.items()}


@pytest.mark.parametrize("fails_at", range(13))
def test_put_together_stops(fails_at: int) -> None:
    """Receipts are put together so that nothing is lost where that stops."""
    place = memory()
    times = itertools.count()

    def failing(real: Callable[..., None]) -> Callable[..., None]:
        def call(*some: object) -> None:
            if next(times) == fails_at:
                msg = "stopped"
                raise StorageError(msg)
            real(*some)

        return call

    with record(place) as found, pytest.MonkeyPatch.context() as patch:
        found.begin("key", ISSUED, told=False)
        for code in "abcd":
            found.record([done(code)])
        patch.setattr(receipts, "_MOST", 2)
        patch.setattr(receipts, "_MOST_TOGETHER", 1)
        for name in ("put", "remove"):
            patch.setattr(store.Store, name, failing(getattr(store.Store, name)))
        with contextlib.suppress(StorageError):
            found.finish()
    with record(place) as found:
        assert list(found.find(list("abcd"))) == list("abcd")


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"{", "is damaged"), (b"[]", "is damaged"), (b'{"version": 2}', "by a newer planmaker")]
    + [(b'{"version": 1, "plans": %b}' % plans, "is damaged") for plans in (b"[7]", b"7", b'[["A", "", 7, "", ""]]')]
    + [(b'{"version": 1, "begun": %b}' % begun, "is damaged") for begun in (b"[7]", b"7", b'["key", "noon"]')],
)
def test_bad_receipt(data: bytes, said: str) -> None:
    """A receipt that cannot be read stops the run and is named."""
    place = memory()
    place.put({".planmaker/receipts/00000001-00000001.json": data})

    with pytest.raises(PlanmakerError, match=f"receipts/00000001-00000001.json: {said}|{said}"), record(place):
        pass


def test_late_receipt() -> None:
    """A receipt that a run wrote after it lost its place counts less than those of the run that took over."""
    place = memory()
    with record(place) as found:
        found.begin("key", ISSUED, told=False)
        found.record([done("a", "new")])
        late = json.dumps({"version": 1, "plans": [["a", "old", ISSUED.isoformat(), "2027-01-11", "[]"]]})
        place.put({".planmaker/receipts/00000000-00000009.json": late.encode()})

    with record(place) as found:
        assert found.find(["a"])["a"].key == "new"
