"""The only reader of the environment: every knob of the system, with its default and its meaning.

A container gets these as environment variables and secrets of its task definition; nothing else differs between a
laptop and AWS.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class MissingSetting(RuntimeError):
    """A setting that the task at hand needs is not set or not valid."""


class Settings(BaseSettings):
    """Settings by environment variable; the variable's name is the alias of the field."""

    model_config = SettingsConfigDict(populate_by_name=True, extra="ignore", frozen=True)

    s3_bucket: str = Field("filings", alias="FILINGS_S3_BUCKET")
    r2_bucket: str = Field("filings", alias="FILINGS_R2_BUCKET")
    aws_endpoint_url: str | None = Field(None, alias="AWS_ENDPOINT_URL")
    aws_region: str = Field("us-east-1", alias="AWS_DEFAULT_REGION")
    r2_endpoint_url: str | None = Field(None, alias="R2_ENDPOINT_URL")
    r2_access_key_id: str | None = Field(None, alias="R2_ACCESS_KEY_ID")
    r2_secret_access_key: str | None = Field(None, alias="R2_SECRET_ACCESS_KEY", repr=False)

    sec_user_agent: str = Field("", alias="SEC_USER_AGENT", description="Name and e-mail, which the SEC asks for")
    sec_base_url: str = Field("https://www.sec.gov", alias="SEC_BASE_URL")
    sec_requests_per_second: float = Field(8.0, alias="SEC_REQUESTS_PER_SECOND", gt=0, le=8)
    sec_requests_instant: float = Field(2.0, alias="SEC_REQUESTS_INSTANT", ge=0)
    sec_containers: int = Field(4, alias="SEC_CONTAINERS", ge=1, description="containers that ask the SEC at once")
    sec_first_year: int = Field(1993, alias="SEC_FIRST_YEAR", ge=1993, description="EDGAR's indexes begin in 1993")
    feed_from: int = Field(
        100,
        alias="FILINGS_FEED_FROM",
        ge=0,
        description="missing filings that make a day's Feed file worth it; 0: never",
    )
    sec_attempts: int = Field(5, alias="SEC_ATTEMPTS", ge=1)
    sec_timeout_seconds: float = Field(60.0, alias="SEC_TIMEOUT_SECONDS", gt=0)

    mysql_url: str | None = Field(None, alias="MYSQL_URL", repr=False)
    mysql_wait_seconds: float = Field(300.0, alias="MYSQL_WAIT_SECONDS", ge=0)

    batch_size: int = Field(500, alias="FILINGS_BATCH_SIZE", ge=1)
    concurrency: int = Field(16, alias="FILINGS_CONCURRENCY", ge=1, description="objects in flight in one container")
    memory_mb: int = Field(
        448,
        alias="FILINGS_MEMORY_MB",
        ge=16,
        description="MiB of submissions in hand; the process takes up to 200 besides",
    )
    grace_seconds: float = Field(20.0, alias="FILINGS_GRACE_SECONDS", ge=0, description="ECS kills 30 s after SIGTERM")
    only_products: tuple[str, ...] | None = Field(
        None, alias="FILINGS_ONLY_PRODUCTS", description="make only these products, as a JSON list (default: all)"
    )
    products: tuple[Path, ...] = Field(
        (), alias="FILINGS_PRODUCTS", description="further folders of products, as a JSON list"
    )
    compression_level: int = Field(10, alias="FILINGS_COMPRESSION_LEVEL", ge=1, le=19)

    @model_validator(mode="after")
    def _instant_leaves_something(self) -> Settings:
        if self.sec_requests_instant >= self.sec_requests_per_second:
            raise ValueError(
                "SEC_REQUESTS_INSTANT must leave something of SEC_REQUESTS_PER_SECOND to the daily pipeline"
            )
        return self

    @property
    def sec_share(self) -> float:
        """Requests per second that one daily container may make, so that all of them together keep the budget."""
        return (self.sec_requests_per_second - self.sec_requests_instant) / self.sec_containers

    def require_user_agent(self) -> str:
        """The User-Agent for the SEC.

        Raises:
            MissingSetting: when it names no e-mail; the SEC refuses such requests.
        """
        if "@" not in self.sec_user_agent:
            raise MissingSetting('SEC_USER_AGENT must name you and an e-mail, such as "Jane Doe jane@example.com"')
        return self.sec_user_agent


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        MissingSetting: when a variable's value is not valid; the message names the variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        details = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'settings'}: {e['msg']}" for e in error.errors())
        raise MissingSetting(f"settings: {details}") from error
