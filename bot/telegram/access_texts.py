"""The list of those who may use the bot, and of those who may not."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.i18n import Localizer
from bot.model import Standing
from bot.services.access import AccessService
from bot.telegram.formatted import FormattedText
from bot.telegram.markdown.builder import TextBuilder

MOST_LISTED = 20
"""People and groups under one heading."""


def nameless(access: AccessService) -> list[int]:
    """Name those on the list of whom only the id is known."""
    listed = [one for ids in _sections(access) for one in ids[:MOST_LISTED]]
    return [one for one in listed if not access.name_of(one)]


def access_text(access: AccessService, names: Mapping[int, str], t: Localizer) -> FormattedText:
    """List people and groups with their names; *names* has those that nobody noted.

    The text may be longer than one message.
    """
    titles = (t("access-admins"), t("access-allowed"), t("access-asked"), t("access-denied"))
    out = TextBuilder()
    if access.is_open:
        out.write(t("access-open"))
        out.break_line(2)

    for title, ids in zip(titles, _sections(access), strict=True):
        if ids:
            people = [_entry(one, access, names) for one in ids[:MOST_LISTED]]
            _write_section(out, title, people)
        if len(ids) > MOST_LISTED:
            out.write(t("access-more", count=len(ids) - MOST_LISTED))
        out.break_line(2)

    out.write(t("access-hint"))
    return out.finish()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A person or a group as the list shows it."""

    id: int
    name: str
    is_from_settings: bool


def _sections(access: AccessService) -> tuple[list[int], ...]:
    """Sort everybody into admins, allowed, asked and denied, by what holds for them now."""
    settings, admins = access.allowed_by_settings, access.admins
    allowed, asked, denied = (
        [rule.id for rule in access.rules() if rule.standing is one and rule.id not in admins]
        for one in (Standing.ALLOWED, Standing.ASKED, Standing.DENIED)
    )
    more = settings - admins - {*allowed, *denied}
    asking = [one for one in asked if one not in settings]
    return sorted(admins), [*allowed, *sorted(more)], asking, denied


def _entry(subject_id: int, access: AccessService, names: Mapping[int, str]) -> _Entry:
    return _Entry(
        id=subject_id,
        name=access.name_of(subject_id) or names.get(subject_id, ""),
        is_from_settings=subject_id in access.allowed_by_settings,
    )


def _write_section(out: TextBuilder, title: str, people: list[_Entry]) -> None:
    out.open("bold")
    out.write(title)
    out.close()
    out.break_line()
    for one in people:
        if one.name:
            out.write(f"{one.name} ")
        out.write_code(str(one.id))
        if one.is_from_settings:
            out.write(" (ALLOWED_IDS)")
        out.break_line()
