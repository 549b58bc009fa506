"""The orders of pictures and videos that the rows of their table stand for."""

from sqlalchemy import RowMapping

from bot.model import Failure, MediaJob, MediaResult, PriceRange
from bot.storage.questions import read_question


def read_job(row: RowMapping) -> MediaJob:
    """Make a job of a row of the table."""
    return MediaJob(
        id=row["id"],
        question=read_question(row),
        kind=row["kind"],
        model=row["model"],
        params=row["params"],
        price=_read_price(row),
        state=row["state"],
        created_at=row["created_at"],
        waiting_since=row["waiting_since"],
        finished_at=row["finished_at"],
        generation_id=row["generation_id"],
        eta_seconds=row["eta_seconds"],
        result=_read_result(row),
        failure=_read_failure(row),
        status_message_id=row["status_message_id"],
        looks=row["looks"],
        failures=row["failures"],
        due_at=row["due_at"],
        lease=row["lease"],
    )


def _read_price(row: RowMapping) -> PriceRange | None:
    if row["min_tokens"] is None:
        return None
    return PriceRange(min_tokens=row["min_tokens"], max_tokens=row["max_tokens"])


def _read_result(row: RowMapping) -> MediaResult | None:
    if row["result_url"] is None:
        return None
    return MediaResult(
        url=row["result_url"],
        tokens_spent=row["tokens_spent"],
        seed=row["seed"],
        width=row["width"],
        height=row["height"],
        duration_seconds=row["duration_seconds"],
        processing_seconds=row["processing_seconds"],
    )


def _read_failure(row: RowMapping) -> Failure | None:
    if row["failure_key"] is None:
        return None
    return Failure(key=row["failure_key"], arguments=row["failure_arguments"])
