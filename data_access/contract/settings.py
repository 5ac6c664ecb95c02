"""Every setting that data access reads from the environment, in one typed object."""

from __future__ import annotations

import os
import time
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_data_path
from pydantic import DirectoryPath, Field, FilePath, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from data_access.contract.errors import UsageError
from i18n import N_


class Settings(BaseSettings):
    """Settings from `SAMOEPHAK_*` environment variables; each is documented in `docs/settings.md`."""

    model_config = SettingsConfigDict(env_prefix="SAMOEPHAK_", env_ignore_empty=True)

    home: Path = Field(default_factory=lambda: user_data_path("samoephak"), description="Data directory")
    database_url: str | None = Field(
        default=None, pattern=r"^postgres(ql)?(\+\w+)?://\S*$", description="PostgreSQL URL; DuckDB files under home when unset"
    )
    id_key: str | None = Field(default=None, description="Secret key that turns national IDs into keyed hashes")
    id_keys_after: str | None = Field(
        default=None, description="Keys that came after that one, oldest first, separated by spaces"
    )
    keep_releases_days: int | None = Field(
        default=None,
        ge=30,
        le=36500,
        description="Days after which `retention` deletes a release that is not current; none are when unset",
    )
    oidc_metadata_url: str | None = Field(
        default=None,
        pattern=r"^(https://.+|http://(localhost|127\.0\.0\.1)(:\d+)?/.+)$",
        description="Address of the identity provider's OpenID configuration (ends in /.well-known/openid-configuration)",
    )
    oidc_client_id: str | None = Field(default=None, description="Name of this app at the identity provider")
    oidc_client_secret: SecretStr | None = Field(default=None, description="Secret of this app at the identity provider")
    cookie_secret: SecretStr | None = Field(
        default=None, min_length=32, description="Secret that signs the cookies of people signed in; the same on every replica"
    )
    session_hours: float = Field(default=8, gt=0, le=24, description="Hours after which somebody must sign in again")
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/\s]+(/.*)?$",
        description="Address of the app as readers type it: links and QR codes of hand-outs, and where the identity provider sends back to",
    )
    development: bool = Field(
        default=False, description="Draw every page anew, so that an edit of its code is seen on the next reload"
    )
    subdistrict_boundaries: Path | None = Field(
        default=None, description="File of sub-district boundaries (GeoPackage, GeoJSON, Shapefile)"
    )
    programmes: DirectoryPath | None = Field(default=None, description="Folder of further programmes, a folder each")
    publish_memory: str = Field(
        default="2GB",
        pattern=r"^\d+(MB|GB)$",
        description="Memory that loading and publishing may take in DuckDB; more goes to disk",
    )
    time_zone: str = Field(
        default="Asia/Bangkok",
        pattern=r"^[A-Za-z0-9_+/-]+$",
        description="Time zone of days and clock times: as-of dates, the log, stories, notes",
    )
    organisations: str = Field(
        default="",
        max_length=200,
        description="Names on the cover of stories and hand-outs; those of the two partners when unset",
    )
    cover_logo: FilePath | None = Field(default=None, description="Picture (PNG or JPEG) on the cover of stories and hand-outs")
    disclosure_threshold: int = Field(default=10, ge=2, description="Smallest count of people that is shown")


NAMES = tuple(f"SAMOEPHAK_{field.upper()}" for field in Settings.model_fields)


def settings() -> Settings:
    """The settings as the environment says now, so that a test or a job can change them.

    Raises:
        UsageError: a setting has a value that cannot be used; names it.
    """
    return _read(tuple(os.environ.get(name) for name in NAMES))


@lru_cache(maxsize=8)
def _read(_environment: tuple[str | None, ...]) -> Settings:
    # parsed once an environment: a page asks for its settings some hundred times a run
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = NAMES[list(Settings.model_fields).index(str(first["loc"][0]))]
        # the value itself may be a secret: it is not repeated
        raise UsageError(
            N_("The setting {name} cannot be used: {reason}. See docs/settings.md"), name=name, reason=first["msg"]
        ) from None


def use_time_zone() -> None:
    """Tell days and clock times of this process in the time zone of the settings, whatever the machine's is (containers run on UTC).

    Windows has no such call: there the zone is the machine's.

    Raises:
        UsageError: there is no such zone.
    """
    name = settings().time_zone
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(
            N_("The setting {name} cannot be used: {reason}. See docs/settings.md"), name="SAMOEPHAK_TIME_ZONE", reason=name
        ) from error
    if hasattr(time, "tzset") and os.environ.get("TZ") != name:
        os.environ["TZ"] = name
        time.tzset()


def home() -> Path:
    """The data directory, created when missing."""
    path = settings().home.expanduser()
    path.mkdir(parents=True, exist_ok=True)
    return path
