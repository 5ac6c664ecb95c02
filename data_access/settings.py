"""Every setting that data access reads from the environment, in one typed object."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings from `SAMOEPHAK_*` environment variables; each is documented in `docs/settings.md`."""

    model_config = SettingsConfigDict(env_prefix="SAMOEPHAK_")

    home: Path = Field(default_factory=lambda: user_data_path("samoephak"), description="Data directory")
    database_url: str | None = Field(default=None, description="PostgreSQL URL; DuckDB files under home when unset")
    id_key: str | None = Field(default=None, description="Secret key that turns national IDs into keyed hashes")
    public_url: str | None = Field(
        default=None, description="Address of the app as readers type it, for links and QR codes in hand-outs"
    )
    subdistrict_boundaries: Path | None = Field(
        default=None, description="File of sub-district boundaries (GeoPackage, GeoJSON, Shapefile)"
    )
    publish_memory: str = Field(
        default="2GB",
        pattern=r"\d+(MB|GB)",
        description="Memory that loading and publishing may take in DuckDB; more goes to disk",
    )
    disclosure_threshold: int = Field(default=10, ge=2, description="Smallest count of people that is shown")


NAMES = tuple(f"SAMOEPHAK_{field.upper()}" for field in Settings.model_fields)


def settings() -> Settings:
    """The settings as the environment says now, so that a test or a job can change them."""
    return _read(tuple(os.environ.get(name) for name in NAMES))


@lru_cache(maxsize=8)
def _read(_environment: tuple[str | None, ...]) -> Settings:
    # parsed once an environment: a page asks for its settings some hundred times a run
    return Settings()


def home() -> Path:
    """The data directory, created when missing."""
    path = settings().home.expanduser()
    path.mkdir(parents=True, exist_ok=True)
    return path
