"""Who should hold which chat, and get which updates."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.storage.holding import INNOCENT_ATTEMPTS, MOST_ATTEMPTS


@dataclass(slots=True, kw_only=True)
class Item:
    """An update as it should be."""

    chat_id: int
    replica_id: str | None = None
    is_press: bool = False
    attempts: int = 0
    is_done: bool = False


@dataclass(slots=True)
class World:
    """What the database should hold."""

    items: dict[int, Item] = field(default_factory=dict)
    open_turns: dict[int, int] = field(default_factory=dict)
    """The chats of the turns that are not delivered."""
    alive_until: dict[str, datetime] = field(default_factory=dict)
    """The end of each replica that was not buried."""
    holders: dict[int, str] = field(default_factory=dict)

    def is_alive(self, replica_id: str, now: datetime) -> bool:
        return replica_id in self.alive_until and self.alive_until[replica_id] > now

    def bury(self, replica_id: str) -> None:
        self.alive_until.pop(replica_id, None)
        self.holders = {
            chat_id: holder for chat_id, holder in self.holders.items() if holder != replica_id
        }

    def undone_chats(self, *, presses_only: bool = False) -> set[int]:
        return {
            item.chat_id
            for item in self.items.values()
            if not item.is_done and (item.is_press or not presses_only)
        }

    def claim(
        self, replica_id: str, limit: int, now: datetime, *, presses_only: bool
    ) -> tuple[frozenset[int], list[int], bool]:
        """Tell which chats are taken over, which updates are handed out, and if there is more."""
        for other in set(self.alive_until) - {replica_id}:
            if not self.is_alive(other, now):
                self.bury(other)
        if not self.is_alive(replica_id, now):
            return frozenset(), [], False

        left_open = set(self.open_turns.values())
        needy = self.undone_chats(presses_only=True) if presses_only else self.undone_chats()
        taken = (needy if presses_only else needy | left_open) - set(self.holders)
        self.holders |= dict.fromkeys(taken, replica_id)
        mine = [
            number
            for number, item in self.items.items()
            if not item.is_done
            and item.replica_id != replica_id
            and self.holders.get(item.chat_id) == replica_id
            and (item.is_press or not presses_only)
        ]
        due = self._due(mine, replica_id)[:limit]
        handed_out = [number for number in due if self._hand_out(number, replica_id)]
        return frozenset(taken & left_open), handed_out, bool(due)

    def _due(self, numbers: list[int], replica_id: str) -> list[int]:
        """Leave out what is not tried yet, and what came after it in the same chat."""
        is_trying = any(
            item.replica_id == replica_id
            and item.attempts > INNOCENT_ATTEMPTS
            and not item.is_done
            for item in self.items.values()
        )
        due, waiting_chats = [], set()
        for number in numbers:
            item = self.items[number]
            if item.chat_id in waiting_chats:
                continue
            is_suspect = item.attempts >= INNOCENT_ATTEMPTS
            if is_suspect and is_trying:
                waiting_chats.add(item.chat_id)
                continue
            is_trying |= is_suspect
            due.append(number)
        return due

    def _hand_out(self, number: int, replica_id: str) -> bool:
        item = self.items[number]
        item.replica_id = replica_id
        item.attempts += 1
        item.is_done = item.attempts > MOST_ATTEMPTS
        return not item.is_done
