"""The SEC's limits, the counts, and faults on order."""

from __future__ import annotations

import gzip
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from sandbox.edgar.limits import Gate

INDEX = "full-index/2026/QTR1/master.idx"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_more_than_the_limit_in_any_second_is_429_and_then_blocked():
    clock = Clock()
    gate = Gate(10, 600.0, clock)
    for _ in range(10):
        assert gate.enter("a@b.org", "other") is None
        clock.now += 0.09
    assert gate.enter("a@b.org", "other") == 429
    clock.now += 1.0
    assert gate.enter("a@b.org", "other") == 403
    assert gate.report()["blocked"] == 2


def test_exactly_the_limit_is_allowed_for_ever():
    clock = Clock()
    gate = Gate(10, 600.0, clock)
    for _ in range(100):
        assert gate.enter("a@b.org", "other") is None
        clock.now += 0.1001
    assert gate.report()["max_in_one_second"] == 10


def test_a_block_ends_after_its_time_and_grows_if_one_asks_on():
    clock = Clock()
    gate = Gate(1, 600.0, clock)
    assert [gate.enter("a@b.org", "other") for _ in range(2)] == [None, 429]
    clock.now += 599
    assert gate.enter("a@b.org", "other") == 403
    clock.now += 599
    assert gate.enter("a@b.org", "other") == 403
    clock.now += 601
    assert gate.enter("a@b.org", "other") is None


def test_the_limit_is_over_all_clients_together(generated_folder, serve: Callable):
    edgar = serve(generated_folder, per_second=3)
    statuses = [edgar.get(INDEX, User_Agent=f"Person {n} p{n}@example.org").status_code for n in range(8)]
    assert statuses[:4] == [200, 200, 200, 429]
    assert set(statuses[4:]) == {403}
    blocked = edgar.get(INDEX)
    assert "Request Rate Threshold Exceeded" in blocked.text
    edgar.client.post("/_sandbox/reset")
    assert edgar.get(INDEX).status_code == 200


def test_without_an_email_one_is_turned_away(served):
    answer = served.get(INDEX, User_Agent="python-httpx/0.28")
    assert answer.status_code == 403
    assert "Undeclared Automated Tool" in answer.text


def test_requests_are_counted_by_status_kind_and_task(generated_folder, serve: Callable):
    edgar = serve(generated_folder)
    edgar.get(INDEX)
    edgar.get("data/1/0000000009-26-000001.txt", User_Agent="Person p@example.org task=other_task/1.0")
    edgar.get("/_sandbox/health")
    counts = edgar.get("/_sandbox/requests").json()
    assert counts["total"] == 2
    assert counts["by_status"] == {"200": 1, "404": 1}
    assert counts["by_path_kind"] == {"full-index": 1, "submission": 1}
    assert counts["by_client"]["task=tests"]["total"] == 1
    assert counts["by_client"]["task=other_task/1.0"] == {"total": 1, "max_in_one_second": 1}
    assert sum(count for _, count in counts["per_second"]) == 2


@pytest.fixture
def order(generated_folder, serve: Callable):
    edgar = serve(generated_folder)

    def give(*faults: dict):
        answer = edgar.client.post("/_sandbox/faults", json=list(faults))
        assert answer.status_code == 200, answer.text
        return edgar

    return give


def test_a_fault_strikes_as_often_as_ordered_and_says_so(order):
    edgar = order({"match": "master.idx$", "kind": "status", "status": 500, "times": 2})
    assert [edgar.get(INDEX).status_code for _ in range(3)] == [500, 500, 200]
    assert edgar.get("/_sandbox/faults").json()[0]["used"] == 2


def test_a_truncated_body_has_the_length_of_what_is_there(order):
    edgar = order({"match": "master.idx", "kind": "truncate", "bytes": 50})
    answer = edgar.get(INDEX)
    assert len(answer.content) == 50
    assert edgar.get(INDEX).content.startswith(answer.content)


def test_a_short_read_breaks_the_connection(order):
    edgar = order({"match": "master.idx", "kind": "short_read", "bytes": 50})
    with pytest.raises(httpx.RemoteProtocolError):
        edgar.get(INDEX)
    assert edgar.get(INDEX).status_code == 200


def test_a_reset_and_a_timeout_give_no_answer(order):
    edgar = order({"match": "master.idx", "kind": "reset"}, {"match": "master.idx", "kind": "timeout", "seconds": 0.05})
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            edgar.get(INDEX)
    assert edgar.get(INDEX).status_code == 200


