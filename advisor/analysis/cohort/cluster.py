"""Scores blocks on the workers of a Dask cluster; the scored blocks come back in the order of the file.

When a worker dies, its blocks go to other workers. Nothing is written twice, because only the process that asked for
the blocks writes. All machines have to see the files under the same path, and run the same
version of this package. A cluster of this machine alone (``local``) listens on the loopback only, and asks whoever
connects for a certificate that only its own processes have.
"""

from __future__ import annotations

import logging
import re
import signal
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from advisor.analysis.cohort import score
from advisor.analysis.cohort.model import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from advisor.analysis.cohort.model import Block
    from advisor.analysis.cohort.output import Kind
    from advisor.analysis.cohort.score import Pieces, ScoredBlock
    from advisor.analysis.cohort.scores import ScoringPlan

LOOPBACK = "127.0.0.1"
AHEAD = 3  # blocks under way for each thread: one is scored, one waits for it, one waits to be fetched
RETRIES = 3
# No pages are served. And what a block needed stays with its worker: by default, workers give all memory back to the
# system at once (MALLOC_TRIM_THRESHOLD_), and half of their time goes into getting it again for the next block.
CONFIGURED = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.preload": [__name__],
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 256 << 20,
    "distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_": 32 << 20,
}
CONNECT = 10  # seconds
_ADDRESS = re.compile(r"(tcp|tls)://\S+|local(:(?P<workers>[1-9][0-9]{0,3}))?")


def is_address(address: str) -> bool:
    """Return whether a cluster may have this address: ``tcp://host:port``, ``tls://…``, ``local``, ``local:4``."""
    return _ADDRESS.fullmatch(address) is not None


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """Yield a client of the cluster at ``address``; a local cluster is started first, and stopped afterwards.

    Raises:
        RefusedError: dask.distributed is not installed, or nobody answers.
    """
    try:
        from distributed import Client  # noqa: PLC0415  (an extra)
    except ImportError:
        raise RefusedError("cluster_extra") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is told as a refusal, in one line
    if address.startswith("local"):
        # Straight from the workers: through the scheduler, every piece is encrypted and decrypted twice.
        with local(_ADDRESS.fullmatch(address)) as cluster, Client(cluster, direct_to_workers=True) as client:
            yield client
        return
    try:
        client = Client(address, timeout=CONNECT)
    except OSError:
        raise RefusedError("cluster_away", {"address": address}) from None
    with client:
        yield client


@contextmanager
def local(address: re.Match[str] | None) -> Iterator[Any]:
    """Yield a cluster of this machine: as many processes as asked for (default: one for each core), one thread each."""
    import dask  # noqa: PLC0415  (an extra)
    from dask.system import CPU_COUNT  # noqa: PLC0415  (as above)
    from distributed import LocalCluster  # noqa: PLC0415  (as above)

    workers = int(address["workers"]) if address and address["workers"] else None
    with (
        dask.config.set(CONFIGURED),
        LocalCluster(
            n_workers=workers or CPU_COUNT,
            threads_per_worker=1,
            host=LOOPBACK,
            security=True,
            dashboard_address=f"{LOOPBACK}:0",
            scheduler_kwargs={"dashboard": False},
            silence_logs=logging.CRITICAL,
        ) as cluster,
    ):
        yield cluster


def dask_setup(_worker: object) -> None:
    """Let a worker of this machine leave Ctrl-C to the process that started it: dask calls this by its name."""
    score.without_pandas()
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def pieces_of(client: Any) -> Pieces:  # noqa: ANN401  (distributed carries no types)
    """Return a function that scores blocks on a cluster, as :func:`advisor.analysis.cohort.score.here` does here."""

    def pieces(plan: ScoringPlan, kind: Kind, todo: Iterable[Block]) -> Iterator[tuple[Block, ScoredBlock]]:
        # A task, not data: when the worker that holds it is lost, it is made again on another.
        known = client.submit(_same, plan, pure=False)
        waiting: deque[tuple[Block, Any]] = deque()
        try:
            for block in todo:
                waiting.append((block, client.submit(score.work, known, kind, block, pure=False, retries=RETRIES)))
                if len(waiting) >= AHEAD * max(1, sum(client.nthreads().values())):
                    yield _next(waiting)
            while waiting:
                yield _next(waiting)
        finally:
            client.cancel([future for _, future in waiting])

    return pieces


def _next(waiting: deque[tuple[Block, Any]]) -> tuple[Block, ScoredBlock]:
    from distributed import KilledWorker  # noqa: PLC0415  (an extra)
    from distributed.client import FutureCancelledError  # noqa: PLC0415  (as above)

    block, future = waiting.popleft()
    try:
        return block, future.result()
    except KilledWorker:  # several workers, one after the other
        raise RefusedError("cluster_killed", {"file": block.source.path.name}) from None
    except FutureCancelledError:
        raise RefusedError("cluster_lost") from None
    except ImportError:
        raise RefusedError("cluster_package") from None


def _same(plan: ScoringPlan) -> ScoringPlan:
    return plan
