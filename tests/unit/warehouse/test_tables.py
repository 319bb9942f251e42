"""Table specifications and the checks that follow from them."""

from __future__ import annotations

import pytest
from warehouse_samples import submission

from filings.tables import BadRow, Column, Table
from filings.warehouse import lookup_rows
from filings.warehouse.lookup_tables import DOCUMENTS, LOOKUP_TABLES, SUBMISSION_DETAILS
from filings.warehouse.mysql import create_table


@pytest.mark.parametrize("table", LOOKUP_TABLES.values(), ids=lambda table: table.name)
def test_every_table_begins_with_the_accession_and_has_its_key_among_non_null_columns(table: Table) -> None:
    by_name = {column.name: column for column in table.columns}
    assert table.columns[0].name == table.key[0] == "accession"
    assert all(not by_name[name].nullable for name in table.key)
    assert all(name in by_name for index in table.indexes for name in index)


@pytest.mark.parametrize("table", LOOKUP_TABLES.values(), ids=lambda table: table.name)
def test_ddl_names_every_column(table: Table) -> None:
    ddl = create_table(table)
    assert all(f"`{name}` " in ddl for name in table.names)


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("accession", "0000000001-25-1", "must be an accession number"),
        ("filing_date", "2025-13-01", "must be a date that the calendar has"),
        ("acceptance_datetime", "2025-03-04T25:00:00", "must be a moment that the calendar has"),
        ("document_count", "2.0", "must be an integer"),
        ("document_count", -1, "must be an integer"),
        ("document_count", None, "must not be empty"),
        ("items", "x" * 1001, "must not be longer"),
        ("source", "ö", "must be ASCII"),
        ("truncated", "perhaps", "must be true or false"),
    ],
)
def test_a_value_that_its_column_does_not_take_is_named_with_its_rule(column: str, value: object, rule: str) -> None:
    good = lookup_rows._submission(submission(1))[0]
    SUBMISSION_DETAILS.row(good)
    with pytest.raises(BadRow, match=rf"{column}.*{rule}"):
        SUBMISSION_DETAILS.row({**good, column: value})


def test_line_breaks_and_control_characters_in_a_text_become_blanks() -> None:
    table = Table("t", (Column("accession", "text", 20), Column("name", "text", 40)), ("accession",))
    assert table.row({"accession": "a", "name": "one\r\ntwo\x00three"})[1] == "one two three"


def test_times_are_written_with_a_blank_as_mysql_writes_them() -> None:
    row = SUBMISSION_DETAILS.row(lookup_rows._submission(submission(1))[0])
    assert row[SUBMISSION_DETAILS.names.index("acceptance_datetime")] == "2025-03-04 16:05:09"


def test_documents_keep_their_place_in_the_tar() -> None:
    row = dict(zip(DOCUMENTS.names, lookup_rows.rows(submission(1))[DOCUMENTS.name][1], strict=True))
    assert (row["position"], row["start_byte"], row["end_byte"]) == ("2", "2048", "2150")
