"""Closing a connection as networks and failing servers do."""

from __future__ import annotations

import socket
import struct

from aiohttp.web import BaseRequest


def hang_up(request: BaseRequest, *, abruptly: bool = True) -> None:
    """Close the connection; abruptly means a reset, without a word."""
    transport = request.transport
    if transport is None:
        return
    if abruptly:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()
