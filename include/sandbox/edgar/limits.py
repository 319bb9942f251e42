"""The SEC's limits, and the count by which tests judge whether the system keeps within its budget.

At most N requests in any second, over all clients of the machine; over it 429, and a block in which every answer is
403. Asking on during the block starts it anew, so it grows.
"""

from __future__ import annotations

import re
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

_WHO = re.compile(r"\S+@\S+\.\S+")
_TASK = re.compile(r"task=[^\s;)]+")


@dataclass
class Window:
    """Counts events, and the most that fell within one second."""

    total: int = 0
    most: int = 0
    _recent: deque[float] = field(default_factory=deque)

    def add(self, moment: float) -> int:
        """Count one more; how many there were in the second that ends now."""
        while self._recent and self._recent[0] <= moment - 1.0:
            self._recent.popleft()
        self._recent.append(moment)
        self.total += 1
        self.most = max(self.most, len(self._recent))
        return len(self._recent)


class Gate:
    """Counts every request and says which to turn away."""

    def __init__(self, per_second: int, block_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_second = per_second
        self.block_seconds = block_seconds
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        """Forget all counts and lift the block."""
        self._all = Window()
        self._clients: dict[str, Window] = {}
        self._statuses: Counter[int] = Counter()
        self._kinds: Counter[str] = Counter()
        self._seconds: Counter[int] = Counter()
        self._blocks = 0
        self._turned_away = 0
        self._blocked_until = 0.0

    def enter(self, user_agent: str, kind: str) -> int | None:
        """Count a request. None to let it in, else the status by which to turn it away."""
        now = self._clock()
        in_a_second = self._all.add(now)
        self._clients.setdefault(client_of(user_agent), Window()).add(now)
        self._kinds[kind] += 1
        self._seconds[int(time.time())] += 1
        if now < self._blocked_until:
            self._blocked_until = now + self.block_seconds
            self._turned_away += 1
            return 403
        if in_a_second > self.per_second:
            self._blocked_until = now + self.block_seconds
            self._blocks += 1
            self._turned_away += 1
            return 429
        return None

    def left(self, status: int) -> None:
        """Count the status of an answer."""
        self._statuses[status] += 1

    @property
    def seconds_blocked(self) -> float:
        """How long the block lasts if nobody asks on."""
        return max(0.0, self._blocked_until - self._clock())

    def report(self) -> dict[str, object]:
        """All counts. `blocked` counts requests turned away, `blocks` how often a block began."""
        return {
            "total": self._all.total,
            "max_in_one_second": self._all.most,
            "by_status": {str(status): count for status, count in sorted(self._statuses.items())},
            "by_path_kind": dict(self._kinds),
            "by_client": {
                client: {"total": window.total, "max_in_one_second": window.most}
                for client, window in self._clients.items()
            },
            "blocked": self._turned_away,
            "blocks": self._blocks,
            "per_second": [[second, count] for second, count in sorted(self._seconds.items())],
        }


def says_who(user_agent: str) -> bool:
    """Whether a User-Agent names an e-mail address, as the SEC asks."""
    return _WHO.search(user_agent) is not None


def client_of(user_agent: str) -> str:
    """The `task=…` part of a User-Agent, or all of it."""
    match = _TASK.search(user_agent)
    return match[0] if match else user_agent
