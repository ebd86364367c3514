"""Requests over some connections kept alive: ``python http_load.py PORT CONNECTIONS SECONDS``.

Paths are read from standard input, one a line. Prints requests a second, p50 and p99 in ms, bytes
an answer, and how many answers were no 200.
"""

import asyncio
import itertools
import json
import sys
import time


async def _one(port, paths, until, times, sizes, odd):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (began := time.perf_counter()) < until:
        writer.write(f"GET {next(paths)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        size = 0
        if b"content-length:" in head:
            size = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(size)
        elif b"chunked" in head:
            while part := int((await reader.readline()).split(b";")[0], 16):
                size += part
                await reader.readexactly(part + 2)
            await reader.readline()
        times.append(time.perf_counter() - began)
        sizes.append(size)
        odd.append(not head.startswith(b"http/1.1 200"))
        if b"connection: close" in head:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


async def _all(port, connections, seconds, paths):
    times, sizes, odd = [], [], []
    began = time.perf_counter()
    turns = itertools.cycle(paths)
    await asyncio.gather(
        *(_one(port, turns, began + seconds, times, sizes, odd) for _number in range(connections))
    )
    took = time.perf_counter() - began
    times.sort()
    return {
        "rps": len(times) / took,
        "p50": 1000 * times[len(times) // 2],
        "p99": 1000 * times[int(len(times) * 0.99)],
        "bytes": sum(sizes) // len(sizes),
        "odd": sum(odd),
    }


if __name__ == "__main__":
    lines = sys.stdin.read().splitlines()
    port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    print(json.dumps(asyncio.run(_all(port, connections, seconds, lines))))
