"""FastAPI under uvicorn on a unix socket: JSON in, JSON out. A plain `def` runs in its thread pool, as user code would.

python web.py ADDRESS
"""

import socket
import sys
from typing import Any

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.post("/echo")
def echo(value: dict[str, Any]) -> dict[str, Any]:
    return value


if __name__ == "__main__":
    address = sys.argv[1]
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address.removeprefix("unix:"))
        print(f"READY {address}", flush=True)
        uvicorn.Server(uvicorn.Config(app, log_level="error")).run([listener])
