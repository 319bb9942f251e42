from __future__ import annotations

import json

import numpy as np
import orjson
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from filings.archive import keys, missing
from filings.archive.compression import CorruptObject
from filings.archive.storage import NotFound, Store
from filings.edgar.accession import dashed
from small_pieces import pieces_of

_MISSING = st.dictionaries(st.integers(0, 10**18 - 1), st.integers(0, 10**10 - 1), max_size=40)


@trials(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_MISSING, st.sampled_from([11, 90, 1 << 20]))
def test_any_json_reader_reads_the_list_and_so_do_we(s3: Store, lacking: dict[int, int], size: int) -> None:
    numbers = np.array(sorted(lacking), np.uint64)
    ciks = np.array([lacking[n] for n in numbers.tolist()], np.int64)
    counts = {"missing": len(lacking), "reasons": {'a "missing":{\n': 1}}
    missing.write(s3, keys.SGML, counts, numbers, ciks)
    text = s3.get_zst(keys.missing(keys.SGML))
    content = {"archive": keys.SGML, "counts": counts, "missing": {dashed(n): cik for n, cik in lacking.items()}}
    assert json.loads(text) == orjson.loads(text) == content
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(missing, "pieces", pieces_of(size))
        assert missing.read(s3, keys.SGML).tolist() == sorted(lacking)


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_written_by_others_is_read(s3: Store, indent: int | None) -> None:
    content = {"missing": {dashed(n): 320193 for n in (9, 8)}, "counts": {}}
    s3.put_zst(keys.missing(keys.SGML), json.dumps(content, indent=indent).encode())
    assert missing.read(s3, keys.SGML).tolist() == [8, 9]


@pytest.mark.parametrize(
    "text", [b"{}", b"[]", b'{"missing": {"x": 1}}', b'{"missing":{\n"0000320193-25-000073": 1,}}']
)
def test_a_broken_list_is_an_error_that_names_it(s3: Store, text: bytes) -> None:
    with pytest.raises(NotFound):
        missing.read(s3, keys.SGML)
    s3.put_zst(keys.missing(keys.SGML), text)
    with pytest.raises(CorruptObject, match=rf"{keys.missing(keys.SGML)}.*update_missing_s3"):
        missing.read(s3, keys.SGML)


def test_a_damaged_entry_of_the_usual_form_is_not_passed_over(s3: Store) -> None:
    numbers = np.arange(100, dtype=np.uint64)
    missing.write(s3, keys.SGML, {}, numbers, numbers.astype(np.int64))
    text = s3.get_zst(keys.missing(keys.SGML))
    s3.put_zst(keys.missing(keys.SGML), text.replace(dashed(50).encode(), b"0000320193-25-0000O3"))
    with pytest.raises(CorruptObject, match="0000320193-25-0000O3"):
        missing.read(s3, keys.SGML)
    s3.put_zst(keys.missing(keys.SGML), text.replace(f'{dashed(50)}":'.encode(), f'{dashed(50)}";'.encode()))
    with pytest.raises(CorruptObject, match="update_missing_s3"):
        missing.read(s3, keys.SGML)


def test_the_same_list_is_not_written_again(s3: Store) -> None:
    numbers = np.arange(5, dtype=np.uint64)
    assert missing.write(s3, keys.SGML, {"missing": 5}, numbers, numbers)
    assert not missing.write(s3, keys.SGML, {"missing": 5}, numbers, numbers)
    assert missing.write(s3, keys.SGML, {"missing": 4}, numbers[1:], numbers[1:])
