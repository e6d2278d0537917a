"""Every setting: an environment variable (prefix PANA_) or a line of `.env`, each with a default that works at home."""

import os
import re
from dataclasses import dataclass, field, fields
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"
LOCALES_FOLDER = ROOT / "locales"
NLU = ROOT / "nlu"
PREFIX = "PANA_"


class BadSetting(Exception):
    """A setting cannot be used; the message says which and why, never a secret's value."""


@dataclass(frozen=True)
class Settings:
    """Values of the environment. Names and meanings are those of .env.example."""

    http_host: str = "127.0.0.1"
    http_port: int = 8080
    data: Path = Path(".pana")
    redis_url: str | None = field(default=None, repr=False)
    nlu_url: str | None = None
    secret: str | None = field(default=None, repr=False)
    telegram_token: str | None = field(default=None, repr=False)
    telegram_api_url: str | None = None
    telegram_webhook_url: str | None = None
    telegram_webhook_secret: str | None = field(default=None, repr=False)
    public_url: str | None = None
    geocoder_url: str | None = field(default=None, repr=False)
    log_level: str = "INFO"
    metrics_token: str | None = field(default=None, repr=False)


def read_settings(environment: dict[str, str] | None = None, env_file: Path | None = None) -> Settings:
    """Settings from `environment` (default: the process's), over the lines of `.env`; raises BadSetting."""
    found = _read_env_file(env_file or ROOT / ".env")
    found.update(os.environ if environment is None else environment)
    values: dict[str, object] = {}
    for known in fields(Settings):
        raw = found.get(PREFIX + known.name.upper(), "").strip()
        if raw:
            values[known.name] = _convert(known.name, raw)
    settings = Settings(**values)  # type: ignore[arg-type]  # _convert gives each its type
    if settings.log_level.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise BadSetting("PANA_LOG_LEVEL is one of DEBUG, INFO, WARNING, ERROR.")
    _check_telegram(settings)
    return settings


def _check_telegram(settings: Settings) -> None:
    url, secret = settings.telegram_webhook_url, settings.telegram_webhook_secret
    allowed = ("https://", "http://") if settings.telegram_api_url else ("https://",)
    if url and not url.startswith(allowed):
        raise BadSetting("PANA_TELEGRAM_WEBHOOK_URL is a full https address (http only with PANA_TELEGRAM_API_URL).")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise BadSetting("PANA_TELEGRAM_WEBHOOK_SECRET holds 1 to 256 letters, digits, - or _.")


def _convert(name: str, raw: str) -> object:
    if name == "data":
        return Path(raw).expanduser()
    if name != "http_port":
        return raw
    if not raw.isdigit() or not 0 <= int(raw) <= 65535:
        raise BadSetting("PANA_HTTP_PORT is a port number from 0 to 65535.")
    return int(raw)


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = [line.removeprefix("export ").split("=", 1) for line in lines if "=" in line and not line.startswith("#")]
    return {key.strip(): value.strip().strip("\"'") for key, value in pairs}
