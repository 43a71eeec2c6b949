"""The log: one line an event, as text or as JSON, with ids and numbers, and never with the values of a call."""

import logging
import os
import queue
import sys
import threading
import time
from typing import Any, TextIO

import msgspec

FORMATS = ("text", "json")
LEVELS = ("debug", "info", "warning", "error")
_FIELDS = "pybridge_fields"
_MAX_TEXT = 500
_MAX_WAITING = 4096
"""Lines; more are left out while nobody reads stderr."""
_END_SECONDS = 1.0


def event(log: logging.Logger, level: int, name: str, **fields: str | float | bool | None) -> None:
    """Log that something happened; fields that are None are left out."""
    if log.isEnabledFor(level):
        told = {key: value for key, value in fields.items() if value is not None}
        log.log(level, name, extra={_FIELDS: told})


def event_of(record: logging.LogRecord) -> tuple[str, dict[str, Any]] | None:
    """Give the name and the fields that `event` was called with. None: the record came in another way."""
    fields: dict[str, Any] | None = getattr(record, _FIELDS, None)
    return None if fields is None else (str(record.msg), fields)


def configure(form: str, level: str) -> None:
    """Send the log to stderr in one of `FORMATS`, from one of `LEVELS` on."""
    handler = _Behind(sys.stderr)
    handler.setFormatter(_JsonLines() if form == "json" else _TextLines())
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    # These speak of every connection; they are heard when somebody asked for all there is.
    for chatty in ("asyncio", "grpc", "opentelemetry"):
        logging.getLogger(chatty).setLevel(logging.DEBUG if level == "debug" else logging.WARNING)


class _Behind(logging.Handler):
    """Writes from a thread of its own: who does not read our stderr must not stop the server."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._descriptor = stream.fileno()
        self._lines: queue.Queue[str | None] = queue.Queue(_MAX_WAITING)
        self._left_out = 0
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._lines.put_nowait(self.format(record))
        except queue.Full:
            self._left_out += 1
        except Exception:  # noqa: BLE001 - as logging's own handlers do
            self.handleError(record)

    def close(self) -> None:
        try:
            self._lines.put(None, timeout=_END_SECONDS)
            self._thread.join(_END_SECONDS)
        except queue.Full:
            pass
        super().close()

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            left_out, self._left_out = self._left_out, 0
            told = f"(the log was not read; {left_out} lines before this one were left out)\n" if left_out else ""
            data = f"{told}{line}\n".encode("utf-8", "backslashreplace")
            try:
                # Not through the stream, whose lock a blocked thread would keep from the interpreter's end.
                while data:
                    data = data[os.write(self._descriptor, data) :]
            except OSError:
                continue


class _TextLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, _FIELDS, {})
        words = [record.levelname, _one_line(record.getMessage())]
        words += [f"{name}={_shown(value)}" for name, value in fields.items()]
        line = f"pybridge-worker: {' '.join(words)}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        second = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, object] = {
            "time": f"{second}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
        }
        fields = getattr(record, _FIELDS, None)
        if fields is None:
            line |= {"event": "message", "logger": record.name, "message": record.getMessage()}
        else:
            line |= {"event": record.msg, **{name: _cut(value) for name, value in fields.items()}}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


def _cut(value: object) -> object:
    if isinstance(value, str):
        return value[:_MAX_TEXT].encode("utf-8", "backslashreplace").decode()
    return value


def _shown(value: object) -> str:
    """A field as text: quoted where it could be taken for more than one, so that no name breaks a line."""
    text = str(_cut(value))
    is_plain = text and text.isascii() and text.isprintable() and not set(text) & set(" \"'=")
    return text if is_plain else msgspec.json.encode(text).decode()


def _one_line(text: str) -> str:
    return " ".join(text.split())
