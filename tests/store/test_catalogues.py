"""Catalogues in the store: an old visit is read again with the data of its time."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from advisor.content import loading
from advisor.content.catalog import Catalog
from advisor.scoring.reading import read
from advisor.session.record import new
from advisor.store import Store, catalogues, open_store, tables
from tests.databases import NEW, keep, later, saved
from tests.support import CATALOG, own, suited

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("packed_anew")


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """A catalogue with a title that was another one then."""
    folder = tmp_path_factory.mktemp("old") / "data"
    folder.mkdir()
    for name in CATALOG.files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(CATALOG.folder / name, folder / name)
    path = folder / own("guidance/steps.yaml", CATALOG.scoring.version)
    path.write_text(path.read_text(encoding="utf-8") + "# as it was then\n", encoding="utf-8")
    return loading.load(folder)


def count(store: Store) -> int:
    with store.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(tables.catalogue)).scalar_one()


def test_a_packed_catalogue_is_the_same_one_when_unpacked(old: Catalog) -> None:
    packed = catalogues.pack(old)
    assert packed is not None
    back = catalogues.unpack(packed, old.digest)
    assert back is not None
    assert back.folder != old.folder
    assert replace(back, folder=old.folder).words == old.words
    for name in Catalog.__slots__:
        if name not in {"folder", "__weakref__"}:
            assert getattr(back, name) == getattr(old, name), name
    answers = suited(75)
    assert read(back, answers, NEW.case.facts) == read(old, answers, NEW.case.facts)


def test_the_same_files_give_the_same_bytes_whatever_their_age_and_line_ends(old: Catalog, tmp_path: Path) -> None:
    for name in old.files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        lines = (old.folder / name).read_bytes().replace(b"\r\n", b"\n")
        (tmp_path / name).write_bytes(lines.replace(b"\n", b"\r\n"))
    (tmp_path / "private.txt").write_text("not part of the catalogue", encoding="utf-8")
    other = loading.load(tmp_path)
    assert other.digest == old.digest
    assert catalogues.pack(other) == catalogues.pack(old)


def test_what_is_not_the_catalogue_any_more_or_cannot_be_loaded_is_none(old: Catalog, tmp_path: Path) -> None:
    packed = catalogues.pack(old)
    assert packed is not None
    assert catalogues.unpack(packed, CATALOG.digest) is None
    assert catalogues.unpack(packed[:-100], old.digest) is None
    shutil.copytree(old.folder, tmp_path / "data")
    edited = replace(old, folder=tmp_path / "data")
    (tmp_path / "data" / own("sources.yaml", CATALOG.scoring.version)).write_text("{}", encoding="utf-8")
    assert catalogues.pack(edited) is None, "the files changed after they were loaded"
    broken = catalogues.pack(
        replace(edited, digest=loading.digest_of(edited.folder, CATALOG.scoring.version, edited.files))
    )
    assert broken is not None
    assert catalogues.unpack(broken, loading.digest_of(edited.folder, CATALOG.scoring.version, edited.files)) is None


def test_a_catalogue_is_kept_once_and_found_by_another_process(store: Store, database: str, old: Catalog) -> None:
    assert store.catalogue(old.digest) is None
    keep(store, old)
    keep(store, old)
    other = open_store(database, "")
    keep(other, old)
    assert count(store) == 1
    found = other.catalogue(old.digest)
    assert found is not None
    assert found.digest == old.digest
    assert other.catalogue(old.digest) is found, "unpacked once"
    assert store.catalogue(CATALOG.digest) is CATALOG
    assert store.catalogue("nothing") is None


def test_a_visit_brings_its_catalogue_with_it_and_so_does_a_move_to_a_newer_one(
    store: Store, database: str, old: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = later(new(old))
    with monkeypatch.context() as then:
        then.setattr(store, "current", lambda: old)
        saved(store, "v1", begun)
        saved(store, "v2", begun)
    assert count(store) == 1
    now = open_store(database, "")
    now.save("v1", None, begun, later(begun))
    assert count(now) == 1
    now.save("v1", None, later(begun), later(later(begun), digest=CATALOG.digest))
    assert count(now) == 2
    visit = now.visit("v2")
    assert visit is not None
    found = now.catalogue(visit.record.digest)
    assert found is not None
    assert found.digest == old.digest
