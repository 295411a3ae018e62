"""Work through a docket: hand out its rows, keep what was done, and settle each row."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
from functools import partial
from typing import TYPE_CHECKING

from planmaker.batch.engines import through
from planmaker.batch.work import work
from planmaker.interrupts import undisturbed

if TYPE_CHECKING:
    from collections.abc import Generator

    from planmaker.batch.docket import Docket
    from planmaker.batch.engines import Engine
    from planmaker.batch.place import Record
    from planmaker.batch.work import Job

__all__ = ["run", "started"]

MOST_IN_CHUNK = 50  # rows between two commits of the ledger
CHUNKS_EACH = 16  # for each worker of a small roster, so that all are busy to the end


def started(docket: Docket, job: Job, record: Record, *, told: bool) -> Job:
    """Open a run in a place and return the job, issued as it was begun if an interrupted run of the roster goes on.

    ``told``: somebody said when the plans are issued, which counts.
    """
    key = hashlib.sha256(f"{job.fingerprint}{docket.digest()}".encode()).hexdigest()
    issued = record.begin(key, job.order.issued, told=told)
    return dataclasses.replace(job, order=dataclasses.replace(job.order, issued=issued))


def run(docket: Docket, job: Job, record: Record | None, engine: Engine | None) -> Generator[int]:
    """Settle every row that is open; yield how many, each time that they are kept for good.

    A dry run only looks up in the record what was done.
    """
    workers = engine.workers if engine else 1
    size = max(1, min(MOST_IN_CHUNK, docket.count() // (CHUNKS_EACH * workers)))
    chunks = docket.tasks(size, record.find if record else lambda _: {})
    with contextlib.closing(through(chunks, partial(work, job), engine)) as working:
        for results in working:
            with undisturbed():  # or rows that are recorded would be reported as not run
                if record and not job.order.dry:
                    record.record(result.done for result in results if result.done)
                docket.settle(results)
            yield len(results)
    if record and not job.order.dry:
        record.finish()
