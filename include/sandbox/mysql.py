"""A private MariaDB from the system package: its own data folder and port, nothing shared with a server of the machine.

`python -m sandbox.mysql --folder build/run/mysql --port P` runs one in the foreground. A MYSQL_URL in the environment
names another server to use instead; then nothing is started.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sandbox.processes import Process, SandboxError, accepts

DATABASE = USER = PASSWORD = "filings"
LONGEST_SOCKET_PATH = 100  # the kernel allows 108 bytes

SETUP = f"""
CREATE DATABASE IF NOT EXISTS {DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE USER IF NOT EXISTS '{USER}'@'%' IDENTIFIED BY '{PASSWORD}';
GRANT ALL ON {DATABASE}.* TO '{USER}'@'%';
GRANT ALL ON `{DATABASE}\\_%`.* TO '{USER}'@'%';
"""


def url(port: int) -> str:
    return f"mysql://{USER}:{PASSWORD}@127.0.0.1:{port}/{DATABASE}"


def program(*names: str) -> str:
    """The first of these programs that is installed; sbin is not on everyone's path."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"])
    for name in names:
        if found := shutil.which(name, path=path):
            return found
    raise SandboxError(
        f"{names[0]} is missing: install MariaDB (apt-get install mariadb-server), or name a server in MYSQL_URL"
    )


def prepare(folder: Path) -> None:
    """Make the data folder with its system tables, if it is not there."""
    data = folder / "data"
    if (data / "mysql" / "db.frm").exists():
        return
    shutil.rmtree(data, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    temporary = fresh_temporary(folder)
    made = subprocess.run(
        [
            program("mariadb-install-db", "mysql_install_db"),
            "--no-defaults",
            f"--datadir={data}",
            f"--tmpdir={temporary}",
            *as_root(),
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--innodb-log-file-size=16M",
        ],
        env={**os.environ, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
    )
    if made.returncode:
        raise SandboxError(f"mariadb-install-db failed in {data}: {(made.stderr or made.stdout).strip()[-500:]}")


def command(folder: Path, port: int) -> list[str]:
    """The server's command line. Durability is left to the file system: what is here can be made again."""
    setup = folder / "setup.sql"
    setup.write_text(SETUP)
    return [
        program("mariadbd", "mysqld"),
        "--no-defaults",
        *as_root(),
        f"--datadir={folder / 'data'}",
        f"--tmpdir={fresh_temporary(folder)}",
        f"--socket={socket_path(folder)}",
        f"--pid-file={folder / 'mariadbd.pid'}",
        f"--init-file={setup}",
        "--bind-address=127.0.0.1",
        f"--port={port}",
        "--skip-name-resolve",
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_unicode_ci",
        "--sql-mode=STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_ZERO_DATE,NO_ZERO_IN_DATE",
        "--local-infile=1",
        "--default-time-zone=+00:00",
        "--max-allowed-packet=256M",
        "--innodb-buffer-pool-size=256M",
        "--innodb-log-file-size=16M",
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-doublewrite=0",
        "--performance-schema=0",
        "--skip-log-bin",
    ]


def fresh_temporary(folder: Path) -> Path:
    """An empty folder of this server's own: in a shared one, servers that start at once take each other's tables."""
    path = folder / "tmp"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    return path


def as_root() -> list[str]:
    """MariaDB runs as root only when told to."""
    return ["--user=root"] if os.geteuid() == 0 else []


def socket_path(folder: Path) -> Path:
    path = folder / "mysql.sock"
    if len(str(path)) <= LONGEST_SOCKET_PATH:
        return path
    return Path(tempfile.gettempdir()) / f"sandbox-mysql-{abs(hash(str(folder))):x}-{os.getpid()}.sock"


def start(folder: Path, port: int, *, log: Path, env: Mapping[str, str]) -> Process:
    """Start a server on `folder` and return when it takes connections."""
    begun = begin(folder, port, log=log, env=env)
    begun.wait_until(lambda: accepts(port), 30)
    return begun


def begin(folder: Path, port: int, *, log: Path, env: Mapping[str, str], options: Sequence[str] = ()) -> Process:
    """Start a server on `folder`; it takes connections, with database and user there, when its port is open."""
    folder = folder.resolve()
    prepare(folder)
    words = [*command(folder, port), *options]
    return Process("MariaDB", words, env={**env, "TMPDIR": str(folder / "tmp")}, log=log)


def connect(mysql_url: str):
    """A PyMySQL connection to `mysql://user:password@host:port/database`."""
    import pymysql

    parts = urlsplit(mysql_url)
    return pymysql.connect(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or 3306,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=parts.path.lstrip("/"),
        charset="utf8mb4",
        autocommit=True,
        local_infile=True,
    )


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.mysql", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args(argv)
    folder = options.folder.resolve()
    try:
        prepare(folder)
        line = command(folder, options.port)
    except SandboxError as error:
        raise SystemExit(str(error)) from None
    print(url(options.port), flush=True)
    os.execve(line[0], line, {**os.environ, "TMPDIR": str(folder / "tmp")})


if __name__ == "__main__":
    main()
