"""AWS and R2 on two ports of one process: `python -m sandbox.aws --folder build/run --port P --r2-port Q`.

S3 requests are answered from files (sandbox.objects); all else goes to moto, whose ECS tasks really run (sandbox.ecs).
Beside the AWS API there is `/_sandbox/…`: health, counts of requests, containers, faults on order.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.web import BaseRequest, Response, StreamResponse

from sandbox import ecs
from sandbox.containers import Image
from sandbox.faults import Faults
from sandbox.objects.misfortune import Misfortune
from sandbox.objects.server import ObjectServer
from sandbox.objects.store import ObjectStore
from sandbox.wsgi import WsgiBridge

RUN_TASK = "AmazonEC2ContainerServiceV20141113.RunTask"
NO_CAPACITY = "Capacity is unavailable at this time. Please try again later or in a different availability zone"


class Cloud:
    """Both endpoints and the switches of the sandbox."""

    def __init__(self, folder: Path, host: ecs.Host, *, s3_key: str, r2_key: str) -> None:
        from moto.server import DomainDispatcherApplication, create_backend_app

        self.host = host
        side = folder / "objects"
        self.s3 = ObjectServer(ObjectStore(folder / "s3", side / "s3"), name="S3", access_key=s3_key)
        self.r2 = ObjectServer(ObjectStore(folder / "r2", side / "r2"), name="R2", access_key=r2_key, equal_parts=True)
        self._s3 = Misfortune("s3", self.s3, host.faults, host.signal)
        self._r2 = Misfortune("r2", self.r2, host.faults, host.signal)
        ecs.install(host)
        self.moto = WsgiBridge(DomainDispatcherApplication(create_backend_app))

    async def on_aws(self, request: BaseRequest) -> StreamResponse:
        await expect(request)
        if request.path.startswith("/_sandbox/"):
            return await self._control(request)
        if service_of(request) == "s3":
            return await self._s3.answer(request)
        if request.headers.get("X-Amz-Target") == RUN_TASK and (refusal := await self._refuse(request)):
            return refusal
        return await self.moto.handle(request)

    async def on_r2(self, request: BaseRequest) -> StreamResponse:
        await expect(request)
        return await self._r2.answer(request)

    async def _refuse(self, request: BaseRequest) -> Response | None:
        """RunTask as it goes when AWS will not: throttled, or with no machine to run on."""
        asked = json.loads(await request.read())
        overrides = asked.get("overrides", {}).get("containerOverrides", [{}])
        fault = self.host.faults.strike(("throttle", "capacity"), overrides[0].get("command", []) if overrides else [])
        if fault is None:
            return None
        if fault["kind"] == "throttle":
            refusal: dict[str, Any] = {"__type": "ThrottlingException", "message": "Rate exceeded"}
        else:
            refusal = {
                "tasks": [],
                "failures": [{"arn": asked.get("cluster"), "reason": fault.get("reason", NO_CAPACITY)}],
            }
        status = 400 if fault["kind"] == "throttle" else 200
        return Response(status=status, body=json.dumps(refusal).encode(), content_type="application/x-amz-json-1.1")

    async def _control(self, request: BaseRequest) -> Response:
        counts = {"s3": self.s3.counts, "r2": self.r2.counts}
        match request.method, request.path.removeprefix("/_sandbox/"):
            case "GET", "health":
                return web.json_response({"ok": True, "pid": os.getpid()})
            case "GET", "objects":
                return web.json_response(counts)
            case "GET", "changed":
                return web.json_response({"s3": self.s3.changed, "r2": self.r2.changed})
            case "DELETE", "objects":
                for each in (*counts.values(), self.s3.changed, self.r2.changed):
                    each.clear()
                return web.json_response(counts)
            case "GET", "tasks":
                return web.json_response([task.described() for task in self.host.tasks])
            case "GET", "faults":
                return web.json_response(self.host.faults.listed())
            case "POST", "faults":
                try:
                    self.host.faults.add(json.loads(await request.read()))
                except ValueError as error:
                    return web.json_response({"error": str(error)}, status=400)
                return web.json_response(self.host.faults.listed())
            case "DELETE", "faults":
                self.host.faults.clear()
                return web.json_response([])
        return web.json_response({"error": f"no {request.method} {request.path}"}, status=404)


async def expect(request: BaseRequest) -> None:
    """botocore sends bodies only after this answer, and waits a second for it."""
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0


def service_of(request: BaseRequest) -> str:
    """The service that the request is signed for; unsigned ones are a person's browser, looking into S3."""
    scope = request.headers.get("Authorization", "").partition("Credential=")[2].split(",")[0]
    scope = scope or request.query.get("X-Amz-Credential", "")
    parts = scope.split("/")
    return parts[-2] if len(parts) >= 5 else "s3" if not request.headers.get("X-Amz-Target") else ""


async def serve(cloud: Cloud, host: str, port: int, r2_port: int) -> None:
    runners = []
    for handler, where in ((cloud.on_aws, port), (cloud.on_r2, r2_port)):
        runner = web.ServerRunner(web.Server(handler, access_log=None, keepalive_timeout=3600))
        await runner.setup()
        await web.TCPSite(runner, host, where, backlog=1024).start()
        runners.append(runner)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    print(f"AWS on http://{host}:{port}, R2 on http://{host}:{r2_port}", flush=True)
    await stop.wait()
    await asyncio.to_thread(cloud.host.stop_all)
    cloud.s3.store.close()
    cloud.r2.store.close()


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.aws", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where s3/, r2/ and the containers' logs lie")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--r2-port", type=int, required=True)
    parser.add_argument("--slots", type=int, default=4, help="containers at work at once; others are PENDING")
    parser.add_argument("--images", default="{}", help='JSON: {"name": {"python": …, "pythonpath": …}}')
    parser.add_argument("--faults", default="[]", help="JSON list of faults (see sandbox.faults)")
    parser.add_argument("--s3-key", default="sandbox", help="the access key of AWS")
    parser.add_argument("--r2-key", default="sandbox-r2", help="the access key of R2")
    options = parser.parse_args(argv)
    host = ecs.Host(
        images={name: Image(**image) for name, image in json.loads(options.images).items()},
        slots=ecs.Slots(options.slots),
        faults=Faults(json.loads(options.faults)),
        log_folder=options.folder / "logs" / "containers",
        work_folder=options.folder.resolve() / "containers",
    )
    shutil.rmtree(host.work_folder, ignore_errors=True)  # what a server that was killed could not remove
    cloud = Cloud(options.folder.resolve(), host, s3_key=options.s3_key, r2_key=options.r2_key)
    asyncio.run(serve(cloud, options.host, options.port, options.r2_port))
    sys.stdout.flush()
    os._exit(0)  # moto's and the tasks' threads have nothing left to do


if __name__ == "__main__":
    main()
