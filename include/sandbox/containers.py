"""What a container is here: a process that sees the environment of its task definition and nothing of the host's.

An image is a virtual environment and a folder of source on the path (`Image`); the container's home and working folder
is a fresh temporary one, so that nothing can lean on where the sandbox was started.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

USER_AGENT = "SEC_USER_AGENT"


@dataclass(frozen=True)
class Image:
    """`python` stands for the image's interpreter, `pythonpath` for what is installed in it."""

    python: str = sys.executable
    pythonpath: str = str(Path(__file__).resolve().parents[1])
    environment: dict[str, str] = field(default_factory=dict)
    mark_user_agent: bool = True  # the EDGAR stand-in counts requests by container; sec.gov must see the plain one

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Start:
    """All that is needed to start a container's process."""

    command: list[str]
    environment: dict[str, str]
    folder: Path


class CannotStart(Exception):
    """ECS's own words for why a container did not come up."""


def image_of(images: dict[str, Image], name: str) -> Image:
    """The image by its full name, or without registry, digest and tag."""
    short = name.split("@")[0].rpartition("/")[2].partition(":")[0]
    for known in (name, name.split("@")[0], short):
        if known in images:
            return images[known]
    raise CannotStart(f"CannotPullContainerError: no image {name} here; the sandbox has {', '.join(sorted(images))}")


def container_command(definition: dict[str, Any], override: dict[str, Any]) -> list[str]:
    """What stands behind the entry point: the task's name and its options."""
    return list(override.get("command") or definition.get("command") or [])


def start_of(
    definition: dict[str, Any],
    override: dict[str, Any],
    *,
    image: Image,
    task_id: str,
    work: Path,
    secret: Callable[[str], str],
) -> Start:
    """Command line and environment of a container, as ECS puts them together; later sources win.

    Its folder is made in `work`, and is the caller's to remove.
    """
    folder = work / task_id
    bin_folder = str(Path(image.python).parent)
    environment = {
        "PATH": os.pathsep.join([bin_folder, "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONPATH": image.pythonpath,
        "PYTHONUNBUFFERED": "1",
        **image.environment,
        **{pair["name"]: pair["value"] for pair in definition.get("environment", [])},
    }
    for wanted in definition.get("secrets", []):
        environment[wanted["name"]] = secret_value(wanted["valueFrom"], secret)
    environment |= {pair["name"]: pair["value"] for pair in override.get("environment", [])}
    if image.mark_user_agent and environment.get(USER_AGENT):
        environment[USER_AGENT] += f" task={task_id}"

    command = [*definition.get("entryPoint", []), *container_command(definition, override)]
    if not command:
        raise CannotStart("CannotStartContainerError: the container has neither entryPoint nor command")
    program = image.python if command[0] == "python" else shutil.which(command[0], path=environment["PATH"])
    if program is None:
        raise CannotStart(f"CannotStartContainerError: exec: {command[0]!r}: executable file not found in $PATH")
    folder.mkdir(parents=True)
    return Start([program, *command[1:]], environment, folder)


def secret_value(reference: str, secret: Callable[[str], str]) -> str:
    """The value of `arn:…:secret:NAME-xxxxxx[:json-key:stage:version]`."""
    parts = reference.split(":")
    name, key = ":".join(parts[:7]), parts[7] if len(parts) > 7 else ""
    try:
        text = secret(name)
        return str(json.loads(text)[key]) if key else text
    except Exception as error:
        raise CannotStart(
            f"ResourceInitializationError: unable to pull secrets: {reference}: {type(error).__name__}: {error}"
        ) from error
