"""Lists and tables that got lost: noticed, and made anew without a row lost or doubled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from test_table_update import Fatal, Killed, assert_each_row_once, in_ledger, listed, mortal
from warehouse_samples import accession, put, submission

from filings import __main__ as entry
from filings.archive import inventory, keys
from filings.archive.compression import CorruptObject
from filings.archive.ledger import HAVE_LISTS, Ledger
from filings.archive.storage import Store
from filings.settings import Settings, get_settings
from filings.warehouse import mysql, table_ledger
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import LOOKUP
from filings.warehouse.lookup_tables import ACCESSION_CIK, DOCUMENTS, LOOKUP_TABLES, SUBMISSION_DETAILS
from filings.warehouse.mysql_load import TableLoad
from filings.warehouse.table_update import TableUpdate

NewUpdate = Callable[..., TableUpdate]
TABLES = list(LOOKUP_TABLES)


@pytest.fixture
def load(s3: Store, bulk: Bulk, settings: Settings, database: Any) -> Callable[[], dict[str, int]]:
    """Bring MySQL up to date; rows by table."""

    def run() -> dict[str, int]:
        connection = mysql.connect(mysql.Address.of(settings))
        try:
            return {
                name: TableLoad(s3, bulk, connection, LOOKUP, table).run().rows for name, table in LOOKUP_TABLES.items()
            }
        finally:
            connection.close()

    return run


@pytest.fixture
def combine(s3: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """The weekly task, of which the object archives are no concern here."""
    monkeypatch.setattr(inventory, "combine", lambda *_: {})

    def run() -> int:
        get_settings.cache_clear()
        try:
            return entry.main(["combine_txt_batches_s3", "--store", "s3", "--run-id", "r"])
        finally:
            get_settings.cache_clear()

    return run


def delete_lists(store: Store, archive: str = keys.LOOKUP) -> None:
    store.delete([keys.have_list(kind, archive) for kind in HAVE_LISTS])


def everything(store: Store) -> dict[str, Any]:
    return {key: store.head(key) for key, _ in store.list("") if "/runs/" not in key}


@pytest.mark.parametrize(
    "deleted",
    [[DOCUMENTS.name], [SUBMISSION_DETAILS.name], [ACCESSION_CIK.name], TABLES],
    ids=lambda d: f"{len(d)} {d[0]}",
)
def test_a_table_that_was_deleted_is_whole_again_after_the_next_append(
    s3: Store, load: Any, new_update: NewUpdate, deleted: list[str]
) -> None:
    new_update().run(put(s3, *map(submission, (1, 2, 3))), TABLES)
    load()
    s3.delete([keys.lookup_table("complete", name) for name in deleted])
    new_update().run(put(s3, submission(4)), TABLES)
    assert_each_row_once(s3, (1, 2, 3, 4))
    assert load() == {ACCESSION_CIK.name: 4, SUBMISSION_DETAILS.name: 4, DOCUMENTS.name: 8}


@pytest.mark.parametrize("after", [False, True], ids=["before the write", "after the write"])
def test_a_crash_while_a_deleted_table_is_made_anew_loses_nothing(
    s3: Store, bulk: Bulk, new_update: NewUpdate, after: bool
) -> None:
    wanted = put(s3, *map(submission, (1, 2, 3)))
    for at in range(1, 30):
        new_update().run(wanted, TABLES)
        s3.delete([keys.lookup_table("complete", DOCUMENTS.name)])
        try:
            new_update(*mortal(s3, bulk, Fatal(at, after))).run([], TABLES)
        except Killed:
            new_update().run(wanted, TABLES)  # what the ledger lacks is planned again
            assert_each_row_once(s3, (1, 2, 3))
        else:
            break
    assert at > 5
    assert_each_row_once(s3, (1, 2, 3))


def test_a_table_whose_data_is_gone_too_leaves_its_filings_missing(s3: Store, new_update: NewUpdate) -> None:
    wanted = put(s3, *map(submission, (1, 2)))
    new_update().run(wanted, TABLES)
    s3.delete([keys.lookup_table("complete", DOCUMENTS.name), keys.object_key(keys.DATA, accession(1))])
    assert list(new_update().run([], TABLES).waiting) == [accession(1)]
    assert in_ledger(s3) == [accession(2)]
    put(s3, submission(1))
    new_update().run([accession(1)], TABLES)
    assert_each_row_once(s3, (1, 2))


@pytest.mark.parametrize("left", [False, True], ids=["all lists", "the inventory list"])
def test_an_append_after_the_ledger_was_deleted_doubles_nothing(
    s3: Store, load: Any, new_update: NewUpdate, combine: Any, left: bool
) -> None:
    new_update().run(put(s3, *map(submission, (1, 2))), TABLES)
    assert combine() == 0
    new_update().run(put(s3, submission(3)), TABLES)
    s3.delete([keys.have_list("inventory", keys.LOOKUP)])
    if not left:
        delete_lists(s3)
    new_update().run([accession(n) for n in (1, 2, 3)] + put(s3, submission(4)), TABLES)
    assert_each_row_once(s3, (1, 2, 3, 4))
    assert load()[SUBMISSION_DETAILS.name] == 4


def test_the_list_of_a_table_alone_comes_back_as_well(s3: Store, new_update: NewUpdate) -> None:
    wanted = put(s3, *map(submission, (1, 2)))
    new_update().run(wanted, [DOCUMENTS.name])
    delete_lists(s3, DOCUMENTS.name)
    new_update().run(wanted, TABLES)
    assert_each_row_once(s3, (1, 2))


def test_the_weekly_task_folds_the_ledger_and_writes_nothing_when_nothing_changed(
    s3: Store, new_update: NewUpdate, combine: Any
) -> None:
    empty = {**submission(3, documents=0), "filers": []}
    new_update().run(put(s3, submission(1), submission(2), empty), TABLES)
    new_update().run(put(s3, submission(4)), [DOCUMENTS.name])
    assert s3.head(keys.have_list("inventory", keys.LOOKUP)) is None, "an append costs the delta alone"
    assert combine() == 0
    assert s3.get_zst(keys.have_list("inventory", keys.LOOKUP)).decode().split() == [accession(n) for n in (1, 2, 3)]
    assert s3.get_zst(keys.have_list("daily", keys.LOOKUP)) == b""
    assert listed(s3, DOCUMENTS.name) == [accession(4)]
    before = everything(s3)
    assert combine() == 0
    assert everything(s3) == before


def test_the_weekly_task_replaces_a_broken_list_and_is_content_with_empty_buckets(
    s3: Store, new_update: NewUpdate, combine: Any
) -> None:
    assert combine() == 0
    new_update().run(put(s3, submission(1)), TABLES)
    s3.put(keys.have_list("daily", keys.LOOKUP), b"broken")
    assert combine() == 0
    assert_each_row_once(s3, (1,))


def test_the_weekly_task_cures_rows_that_were_doubled_before(
    s3: Store, load: Any, new_update: NewUpdate, combine: Any
) -> None:
    wanted = put(s3, *map(submission, (1, 2, 3)))
    new_update().run(wanted, TABLES)
    update = new_update()
    update.run(wanted[:2], TABLES, lost=True)
    new_update().run(wanted[2:], [DOCUMENTS.name], lost=True)
    with pytest.raises(Exception, match="Duplicate entry"):
        load()
    assert combine() == 0
    assert_each_row_once(s3, (1, 2, 3))
    assert load()[DOCUMENTS.name] == 6


@pytest.mark.parametrize("name", TABLES)
def test_a_table_put_there_by_hand_without_its_numbers_is_counted(
    s3: Store, load: Any, new_update: NewUpdate, name: str
) -> None:
    new_update().run(put(s3, submission(1), submission(2)), TABLES)
    load()
    key = keys.lookup_table("complete", name)
    s3.put(key, s3.get(key))
    with pytest.raises(CorruptObject, match=f"complete_{name}.*run update_sec_filings_lookup_s3"):
        load()
    new_update().run(put(s3, submission(3)), TABLES)
    assert_each_row_once(s3, (1, 2, 3))
    assert load()[name] == (6 if name == DOCUMENTS.name else 3)


@pytest.mark.parametrize("at", range(1, 9))
def test_a_table_put_there_by_hand_amid_an_append_gets_each_row_once(
    s3: Store, bulk: Bulk, new_update: NewUpdate, at: int
) -> None:
    new_update().run(put(s3, submission(1)), TABLES)
    wanted = put(s3, submission(2))
    with pytest.raises(Killed):
        new_update(*mortal(s3, bulk, Fatal(at, after=True))).run(wanted, TABLES)
    for name in TABLES:
        key = keys.lookup_table("complete", name)
        s3.put(key, s3.get(key))
    new_update().run(wanted, TABLES)
    assert_each_row_once(s3, (1, 2))


def test_a_line_that_begins_with_no_accession_number_names_the_table(
    s3: Store, bulk: Bulk, new_update: NewUpdate
) -> None:
    new_update().run(put(s3, submission(1)), TABLES)
    key = keys.lookup_table("complete", DOCUMENTS.name)
    s3.put_zst(key, s3.get_zst(key) + b"0000000001x25-000002,1\n")
    with pytest.raises(CorruptObject, match=r"complete_sec_documents_table.*begins with no accession"):
        table_ledger.rebuild(s3, bulk, LOOKUP)


def test_an_append_while_the_ledger_is_made_anew_is_in_it(
    s3: Store, bulk: Bulk, new_update: NewUpdate, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_update().run(put(s3, submission(1)), TABLES)
    late = put(s3, submission(2))
    real = Ledger.replace

    def replace(self: Ledger, kind: str, numbers: np.ndarray) -> None:
        if late:
            new_update().run([late.pop()], TABLES)
        real(self, kind, numbers)

    monkeypatch.setattr(Ledger, "replace", replace)
    assert table_ledger.rebuild(s3, bulk, LOOKUP).filings == 2
    assert_each_row_once(s3, (1, 2))
