"""The list of those who may use the bot, and of those who may not."""

from collections.abc import Mapping

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
            _write_section(out, title, ids[:MOST_LISTED], access, names)
        if len(ids) > MOST_LISTED:
            out.write(t("access-more", count=len(ids) - MOST_LISTED))
        out.break_line(2)

    out.write(t("access-hint"))
    return out.finish()


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


def _write_section(
    out: TextBuilder,
    title: str,
    ids: list[int],
    access: AccessService,
    names: Mapping[int, str],
) -> None:
    out.open("bold")
    out.write(title)
    out.close()
    out.break_line()
    for one in ids:
        if name := access.name_of(one) or names.get(one, ""):
            out.write(f"{name} ")
        out.write_code(str(one))
        if one in access.allowed_by_settings:
            out.write(" (ALLOWED_IDS)")
        out.break_line()
