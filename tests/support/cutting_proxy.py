#!/usr/bin/env python3
"""A TCP proxy that breaks connections off: cutting_proxy.py PORT TARGET_PORT CONTROL

CONTROL is a file with "DIRECTION BYTES,BYTES…": when so many bytes in all have gone in that direction ("up", to the
server, or "down"), the connection that carries them is cut off with a reset. A new plan counts from anew. How often it
has cut stands in CONTROL.count, and in CONTROL.bytes how much has gone up.
"""
import asyncio, os, socket, struct, sys

port, target, control = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
state = {"text": "", "direction": "", "places": [], "cut": 0, "up": 0, "down": 0}


def read_plan():
    text = open(control).read().strip()
    if text != state["text"]:
        direction, _, places = text.partition(" ")
        state.update(text=text, direction=direction, places=[int(place) for place in places.split(",") if place], cut=0, up=0, down=0)
        tell()


def tell():
    open(control + ".count", "w").write(str(state["cut"]))
    open(control + ".bytes", "w").write(str(state["up"]))


def reset(*writers):
    for writer in writers:
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()


async def pump(reader, writer, direction, back):
    try:
        while data := await reader.read(16384):
            before = state[direction]
            state[direction] += len(data)
            if state["direction"] == direction and state["places"] and state["places"][0] <= state[direction]:
                state["cut"] += 1
                writer.write(data[: state["places"].pop(0) - before])
                tell()
                await writer.drain()
                await asyncio.sleep(0.05)
                return reset(writer, back)
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except (ConnectionError, OSError, RuntimeError):
        writer.transport.abort()


async def serve(reader, writer):
    read_plan()
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
    await asyncio.gather(pump(reader, far_writer, "up", writer), pump(far_reader, writer, "down", far_writer))
    tell()
    for end in (writer, far_writer):
        end.close()


async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", port) as server:
        await server.serve_forever()


tell()
asyncio.run(main())
