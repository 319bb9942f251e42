"""product.yaml, read and checked: what a product is about, where its rows come from and which tables it has.

The format is for people, so what is wrong is told with file, line and what was expected.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from filings.tables import Column, Table

FILE = "product.yaml"
ALL_FORMS = "all"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_TYPE = re.compile(r"(text|code|decimal|longtext|integer|date|timestamp|boolean)(?:\((\d+)(?:, ?(\d+))?\))?")
LONGEST_NAME = 64 - len("_staging")  # of MySQL, with what a staging table adds
_DIGITS, _SCALE = 38, 30  # of an Arrow decimal; of one in MySQL
_KEY_TYPES = {"accession", "code", "integer", "date"}
_RESERVED = {"problem", "rows", "parquet"}


class BadProduct(ValueError):
    """A product.yaml that is not valid: file, line, what was expected."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Owner(_Strict):
    """Who answers for a product."""

    team: str
    slack: str | None = None


class Documents(_Strict):
    """Which documents of a submission `parse` gets; others are not fetched. Several conditions: any of them."""

    main: bool = False
    suffix: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    all: bool = False

    @field_validator("suffix", "type", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    def wants(self, position: int, type: str, filename: str) -> bool:
        """Whether a document is one of them; the first has position 1."""
        return (
            self.all
            or (self.main and position == 1)
            or any(filename.lower().endswith(s.lower()) for s in self.suffix)
            or any(re.fullmatch(t.replace("*", ".*"), type, re.IGNORECASE) for t in self.type)
        )


class Source(_Strict):
    """What `parse` is fed from."""

    archive: Literal["tar", "sgml"] = "tar"
    documents: Documents = Documents(all=True)


class Refresh(_Strict):
    """When a product is made anew."""

    requires: tuple[str, ...] = ("sec.filings.tar",)
    schedule: Literal["business-days", "daily"] = "business-days"
    not_before: str | None = None
    deadline: str | None = None
    on_correction: Literal["rerun", "ignore"] = "rerun"


class ColumnSpec(_Strict):
    """A column as product.yaml has it."""

    type: str
    description: str
    unit: str = ""
    null: bool = True
    min: Decimal | None = None
    max: Decimal | None = None
    values: tuple[str, ...] = ()

    @field_validator("type")
    @classmethod
    def _known(cls, value: str) -> str:
        match = _TYPE.fullmatch(value)
        if match is None:
            raise ValueError(
                f"{value!r} is no type; there are text(N), code(N), longtext, integer, decimal(P,S), date, timestamp "
                "and boolean"
            )
        kind, width, scale = match.groups()
        if kind == "decimal":
            if not (width and scale and int(scale) <= min(int(width), _SCALE) and int(width) <= _DIGITS):
                raise ValueError(
                    f"{value!r} needs digits and scale such as decimal(22,4), with at most {_DIGITS} digits, "
                    f"{_SCALE} of them behind the point"
                )
        elif (kind in ("text", "code")) != bool(width) or scale:
            raise ValueError(f"{value!r}: text and code have a width, such as text(255), the others have none")
        return value

    @field_validator("values", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        if isinstance(value, list) and not all(isinstance(one, str) for one in value):
            raise ValueError("each value must be text: write it in quotes")
        return value

    def column(self, name: str, in_key: bool) -> Column:
        """The column."""
        match = _TYPE.fullmatch(self.type)
        assert match is not None
        kind: Any = match[1]
        nullable = self.null and not in_key
        return Column(
            name,
            kind,
            int(match[2] or 0),
            nullable,
            self.description,
            int(match[3] or 0),
            self.unit,
            self.min,
            self.max,
            frozenset(self.values),
        )


class TableSpec(_Strict):
    """A table as product.yaml has it; its first column, the accession, is not listed."""

    description: str
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    columns: dict[str, ColumnSpec]

    @model_validator(mode="after")
    def _whole(self) -> TableSpec:
        if not self.key or len(set(self.key)) != len(self.key):
            raise ValueError("key must name columns, each once, beginning with the accession")
        known = dict.fromkeys((self.key[0], *self.columns))
        for names in (self.key, *self.indexes):
            if unknown := [name for name in names if name not in known]:
                raise ValueError(f"no column {', '.join(unknown)}; there are {', '.join(known)}")
        if self.key[0] in self.columns:
            raise ValueError(f"the first column of the key, {self.key[0]}, is the accession and not listed in columns")
        for name in self.columns:
            if not _NAME.fullmatch(name):
                raise ValueError(f"a column is named in lower case, with digits and underscores, not {name!r}")
        for name in self.key[1:]:
            kind = self.columns[name].type.partition("(")[0]
            if kind not in _KEY_TYPES:
                raise ValueError(f"key column {name} is {kind}; a key has codes, integers and dates")
        return self


def _forms(value: Any) -> Any:
    return value if value != ALL_FORMS else ()


class Product(_Strict):
    """A data product."""

    name: str
    title: str
    description: str
    owner: Owner
    forms: Annotated[tuple[str, ...], BeforeValidator(_forms)] = Field(
        description="form types; none of them means all (in the file: all)"
    )
    since: date | None = Field(None, description="filing date from which on there is something to parse")
    source: Source = Source()
    refresh: Refresh = Refresh()
    destinations: tuple[Literal["csv", "parquet", "mysql"], ...] = ("csv", "parquet", "mysql")
    question: str = Field("", description="what the sample query answers")
    query: str = Field("", description="a SQL query over the tables, as {table}, for the documentation")
    tables_: dict[str, TableSpec] = Field(alias="tables", min_length=1)

    @model_validator(mode="after")
    def _named(self) -> Product:
        for table in self.tables_:
            if not _NAME.fullmatch(table) or table in _RESERVED:
                raise ValueError(f"a table is named in lower case and not {', '.join(sorted(_RESERVED))}: {table!r}")
            if len(f"{self.name}_{table}") > LONGEST_NAME:
                raise ValueError(f"{self.name}_{table} is longer than {LONGEST_NAME} characters, too long for MySQL")
        return self

    @field_validator("forms", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        if isinstance(value, list) and not all(isinstance(one, str) for one in value):
            raise ValueError('each form must be text: write "4", not 4')
        return value

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Its tables by their short names."""
        return {name: self._table(name, spec) for name, spec in self.tables_.items()}

    def _table(self, name: str, spec: TableSpec) -> Table:
        first, *_ = spec.key
        columns = (
            Column(first, "accession", nullable=False, note="accession number of the submission, dashed"),
            *(column.column(each, each in spec.key) for each, column in spec.columns.items()),
        )
        return Table(f"{self.name}_{name}", columns, spec.key, spec.indexes, spec.description, file=name)


def load(folder: Path) -> Product:
    """The product of a folder.

    Raises:
        BadProduct: naming file, line and what was expected.
    """
    path = folder / FILE
    if not _NAME.fullmatch(folder.name):
        raise BadProduct(f"{folder}: a product's folder is named in lower case, with digits and underscores")
    try:
        text = path.read_text()
        loaded = yaml.load(text, _LOADER)
    except (OSError, UnicodeDecodeError) as error:
        raise BadProduct(f"{path}: {error}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"{path}:{mark.line + 1}" if mark else str(path)
        raise BadProduct(f"{line}: no YAML: {getattr(error, 'problem', None) or error}") from error
    if not isinstance(loaded, dict):
        raise BadProduct(f"{path}:1: expected a mapping with title, description, owner, forms and tables")
    try:
        return Product(name=folder.name, **{key: value for key, value in loaded.items() if key != "name"})
    except (ValidationError, TypeError) as error:
        if isinstance(error, TypeError):
            raise BadProduct(f"{path}: its keys must be words: {error}") from error
        problems = [f"{path}:{_line(text, e['loc'])}: {_place(e['loc'])}: {e['msg']}" for e in error.errors()]
        raise BadProduct("\n".join(problems)) from error


class _UniqueKeys(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML, but a key that stands twice in a mapping is an error and not silently the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} stands twice", key.start_mark)
            seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return {"null" if key is None else key: value for key, value in mapping.items()}  # YAML reads null: as a null


_LOADER = _UniqueKeys


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "the file"


def _line(text: str, location: tuple[int | str, ...]) -> int:
    """The line of what pydantic names, or of the nearest thing around it that is there."""
    node = yaml.compose(text, _LOADER)
    line = 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line
