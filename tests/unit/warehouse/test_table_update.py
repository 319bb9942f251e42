"""Delta, then complete, then the ledger: each row exactly once, whatever happens in between."""

from __future__ import annotations

import collections
import hashlib
import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from warehouse_samples import accession, complete, put, submission

from filings.archive import keys
from filings.archive.ledger import Ledger
from filings.archive.storage import Store
from filings.edgar.accession import dashed
from filings.warehouse import table_update
from filings.warehouse.bulk import LEAST_PART, Bulk
from filings.warehouse.dataset import LOOKUP
from filings.warehouse.lookup_tables import ACCESSION_CIK, DOCUMENTS, LOOKUP_TABLES, SUBMISSION_DETAILS
from filings.warehouse.table_update import TableUpdate

NewUpdate = Callable[..., TableUpdate]
TABLES = list(LOOKUP_TABLES)


class Killed(BaseException):
    """Stands for kill -9: nothing catches it."""


class Fatal:
    """Dies before or after the write number `at`; counts the writes."""

    def __init__(self, at: int, after: bool) -> None:
        self.left, self.after, self.count, self.writing = at, after, 0, False

    def wrap(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if self.writing:  # one write that is made of another
                return write(*args, **kwargs)
            self.count += 1
            self.left -= 1
            if self.left == 0 and not self.after:
                raise Killed
            self.writing = True
            try:
                result = write(*args, **kwargs)
            finally:
                self.writing = False
            if self.left == 0:
                raise Killed
            return result

        return wrapped


def mortal(store: Store, bulk: Bulk, fatal: Fatal) -> tuple[Store, Bulk]:
    """The same bucket, with writes that may be the last thing that happens."""
    new = Store(store._backend, store.scheme, store.bucket)
    for name in ("put", "create", "replace"):
        setattr(new, name, fatal.wrap(getattr(new, name)))
    large = Bulk.__new__(Bulk)
    large.store, large._client = store, bulk._client  # its own writes count as one
    for name in ("append", "write"):
        setattr(large, name, fatal.wrap(getattr(large, name)))
    return new, large


def accessions_in(store: Store, table: str) -> collections.Counter[str]:
    return collections.Counter(one[:20] for one in complete(store, table)[1:])


def listed(store: Store, archive: str) -> list[str]:
    return [dashed(int(n)) for n in Ledger(store, archive).have()]


def in_ledger(store: Store) -> list[str]:
    return listed(store, keys.LOOKUP)


def assert_each_row_once(store: Store, numbers: Iterable[int], documents: int = 2) -> None:
    wanted = sorted(map(accession, numbers))
    assert accessions_in(store, SUBMISSION_DETAILS.name) == dict.fromkeys(wanted, 1)
    assert accessions_in(store, ACCESSION_CIK.name) == dict.fromkeys(wanted, 1)
    assert accessions_in(store, DOCUMENTS.name) == dict.fromkeys(wanted, documents)
    assert in_ledger(store) == wanted
    for table in TABLES:
        head = store.head(keys.lookup_table("complete", table))
        assert head is not None
        assert int(head.metadata["rows"]) == len(complete(store, table)) - 1


def test_new_filings_come_into_delta_complete_and_ledger(s3: Store, new_update: NewUpdate) -> None:
    wanted = put(s3, *map(submission, (3, 1, 2)))
    result = new_update().run(wanted, TABLES)
    assert result.done == [accession(n) for n in (1, 2, 3)]
    assert_each_row_once(s3, (1, 2, 3))
    for table in TABLES:
        assert complete(s3, table)[0] == ",".join(LOOKUP_TABLES[table].names)
        assert complete(s3, table, "delta") == complete(s3, table)


def test_a_second_run_appends_its_delta_alone(s3: Store, new_update: NewUpdate) -> None:
    new_update().run(put(s3, submission(1)), TABLES)
    new_update().run(put(s3, submission(2)), TABLES)
    assert_each_row_once(s3, (1, 2))
    assert [one[:20] for one in complete(s3, SUBMISSION_DETAILS.name, "delta")[1:]] == [accession(2)]


def test_what_is_there_already_is_skipped_and_nothing_is_written(s3: Store, new_update: NewUpdate) -> None:
    wanted = put(s3, submission(1))
    new_update().run(wanted, TABLES)
    before = {key: s3.head(key) for key, _ in s3.list("")}
    result = new_update().run(wanted, TABLES)
    assert (result.done, result.skipped) == ([], wanted)
    assert {key: s3.head(key) for key, _ in s3.list("")} == before


@pytest.mark.parametrize("after", [False, True], ids=["before the write", "after the write"])
def test_a_crash_at_any_write_neither_loses_a_row_nor_doubles_one(
    s3: Store, bulk: Bulk, new_update: NewUpdate, after: bool
) -> None:
    first = put(s3, *map(submission, range(1, 4)))
    new_update().run(first, TABLES)
    total, at = 4, 1
    while True:
        new = put(s3, *(submission(n) for n in range(total, total + 2)))
        fatal = Fatal(at, after)
        try:
            new_update(*mortal(s3, bulk, fatal)).run(new, TABLES)
        except Killed:
            crashed = True
        else:
            crashed = False
        total += 2
        # The next run finds other filings besides.
        more = put(s3, submission(total))
        result = new_update().run([*new, *more], TABLES)
        total += 1
        assert accession(total - 1) in result.done
        assert_each_row_once(s3, range(1, total))
        if not crashed:
            break
        at += 1
    assert at > 8, "plan, three deltas, three appends, ledger and plan: each must have been hit"


def test_a_crash_while_the_ledger_lacks_it_is_mended_even_when_the_next_run_has_nothing_to_do(
    s3: Store, bulk: Bulk, new_update: NewUpdate, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = put(s3, submission(1))
    monkeypatch.setattr(Ledger, "add", lambda *a, **k: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        new_update().run(wanted, TABLES)
    monkeypatch.undo()
    assert in_ledger(s3) == []
    new_update().run([], TABLES)
    assert_each_row_once(s3, (1,))


@pytest.mark.parametrize("later", [False, True], ids=["the same work", "and later work"])
def test_two_containers_at_the_same_work_give_each_row_once(
    s3: Store, new_update: NewUpdate, monkeypatch: pytest.MonkeyPatch, later: bool
) -> None:
    """A twin does all of the work between a container's plan and its first delta; then the first one goes on."""
    wanted = put(s3, submission(1), submission(2))
    late = put(s3, submission(3)) if later else []
    slow = new_update()
    real = slow._append._delta
    twins = [lambda: new_update().run(wanted, TABLES), lambda: new_update().run(late, TABLES)]

    def delta(plan: Any, name: str, made: Any) -> Any:
        for twin in twins:
            twin()
        twins.clear()
        return real(plan, name, made)

    monkeypatch.setattr(slow._append, "_delta", delta)
    slow.run(wanted, TABLES)
    assert_each_row_once(s3, (1, 2, 3) if later else (1, 2))
    in_delta = {one[:20] for one in complete(s3, DOCUMENTS.name, "delta")[1:]}
    assert in_delta == set(late or wanted)


def test_a_filing_without_data_waits_and_the_others_are_done(s3: Store, new_update: NewUpdate) -> None:
    put(s3, submission(1), submission(3))
    result = new_update().run([accession(n) for n in (1, 2, 3)], TABLES)
    assert result.done == [accession(1), accession(3)]
    assert "update_sec_filings_data_s3" in result.waiting[accession(2)]
    put(s3, submission(2))
    assert new_update().run([accession(2)], TABLES).done == [accession(2)]
    assert_each_row_once(s3, (1, 2, 3))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no zstd", "corrupt"),
        (None, "no data of a submission"),
        ({"accession": accession(9)}, f"it tells of {accession(9)}"),
    ],
)
def test_data_that_cannot_be_taken_fails_alone_with_a_quarantine_record(
    s3: Store, new_update: NewUpdate, content: Any, reason: str
) -> None:
    put(s3, submission(1))
    key = keys.object_key(keys.DATA, accession(2))
    if isinstance(content, dict):
        put(s3, {**submission(2), **content})
        s3.put(key, s3.get(keys.object_key(keys.DATA, content.get("accession", accession(2)))))
    elif content is None:
        s3.put_zst(key, b"[]")
    else:
        s3.put(key, content)
    result = new_update().run([accession(1), accession(2)], TABLES)
    assert result.done == [accession(1)]
    assert list(result.failed) == [accession(2)]
    assert re.search(reason, result.failed[accession(2)])
    assert s3.head(keys.quarantine(keys.LOOKUP, accession(2))) is not None
    assert_each_row_once(s3, (1,))
    Ledger(s3, keys.DATA).add([accession(1), accession(2)])
    Ledger(s3, keys.DATA).fold()
    assert listed(s3, keys.DATA) == [accession(1)], "so it is missing in data/ and made anew"


def test_data_that_its_ledger_has_and_the_bucket_has_not_is_made_anew(s3: Store, new_update: NewUpdate) -> None:
    Ledger(s3, keys.DATA).add([accession(1)])
    result = new_update().run([accession(1), accession(2)], TABLES)
    assert list(result.waiting) == [accession(1), accession(2)]
    assert set(Ledger(s3, keys.DATA).part("test", "lookup-0").withdrawn) == {accession(1)}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"filing_date": "soon"}, "filing_date is 'soon', but it must be a date"),
        ({"documents": [{"bytes": 1}]}, "position.*must not be empty"),
        ({"form": "x" * 41}, "longer than 40"),
    ],
)
def test_what_no_retry_can_cure_is_unavailable_until_it_is_forced(
    s3: Store, new_update: NewUpdate, content: Any, reason: str
) -> None:
    wanted = put(s3, submission(1), {**submission(2), **content})
    result = new_update().run(wanted, TABLES)
    assert (result.done, result.failed, list(result.unavailable)) == ([accession(1)], {}, [accession(2)])
    assert s3.head(keys.quarantine(keys.LOOKUP, accession(2))) is not None
    ledger = Ledger(s3, keys.LOOKUP)
    ledger.fold()
    assert re.search(f"unusable: .*{reason}", ledger.unavailable()[accession(2)][1])
    assert_each_row_once(s3, (1,))
    assert new_update().run(put(s3, submission(2)), TABLES, force=True).done == [accession(2)]
    assert ledger.unavailable() == {}
    assert_each_row_once(s3, (1, 2))


