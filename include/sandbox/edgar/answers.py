"""How sec.gov says no. Its files lie in S3 behind a guard, so what is missing and what is forbidden look alike.

An index that does not exist (a holiday, a quarter to come) is 403 `AccessDenied`, a submission that does not exist
404 `NoSuchKey`; the guard's own pages, for a nameless client and for one that asks too fast, are HTML.
"""

from __future__ import annotations

from aiohttp import web

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def no_index() -> web.Response:
    """There is no index file or folder of that name."""
    body = f"{_XML}<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
    return web.Response(status=403, text=body, content_type="application/xml")


def no_file(path: str) -> web.Response:
    """There is no submission of that name."""
    key = path.lstrip("/")
    error = f"<Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>{key}</Key>"
    body = f"{_XML}<Error>{error}</Error>"
    return web.Response(status=404, text=body, content_type="application/xml")


def broken(why: str) -> web.Response:
    """The folder's file cannot be read: a fault of the sandbox's data, which must not pass for an answer of EDGAR."""
    return web.Response(status=500, text=f"{why}\n", content_type="text/plain")


def undeclared() -> web.Response:
    """The User-Agent does not say who asks."""
    return _page(403, "Your Request Originates from an Undeclared Automated Tool", "Declare who asks, with an e-mail.")


def too_fast(status: int, seconds: float) -> web.Response:
    """The client has asked for more than the limit, or is still blocked for that."""
    response = _page(status, "Request Rate Threshold Exceeded", "Come back when your rate has fallen.")
    response.headers["Retry-After"] = str(max(1, round(seconds)))
    return response


def failing(status: int, retry_after: int | None) -> web.Response:
    """A status on order, as the guard's page."""
    titles = {403: "Request Rate Threshold Exceeded", 429: "Too Many Requests"}
    response = _page(status, titles.get(status, "Error"), f"HTTP {status}")
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def maintenance() -> web.Response:
    """A page for people where a file should be, as web servers in front of files send it at times."""
    return _page(200, "Maintenance", "This page is temporarily unavailable.")


def _page(status: int, title: str, text: str) -> web.Response:
    head = f"<head><title>SEC.gov | {title}</title></head>"
    body = f"<!DOCTYPE html><html>{head}<body><h1>{title}</h1><p>{text}</p></body></html>"
    return web.Response(status=status, text=body, content_type="text/html")
