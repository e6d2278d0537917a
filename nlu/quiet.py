"""Makes the house silent: no word that somebody wrote may ever reach a log. Imported before rasa, always."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from typing import Any

OURS = "pana.nlu"
SETTINGS = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_MAX_CACHE_SIZE": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONASYNCIODEBUG": "",
    "OPENBLAS_NUM_THREADS": "1",  # one message is too small to share; processes share the cores
    "OMP_NUM_THREADS": "1",
}


class OnlyOurs(logging.Filter):
    """Lets our own records pass whole; of others only that there was a warning, never what it said."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == OURS or record.name.startswith(f"{OURS}."):
            return True
        if record.levelno < logging.WARNING:
            return False
        record.msg, record.args = f"a {record.levelname.lower()} of {record.name}, its words left out", ()
        record.exc_info = record.exc_text = record.stack_info = None
        return True


def hush(level: str = "INFO") -> logging.Logger:
    """Shuts every known mouth and gives the one logger that may speak, on stderr."""
    os.environ.update(SETTINGS)
    warnings.simplefilter("ignore")
    warnings.showwarning = lambda *_, **__: None  # some libraries set the filter back
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(OnlyOurs())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logger = logging.getLogger(OURS)
    logger.setLevel(level.upper())
    _silence_structlog()
    _silence_onnxruntime()
    return logger


def _silence_structlog() -> None:
    """Left alone, structlog prints every message to standard output: rasa logs each one it parses."""
    import structlog

    def drop(_logger: Any, _method: str, _event: Any) -> Any:
        raise structlog.DropEvent

    structlog.configure(processors=[drop], cache_logger_on_first_use=False)


def _silence_onnxruntime() -> None:
    """It writes its warnings past Python's logging, and has a telemetry of its own on some systems."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    onnxruntime.set_default_logger_severity(4)