def test_an_open_append_whose_data_broke_goes_on_without_it(s3: Store, bulk: Bulk, new_update: NewUpdate) -> None:
    new_update().run(put(s3, submission(1)), TABLES)
    for at, number in enumerate(range(2, 12, 2), 1):
        wanted = put(s3, submission(number), submission(number + 1))
        with pytest.raises(Killed):
            new_update(*mortal(s3, bulk, Fatal(at, after=True))).run(wanted, TABLES)
        s3.put(keys.object_key(keys.DATA, wanted[0]), b"broken")
        update = new_update()
        update.finish_open_plan()
        assert wanted[1] in listed(s3, keys.LOOKUP)
        put(s3, submission(number))
        new_update().run(wanted, TABLES)
        assert_each_row_once(s3, range(1, number + 2))


def test_a_filing_made_again_replaces_its_own_rows_and_no_others(s3: Store, new_update: NewUpdate) -> None:
    new_update().run(put(s3, *(submission(n) for n in (1, 2, 3))), TABLES)
    others = [one for one in complete(s3, DOCUMENTS.name) if not one.startswith(accession(2))]
    changed = put(s3, submission(2, documents=1, form="8-K/A"))
    result = new_update().run(changed, TABLES, force=True)
    assert result.done == changed
    lines = complete(s3, DOCUMENTS.name)
    assert [one for one in lines if not one.startswith(accession(2))] == others
    assert [one.split(",")[2] for one in lines if one.startswith(accession(2))] == ["8-K/A"]
    assert in_ledger(s3) == [accession(n) for n in (1, 2, 3)]


