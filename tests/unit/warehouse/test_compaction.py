"""Whatever is appended, replaced and compacted in whatever order, a table holds what a dictionary would."""

from __future__ import annotations

import base64
import csv
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warehouse_samples import accession, complete, put, submission

from filings.archive import keys
from filings.archive.compression import CorruptObject
from filings.archive.storage import Conflict, Head, Store
from filings.settings import Settings
from filings.warehouse import compaction, mysql
from filings.warehouse.bulk import LEAST_PART, Bulk
from filings.warehouse.dataset import LOOKUP
from filings.warehouse.lookup_rows import rows
from filings.warehouse.lookup_tables import DOCUMENTS, LOOKUP_TABLES
from filings.warehouse.mysql_load import TableLoad
from filings.warehouse.table_update import TableUpdate

NewUpdate = Callable[..., TableUpdate]
Model = dict[str, dict[str, list[list[str]]]]  # accession → table → rows
KEY = keys.lookup_table("complete", DOCUMENTS.name)


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


def die(*_: Any, **__: Any) -> None:
    raise Killed


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "MOST", 1)
    monkeypatch.setattr(compaction, "SMALL", LEAST_PART)


def bulky(number: int) -> dict[str, Any]:
    """A submission whose documents do not compress, so that its frame is larger than the least part of an upload."""
    data, source = submission(number, documents=3_600), random.Random(number)
    for document in data["documents"]:
        document["description"] = base64.b64encode(source.randbytes(1_485)).decode()
    return data


def held(store: Store) -> dict[str, list[list[str]]]:
    """The rows of each table, as a reader of CSV sees them."""
    return {name: list(csv.reader(complete(store, name)[1:])) for name in LOOKUP_TABLES}


def act(step: tuple[str, int], store: Store, new_update: NewUpdate, model: Model) -> None:
    """Do one thing to the tables, and the same to the model."""
    kind, number = step
    if kind == "compact":
        for table in LOOKUP_TABLES.values():
            compaction.compact(store, new_update()._bulk, LOOKUP, table)
        return
    data = bulky(number) if kind == "append_much" else submission(number, documents=1 + len(model) % 3)
    known = accession(number) in model
    if kind == "replace" or not known:
        model[accession(number)] = rows(data)
        put(store, data)
    new_update().run([accession(number)], list(LOOKUP_TABLES), force=kind == "replace" and known)


STEPS = st.tuples(
    st.sampled_from(["append", "append", "append", "append_much", "replace", "compact"]), st.integers(1, 5)
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=3, max_size=8))
def test_any_order_of_changes_leaves_the_rows_of_a_dictionary(
    s3: Store, new_update: NewUpdate, steps: list[tuple[str, int]]
) -> None:
    s3.delete([key for key, _ in s3.list("")])
    model: Model = {}
    for step in steps:
        act(step, s3, new_update, model)
        found = held(s3) if model else {}
        for name, lines in found.items():
            assert sorted(lines) == sorted(row for one in model.values() for row in one[name]), step


@pytest.fixture
def grown(s3: Store, new_update: NewUpdate) -> Head:
    """A table of a small frame, a large one, and three small ones that came later."""
    for data in (submission(5), bulky(1), submission(2), submission(3), submission(4)):
        put(s3, data)
        new_update().run([data["accession"]], list(LOOKUP_TABLES))
    head = s3.head(KEY)
    assert head is not None
    return head


def frames(data: bytes) -> int:
    return data.count(b"\x28\xb5\x2f\xfd")  # zstd's magic number; the rest of these objects does not hold it


