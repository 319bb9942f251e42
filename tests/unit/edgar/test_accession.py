from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.edgar.accession import InvalidAccession, dashed, is_accession, to_int


@given(st.integers(0, 10**18 - 1))
def test_every_number_comes_back_from_its_dashed_form(number: int) -> None:
    text = dashed(number)
    assert is_accession(text)
    assert to_int(text) == number == to_int(text.replace("-", ""))


@pytest.mark.parametrize("text", ["", "0000320193-25-00007", "0000320193-25-000073 ", "٠000320193-25-000073", "a" * 18])
def test_what_is_no_accession_is_refused_by_name(text: str) -> None:
    assert not is_accession(text)
    with pytest.raises(InvalidAccession, match="accession number"):
        to_int(text)


@pytest.mark.parametrize("number", [-1, 10**18])
def test_numbers_out_of_range_are_refused(number: int) -> None:
    with pytest.raises(InvalidAccession):
        dashed(number)
