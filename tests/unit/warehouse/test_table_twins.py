"""Two containers at the same work: what one has appended while the other was reading is not appended again."""

from __future__ import annotations

import asyncio
import collections
from collections.abc import Callable
from typing import Any

import pytest
from warehouse_samples import complete, put, submission

from filings.archive.storage import Conflict, Store
from filings.warehouse.lookup_tables import LOOKUP_TABLES, SUBMISSION_DETAILS
from filings.warehouse.table_update import TableUpdate

NewUpdate = Callable[..., TableUpdate]
TABLES = list(LOOKUP_TABLES)


def overtake(slow: TableUpdate, quick: Callable[[], Any]) -> None:
    """Let `quick` do all of its work between the slow one's reading and its writing, once."""
    read, turns = slow._reader.rows, iter([quick])

    async def rows(*args: Any, **kwargs: Any) -> Any:
        found = await read(*args, **kwargs)
        if turn := next(turns, None):
            await asyncio.to_thread(turn)
        return found

    slow._reader.rows = rows  # type: ignore[method-assign]


def held(store: Store) -> collections.Counter[str]:
    return collections.Counter(one[:20] for one in complete(store, SUBMISSION_DETAILS.name)[1:])


@pytest.mark.parametrize("before", [0, 2], ids=["at the first start", "later"])
def test_a_twin_that_appends_the_same_meanwhile(s3: Store, new_update: NewUpdate, before: int) -> None:
    if before:
        new_update().run(put(s3, *map(submission, range(1, before + 1))), TABLES)
    wanted = put(s3, *map(submission, range(10, 14)))
    slow, quick = new_update(), new_update()
    overtake(slow, lambda: quick.run(wanted, TABLES))
    result = slow.run(wanted, TABLES)
    assert set(held(s3).values()) == {1}
    assert sum(held(s3).values()) == before + 4
    assert (list(result.done), list(result.skipped)) == ([], wanted)


def test_another_that_appends_some_of_it_and_some_other(s3: Store, new_update: NewUpdate) -> None:
    wanted = put(s3, *map(submission, range(1, 6)))
    slow, quick = new_update(), new_update()
    overtake(slow, lambda: quick.run(wanted[:2] + put(s3, submission(9)), TABLES))
    result = slow.run(wanted, TABLES)
    assert set(held(s3).values()) == {1}
    assert len(held(s3)) == 6
    assert list(result.done) == wanted[2:]


def test_what_a_table_has_lost_is_not_brought_back_twice(s3: Store, new_update: NewUpdate) -> None:
    wanted = put(s3, *map(submission, range(1, 4)))
    slow, quick = new_update(), new_update()
    overtake(slow, lambda: quick.run(wanted, TABLES))
    with pytest.raises(Conflict):
        slow.run(wanted, TABLES, lost=True)
    assert set(held(s3).values()) == {1}
