"""How a container's process begins and ends, and the rows of local files on the command line."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

import filings
from filings.__main__ import task_names
from filings.products import registry
from pipeline.steps import small_filing


def test_a_process_ends_with_its_exit_code_and_all_its_lines_whatever_its_threads_are_at() -> None:
    script = (
        "import threading, time\n"
        "from filings.__main__ import _end\n"
        "threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "print('the last line')\n"
        "_end(143)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(filings.__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
        timeout=30,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (143, "the last line\n")


def container(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of the entry point."""
    return subprocess.run(
        [sys.executable, "-m", "filings", *arguments],
        cwd=Path(filings.__file__).parents[1],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def products(tmp_path: Path) -> dict[str, str]:
    """A product of the test's own, in the environment."""
    folder = tmp_path / "small_things"
    folder.mkdir()
    (folder / "product.yaml").write_text(
        "title: Small things\n"
        "description: What is 100% small in any filing.\n"
        "owner: {team: test}\n"
        'forms: ["8-K"]\n'
        "source: {documents: {suffix: .xml}}\n"
        "tables:\n"
        "  things:\n"
        "    description: A row a document.\n"
        "    key: [accession, place]\n"
        "    columns:\n"
        "      place: {type: integer, description: Its place.}\n"
        "      file: {type: text(100), description: Its name.}\n"
        "      share: {type: 'decimal(20,10)', description: A share.}\n"
    )
    (folder / "parse.py").write_text(
        "from filings.products import problem\n"
        "def parse(submission):\n"
        "    for place, document in enumerate(submission.documents, 1):\n"
        "        if b'broken' in bytes(document.content):\n"
        "            raise ZeroDivisionError('a bug')\n"
        "        yield 'things', {'place': place, 'file': document.filename, 'share': '0.1000000001'}\n"
        "        yield problem(document.filename, 'x', 'it must be y')\n"
    )
    return {"FILINGS_PRODUCTS": orjson.dumps([str(tmp_path)]).decode(), "COLUMNS": "200"}


def test_every_product_has_its_tasks_with_its_own_words(products: dict[str, str]) -> None:
    listed = container("--help", **products).stdout
    for ending in ("rows_s3", "s3", "mysql"):
        name = f"update_sec_filings_small_things_{ending}"
        assert name in listed
        told = container(name, "--help", **products)
        assert told.returncode == 0
        assert "Small things: What is 100% small in any filing." in told.stdout
        assert "--run-id" in told.stdout
    for name in registry.names():
        assert f"update_sec_filings_{name}_rows_s3" in listed
    assert all(name in listed for name in task_names())


def test_a_container_imports_no_more_than_its_task_needs(products: dict[str, str]) -> None:
    script = (
        "import sys\n"
        "from filings.__main__ import _parser\n"
        "_parser(sys.argv[1])\n"
        "print(*[m for m in sys.modules if m.startswith('filings.tasks.') or m.split('.')[0] in ('pyarrow', 'lxml')])\n"
    )

    def imported(task: str) -> set[str]:
        ended = subprocess.run(
            [sys.executable, "-c", script, task],
            cwd=Path(filings.__file__).parents[1],
            env=os.environ | products,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=60,
        )
        return {module for module in ended.stdout.split() if not module.startswith("filings.tasks._")}

    assert {m for m in imported("update_sec_filings_tar_r2") if "tasks" in m} == {
        "filings.tasks.update_sec_filings_tar_r2"
    }
    assert {m for m in imported("update_sec_filings_small_things_rows_s3") if "tasks" in m or "lxml" in m} == set()


def test_a_broken_product_is_told_by_its_line_and_stops_no_other_task(products: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "small_things" / "product.yaml").write_text("title: Small\nforms: 8\n")
    told = container("update_sec_filings_small_things_s3", **products)
    assert told.returncode == 2
    assert f"{tmp_path}/small_things/product.yaml:2: forms" in told.stdout
    assert container("update_sec_filings_tar_r2", "--help", **products).returncode == 0


def test_an_unknown_task_is_wrong_usage() -> None:
    told = container("update_sec_filings_nothing_s3")
    assert told.returncode == 2
    assert "invalid choice: 'update_sec_filings_nothing_s3'" in told.stderr


def test_rows_of_local_files_are_printed_as_json_lines(products: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "0000000007-26-000001.txt.gz"
    path.write_bytes(gzip.compress(small_filing(1)))
    loose = tmp_path / "alone.html"
    loose.write_bytes(b"<html></html>")
    told = container("product", "small_things", str(path), str(loose), **products)
    assert told.returncode == 0
    lines = told.stdout.splitlines()
    # Only what product.yaml asks for, and a document that lies alone whatever it is.
    first, second = (orjson.loads(line)["row"] for line in lines)
    assert first == {"accession": "0000000007-26-000001", "place": 1, "file": "b.xml", "share": 0.1000000001}
    assert (second["accession"], second["file"]) == ("0000000000-00-000000", "alone.html")
    assert '"share":0.1000000001' in lines[0]
    assert f"{path}: 0000000007-26-000001: b.xml is 'x', but it must be y" in told.stderr


def test_a_submission_that_has_lost_its_header_gives_its_rows(products: dict[str, str], tmp_path: Path) -> None:
    body = small_filing(1)
    for name in ("part.txt", "0000000007-26-000009.txt"):
        (tmp_path / name).write_bytes(body[body.index(b"<DOCUMENT>") :])
        told = container("product", "small_things", str(tmp_path / name), **products)
        expected = name.removesuffix(".txt") if name[0] == "0" else "0000000000-00-000000"
        assert [orjson.loads(line)["row"]["accession"] for line in told.stdout.splitlines()] == [expected]


def test_a_file_that_gives_no_row_costs_the_others_nothing(products: dict[str, str], tmp_path: Path) -> None:
    files = {"bug.xml": b"<a>broken</a>", "empty.txt": b"", "whole.xml": b"<a/>"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    paths = [str(tmp_path / name) for name in ("gone.xml", *files)]
    told = container("product", "small_things", *paths, **products)
    assert told.returncode == 1
    assert [orjson.loads(line)["row"]["file"] for line in told.stdout.splitlines()] == ["whole.xml"]
    assert "ZeroDivisionError: a bug" in told.stderr
    assert "small_things/parse.py" in told.stderr
    for path in paths[:3]:
        assert f"{path}: " in told.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("product",), 2, "the following arguments are required: NAME, FILE"),
        (("product", "small_things"), 2, "the following arguments are required: FILE"),
        (("product", "no_such", "x"), 2, "no product no_such; there are "),
        (("product", "small_things", "x", "--accession", "1"), 2, "1 is no accession number"),
        (("product", "--nonsense", "a", "b"), 2, "unrecognized arguments: --nonsense"),
    ],
)
def test_wrong_usage_is_told_on_standard_error(
    products: dict[str, str], arguments: tuple[str, ...], code: int, said: str
) -> None:
    told = container(*arguments, **products)
    assert (told.returncode, told.stdout) == (code, "")
    assert said in told.stderr


def test_the_list_of_products_goes_on_after_a_broken_one(products: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "worse").mkdir()
    (tmp_path / "worse" / "product.yaml").write_text("title: [")
    told = container("product", "--list", **products)
    assert told.returncode == 1
    assert "small_things             Small things" in told.stdout.splitlines()
    assert f"{tmp_path}/worse/product.yaml:2: no YAML" in told.stderr


def test_a_reader_that_has_enough_is_no_trouble(products: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "one.xml").write_bytes(b"<a/>")
    command = [sys.executable, "-m", "filings", "product", "small_things", *[str(tmp_path / "one.xml")] * 3000]
    folder = Path(filings.__file__).parents[1]
    with subprocess.Popen(
        command, cwd=folder, env=os.environ | products, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read().decode()
    assert "Traceback" not in errors
    assert process.returncode == 1