def test_a_compaction_joins_the_small_frames_and_moves_nothing_else(
    s3: Store, bulk: Bulk, grown: Head, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, sent, end = s3.get(KEY), [], int(grown.metadata["compact-from"])
    assert (frames(before[:end]) > 3, frames(before[end:])) == (True, 3)  # header, a small one, those of the large one
    real = bulk._client.upload_part
    monkeypatch.setattr(bulk._client, "upload_part", lambda **k: sent.append(len(k["Body"])) or real(**k))
    done = compaction.compact(s3, bulk, LOOKUP, DOCUMENTS)
    assert done is not None
    after, head = s3.get(KEY), s3.head(KEY)
    assert head is not None
    assert frames(after[end:]) == 1
    assert after[:end] == before[:end]
    assert sent == [len(after) - end]
    assert len(after) < len(before)
    told = {name: head.metadata[name] for name in ("rows", "sequence", "generation")}
    assert told == {name: grown.metadata[name] for name in told}
    assert compaction.compact(s3, bulk, LOOKUP, DOCUMENTS) is None


def test_a_reader_sees_the_old_object_or_the_new_one(s3: Store, bulk: Bulk, grown: Head) -> None:
    before = s3.get(KEY)
    reading = bulk.chunks(KEY, grown.etag)
    begun = next(reading)
    assert compaction.compact(s3, bulk, LOOKUP, DOCUMENTS) is not None
    assert begun + b"".join(reading) == before
    with pytest.raises(Conflict):
        next(bulk.chunks(KEY, grown.etag, 10, 20))


@pytest.mark.parametrize("call", ["upload_part", "complete_multipart_upload"])
def test_a_crash_leaves_the_old_object_and_no_upload(
    s3: Store, bulk: Bulk, grown: Head, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    aborted, real = [], bulk._client.abort_multipart_upload
    monkeypatch.setattr(bulk._client, call, die)
    monkeypatch.setattr(bulk._client, "abort_multipart_upload", lambda **k: aborted.append(k) or real(**k))
    before = s3.get(KEY)
    with pytest.raises(Killed):
        compaction.compact(s3, bulk, LOOKUP, DOCUMENTS)
    assert len(aborted) == 1
    assert (s3.get(KEY), s3.head(KEY)) == (before, grown)


def test_a_table_that_does_not_hold_what_it_says_is_left_alone(s3: Store, bulk: Bulk, grown: Head) -> None:
    s3.replace(KEY, s3.get(KEY), grown.etag, metadata={**grown.metadata, "rows": "7", "compact-from": "0"})
    before = s3.head(KEY)
    with pytest.raises(CorruptObject, match="says 7 of itself"):
        compaction.compact(s3, bulk, LOOKUP, DOCUMENTS)
    assert s3.head(KEY) == before


@pytest.fixture
def load(s3: Store, bulk: Bulk, settings: Settings, database: Any) -> Iterator[Callable[[], str]]:
    """Loads the documents into MySQL as a container would; returns the way."""
    connection = mysql.connect(mysql.Address.of(settings))
    yield lambda: TableLoad(s3, bulk, connection, LOOKUP, DOCUMENTS).run().way
    connection.close()


def test_mysql_takes_what_came_after_a_compaction_and_not_all_of_it(
    s3: Store, bulk: Bulk, new_update: NewUpdate, grown: Head, load: Callable[[], str], database: Any
) -> None:
    assert load() == "complete"
    assert compaction.compact(s3, bulk, LOOKUP, DOCUMENTS) is not None
    assert load() == "up to date"
    for number in (6, 7):  # two, so that the delta is not all that MySQL lacks
        put(s3, submission(number))
        new_update().run([accession(number)], list(LOOKUP_TABLES))
    assert load() == "tail"
    assert compaction.compact(s3, bulk, LOOKUP, DOCUMENTS) is not None
    put(s3, submission(8))
    new_update().run([accession(8)], list(LOOKUP_TABLES))
    assert load() == "delta"
    database.execute(f"SELECT COUNT(*) FROM {DOCUMENTS.name}")
    assert database.fetchone() == (3_600 + 7 * 2,)


def test_a_compaction_that_dies_before_its_last_word_costs_mysql_a_whole_load_and_no_row(
    s3: Store, bulk: Bulk, new_update: NewUpdate, grown: Head, load: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load() == "complete"
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(bulk, "append", die)
        compaction.compact(s3, bulk, LOOKUP, DOCUMENTS)
    assert load() == "up to date"
    for number in (6, 7):
        put(s3, submission(number))
        new_update().run([accession(number)], list(LOOKUP_TABLES))
    assert load() == "complete"