def test_rounds_bound_what_one_delta_holds(s3: Store, new_update: NewUpdate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_update, "ROUND", 2)
    new_update().run(put(s3, *map(submission, range(1, 6))), TABLES)
    assert_each_row_once(s3, range(1, 6))
    assert [one[:20] for one in complete(s3, SUBMISSION_DETAILS.name, "delta")[1:]] == [accession(5)]


def test_an_update_that_is_told_to_stop_writes_nothing_half(s3: Store, new_update: NewUpdate) -> None:
    update = new_update()
    update.stopping = True
    assert update.run(put(s3, submission(1)), TABLES).done == []
    assert s3.head(LOOKUP.plan_key) is None
    new_update().run([accession(1)], TABLES)
    assert_each_row_once(s3, (1,))


def test_tables_updated_one_by_one_end_as_if_together(s3: Store, new_update: NewUpdate) -> None:
    wanted = put(s3, *map(submission, (1, 2)))
    new_update().run(wanted, [DOCUMENTS.name])
    assert in_ledger(s3) == []
    assert accessions_in(s3, DOCUMENTS.name) == dict.fromkeys(wanted, 2)
    new_update().run([*wanted, *put(s3, submission(3))], [SUBMISSION_DETAILS.name])
    new_update().run(wanted, [DOCUMENTS.name])
    new_update().run([accession(1)], [ACCESSION_CIK.name])
    assert in_ledger(s3) == [accession(1)]
    new_update().run([accession(n) for n in (1, 2, 3)], TABLES)
    assert_each_row_once(s3, (1, 2, 3))


def test_rows_that_a_table_has_lost_are_found_and_brought_back(s3: Store, new_update: NewUpdate) -> None:
    wanted = put(s3, *map(submission, (1, 2)))
    new_update().run(wanted, TABLES)
    s3.delete([keys.lookup_table("complete", DOCUMENTS.name)])
    update = new_update()
    assert [dashed(n) for n in update.lacking(DOCUMENTS.name).tolist()] == wanted
    update.run(wanted, [DOCUMENTS.name], lost=True)
    assert not len(update.lacking(DOCUMENTS.name))
    assert_each_row_once(s3, (1, 2))


def test_an_append_keeps_the_bytes_of_a_large_table(s3: Store, new_update: NewUpdate) -> None:
    large = submission(1, documents=100_000)
    for document in large["documents"]:
        document["sha256"] = hashlib.sha256(document["sha256"].encode()).hexdigest()
    new_update().run(put(s3, large), TABLES)
    key = keys.lookup_table("complete", DOCUMENTS.name)
    held = s3.get(key)
    assert len(held) > LEAST_PART
    new_update().run(put(s3, submission(2)), TABLES)
    assert s3.get(key).startswith(held)
    assert len(complete(s3, DOCUMENTS.name)) == 100_003
