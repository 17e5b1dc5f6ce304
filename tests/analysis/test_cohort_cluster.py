"""The same work on a cluster: the same bytes, whoever computes them, and whoever dies meanwhile."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from advisor.analysis.cohort import cluster, output, reader, score, shards
from advisor.analysis.cohort.facts import fact_columns
from advisor.analysis.cohort.model import Asked, RefusedError
from advisor.analysis.cohort.problems import sentence
from advisor.analysis.cohort.scores import ScoringPlan
from advisor.scoring import scores
from tests.support import CATALOG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from advisor.analysis.cohort.model import Block, CohortFile

KEY = scores.key(CATALOG)


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two processes of this machine, as ``--cluster local:2`` starts them."""
    with cluster.connected("local:2") as connected:
        yield connected


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """600 respondents to the workbook's own items, one of them twice, with gaps and wrong values, in two shards."""
    draw = np.random.default_rng(11)
    points = np.where(draw.random((600, len(KEY.items))) < 0.02, 9, draw.integers(1, 6, (600, len(KEY.items))))
    lines = [f"p{n % 599},inside," + ",".join(map(str, row)) for n, row in enumerate(points.tolist())]
    folder = tmp_path_factory.mktemp("people")
    head = ",".join(["id", "situation", *KEY.items])
    for number, part in enumerate((lines[:350], lines[350:])):
        (folder / f"{number}.csv").write_text("\n".join([head, *part]) + "\n")
    return folder


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    def blocks(source: CohortFile) -> Iterator[Block]:
        return reader.blocks(source, size=5000)

    monkeypatch.setattr(score, "blocks", blocks)


def scored(people: Path, out: Path, pieces: score.Pieces = score.here) -> tuple[bytes, bytes, score.Summary]:
    ranges = {item.id: (item.low, item.high) for item in CATALOG.items.values()}
    found = shards.opened(shards.paths(str(people)), Asked(ranges, fact_columns(CATALOG)))
    plan = ScoringPlan(KEY.instrument, found.chosen.carried, found.chosen.identity, 0.8, catalog=CATALOG)
    report = out.with_suffix(".report.csv")
    summary = score.score(plan, found.shards, out, report, pieces=pieces)
    return out.read_bytes(), report.read_bytes(), summary


@pytest.mark.slow
def test_a_cluster_writes_the_same_bytes_as_one_machine(client: Any, people: Path, tmp_path: Path) -> None:
    here = scored(people, tmp_path / "here.csv")
    assert scored(people, tmp_path / "there.csv", cluster.pieces_of(client)) == here
    assert here[2].read == 600
    assert b"p0" in here[1].splitlines()[-1]  # the one who stands there twice


@pytest.mark.slow
def test_a_worker_that_is_killed_midway_changes_nothing(client: Any, people: Path, tmp_path: Path) -> None:
    """The one that is killed holds pieces that nobody has fetched yet."""
    usual, killed = cluster.pieces_of(client), []

    def pieces(
        plan: ScoringPlan, kind: output.Kind, todo: Iterable[Block]
    ) -> Iterator[tuple[Block, score.ScoredBlock]]:
        for number, pair in enumerate(usual(plan, kind, todo)):
            if number == 3:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)
            yield pair

    told = scored(people, tmp_path / "there.csv", pieces)
    assert len(killed) == 1
    assert told == scored(people, tmp_path / "here.csv")


@pytest.mark.slow
def test_no_more_blocks_are_under_way_than_keep_the_workers_busy(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given = []

    def todo() -> Iterator[int]:
        for number in range(50):
            given.append(number)
            yield number

    monkeypatch.setattr(score, "work", lambda _plan, _kind, number: -number)
    pieces: Any = cluster.pieces_of(client)
    for done, pair in enumerate(pieces(None, "csv", todo())):
        assert pair == (done, -done)
        assert len(given) - done <= cluster.AHEAD * 2


@pytest.mark.slow
def test_a_cluster_of_this_machine_can_be_reached_from_nowhere_else_and_not_without_its_certificate(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [client.scheduler.address, *client.scheduler_info(n_workers=-1)["workers"]]
    assert all(address.startswith("tls://127.0.0.1:") for address in addresses)
    plain = client.scheduler.address.replace("tls://", "tcp://")
    monkeypatch.setattr(cluster, "CONNECT", 1)
    with pytest.raises(RefusedError) as refused, cluster.connected(plain):
        pass
    assert plain in sentence(refused.value)


@pytest.mark.slow
def test_a_refusal_comes_back_from_a_worker_as_it_was(client: Any, people: Path, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    head = (people / "0.csv").read_text().splitlines()[0]
    (tmp_path / "b" / "broken.csv").write_text(f'{head}\n"p1,inside' + ",1" * len(KEY.items) + "\n")
    told = []
    for pieces in (score.here, cluster.pieces_of(client)):
        with pytest.raises(RefusedError) as refused:
            scored(tmp_path / "b", tmp_path / "out.csv", pieces)
        told.append(sentence(refused.value))
    assert told[0] == told[1]
    assert told[0].startswith("broken.csv: ")
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_without_the_extra_it_is_told_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_LANG", "en")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RefusedError) as refused, cluster.connected("local"):
        pass
    assert "pip install 'advisor-workbook[cluster]'" in sentence(refused.value)


@pytest.mark.parametrize("address", ["tcp://host:8786", "tls://host:1", "local", "local:4"])
def test_addresses_of_clusters(address: str) -> None:
    assert cluster.is_address(address)


@pytest.mark.parametrize("address", ["", "http://host", "local:0", "local:", "local:x", "tcp://", "locals"])
def test_what_is_no_address_of_a_cluster(address: str) -> None:
    assert not cluster.is_address(address)


@pytest.mark.slow
def test_a_cluster_that_somebody_else_started_is_reached_by_its_address(people: Path, tmp_path: Path) -> None:
    import distributed

    local: Any = distributed.LocalCluster
    quiet = {"processes": False, "n_workers": 1, "host": "127.0.0.1", "protocol": "tcp", "dashboard_address": None}
    with local(**quiet) as started, cluster.connected(started.scheduler_address) as client:
        there = scored(people, tmp_path / "there.csv", cluster.pieces_of(client))
    assert there == scored(people, tmp_path / "here.csv")
