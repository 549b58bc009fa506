"""Who may use the bot."""

from collections.abc import Set as AbstractSet


class AccessService:
    """Decides by the owner's settings; whoever is not known to be allowed is not."""

    def __init__(
        self, *, open_to_all: bool, admin_ids: AbstractSet[int], allowed_ids: AbstractSet[int]
    ) -> None:
        self._open_to_all = open_to_all
        self._allowed = admin_ids | allowed_ids

    @property
    def admits_anybody(self) -> bool:
        """False while nobody at all may use the bot."""
        return self._open_to_all or bool(self._allowed)

    def allows(self, *, person_id: int | None, chat_id: int) -> bool:
        """Say whether this person may spend tokens here; in an allowed chat everybody may."""
        return self._open_to_all or person_id in self._allowed or chat_id in self._allowed