def test_a_slow_answer_comes_whole(order):
    edgar = order({"match": "master.idx", "kind": "slow", "seconds": 0.2})
    slow = edgar.get(INDEX)
    assert slow.elapsed.total_seconds() >= 0.15
    assert slow.content == edgar.get(INDEX).content


def test_garbage_is_no_index(order):
    edgar = order({"match": "master.idx", "kind": "garbage", "bytes": 64})
    answer = edgar.get(INDEX)
    assert (answer.status_code, len(answer.content)) == (200, 64)


@pytest.mark.parametrize("name", ["master.idx", "master.gz"])
def test_a_malformed_row_can_be_ordered_in_an_index(order, name):
    edgar = order({"match": name, "malformed_row": "no|row", "times": -1})
    content = edgar.get(f"full-index/2026/QTR1/{name}").content
    text = gzip.decompress(content) if name.endswith("gz") else content
    assert text.endswith(b"\nno|row\n")


def test_a_fault_may_let_requests_pass_and_strike_by_chance_as_its_seed_says(order):
    drawn = []
    for _ in range(2):
        edgar = order({"match": INDEX, "status": 503, "skip": 2, "times": -1, "chance": 0.5, "seed": 3})
        drawn.append([edgar.get(INDEX).status_code for _ in range(14)])
    assert drawn[0] == drawn[1]
    assert drawn[0][:2] == [200, 200]
    assert set(drawn[0][2:]) == {200, 503}


@pytest.mark.parametrize("retry_after", [None, 7])
def test_a_guard_turns_people_away_with_or_without_saying_for_how_long(order, retry_after):
    edgar = order({"match": INDEX, "status": 429, "retry_after": retry_after})
    answer = edgar.get(INDEX)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (429, "text/html")
    assert answer.headers.get("retry-after") == (None if retry_after is None else "7")


def test_a_page_for_people_may_stand_where_a_file_should_be(order):
    answer = order({"match": INDEX, "kind": "page"}).get(INDEX)
    assert (answer.status_code, b"<html>" in answer.content) == (200, True)


def test_an_order_that_makes_no_sense_is_refused(served):
    for wrong in ([{"kind": "reset"}], [{"match": "x", "kind": "flood"}], [{"match": "(", "kind": "reset"}]):
        assert served.client.post("/_sandbox/faults", json=wrong).status_code == 400


def test_it_starts_from_the_command_line(generated_folder: Path, free_port: int):
    words = [sys.executable, "-m", "sandbox.edgar", "--data", str(generated_folder), "--port", str(free_port)]
    include = Path(__file__).parents[3] / "include"
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(include)}) as process:
        try:
            assert process.stdout.readline().startswith("EDGAR: 60 filings of ")
            transport = httpx.HTTPTransport(retries=5)
            with httpx.Client(transport=transport) as client:
                said = json.loads(client.get(f"http://127.0.0.1:{free_port}/_sandbox/health").text)
            assert said["filings"] == 60
        finally:
            process.terminate()
    assert process.wait(10) == 0


@pytest.mark.parametrize("kind", ["timeout", "slow"])
def test_it_ends_at_once_though_a_client_hangs(generated_folder: Path, free_port: int, kind: str):
    words = [sys.executable, "-m", "sandbox.edgar", "--data", str(generated_folder), "--port", str(free_port)]
    include = Path(__file__).parents[3] / "include"
    fault = json.dumps([{"match": "master", "kind": kind, "seconds": 60, "times": 2}])
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(include)}) as process:
        try:
            process.stdout.readline()
            url = f"http://127.0.0.1:{free_port}"
            with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
                client.post(f"{url}/_sandbox/faults", content=fault)
                with pytest.raises(httpx.ReadTimeout):
                    client.get(f"{url}/Archives/edgar/{INDEX}", headers={"User-Agent": "a@b.org"}, timeout=0.3)
                with socket.create_connection(("127.0.0.1", free_port)) as hanging:
                    hanging.sendall(
                        f"GET /Archives/edgar/{INDEX} HTTP/1.1\r\nHost: x\r\nUser-Agent: a@b.org\r\n\r\n".encode()
                    )
                    while client.get(f"{url}/_sandbox/faults").json()[0]["used"] < 2:
                        pass
                    asked = time.monotonic()
                    process.terminate()
                    assert process.wait(10) == 0
                    assert time.monotonic() - asked < 1
        finally:
            process.kill()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]
