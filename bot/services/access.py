"""Who may use the bot, and who owns it."""

import asyncio
from collections.abc import Callable, Coroutine
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from hmac import compare_digest
from secrets import token_urlsafe

from bot.clock import utc_now
from bot.model import AccessRule, Admin, Standing
from bot.storage.access import AccessStore

CLAIM = "claim-"
"""How the word in the one-time link of the owner begins."""

CLAIM_BYTES = 24


class AccessService:
    """Answers at once, from a snapshot of what is stored; whoever is not known may not.

    Changes are stored first and hold from then on.
    """

    def __init__(
        self,
        store: AccessStore,
        *,
        open_to_all: bool,
        admin_ids: AbstractSet[int],
        allowed_ids: AbstractSet[int],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.is_open = open_to_all
        self.allowed_by_settings = frozenset(allowed_ids)
        self.claim_code: str | None = None
        """What makes whoever says it first the owner; there is one only while nobody is."""
        self._store = store
        self._admin_ids = frozenset(one for one in admin_ids if one > 0)
        self._now = now
        self._rules: dict[int, AccessRule] = {}
        self._known: dict[int, Admin] = {}
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """Learn what is stored; before that, only the settings decide."""
        await self.refresh()
        if not self.admins:
            await self._store.put_claim_code(CLAIM + token_urlsafe(CLAIM_BYTES))
            self.claim_code = await self._store.claim_code()

    async def refresh(self) -> None:
        """Learn what is stored by now, by other replicas too."""
        async with self._changing:
            self._rules = {rule.id: rule for rule in await self._store.rules()}
            await self._learn_admins()

    def allows(self, *, person_id: int | None, chat_id: int) -> bool:
        """Say whether this person may spend tokens here; in an allowed group everybody may.

        In a denied group nobody may. A negative person is a chat that hides who writes.
        """
        if self.is_denied(chat_id):
            return False
        if self.is_admin(person_id):
            return True
        if person_id is not None and self.is_denied(person_id):
            return False
        is_allowed_here = chat_id < 0 and self._is_allowed(chat_id)
        return self.is_open or is_allowed_here or self._is_allowed(person_id)

    @property
    def admins(self) -> frozenset[int]:
        """Those whom the settings name; if they name none, whoever opened the one-time link."""
        claimed = (admin.person_id for admin in self._known.values() if admin.has_claimed)
        return self._admin_ids or frozenset(claimed)

    def is_admin(self, person_id: int | None) -> bool:
        return person_id in self.admins

    def is_denied(self, subject_id: int) -> bool:
        """Say whether the owner shut out a person or a group; admins cannot be."""
        return self.standing_of(subject_id) is Standing.DENIED and not self.is_admin(subject_id)

    def standing_of(self, subject_id: int) -> Standing | None:
        """Tell what was decided at run time; None when nobody asked."""
        rule = self._rules.get(subject_id)
        return rule.standing if rule is not None else None

    def name_of(self, subject_id: int) -> str:
        """Tell what a person or a group was called last; empty when nobody knows."""
        rule = self._rules.get(subject_id)
        return rule.name if rule is not None else ""

    def rules(self) -> list[AccessRule]:
        """List what was decided or asked at run time, the newest first."""
        return sorted(self._rules.values(), key=lambda rule: rule.changed_at, reverse=True)

    async def allow(
        self, subject_id: int, *, name: str | None = None, expected: Standing | None = None
    ) -> bool:
        """Let a person or a group in; False when it does not stand as *expected* any more."""
        return await self._decide(subject_id, Standing.ALLOWED, name=name, expected=expected)

    async def deny(
        self, subject_id: int, *, name: str | None = None, expected: Standing | None = None
    ) -> bool:
        """Shut a person or a group out; False also for an admin, whom nobody can shut out."""
        if self.is_admin(subject_id):
            return False
        return await self._decide(subject_id, Standing.DENIED, name=name, expected=expected)

    async def ask(self, person_id: int, *, name: str) -> bool:
        """Note that somebody would like to use the bot; False when that was known."""
        async with self._changing:
            is_new = await self._store.ask(person_id, name=name)
            known = self._rules.get(person_id)
            if known is None:
                self._note(person_id, Standing.ASKED, name)
            else:
                self._rules[person_id] = replace(known, name=name)
        return is_new

    async def claim(self, code: str, *, person_id: int, language: str | None) -> bool:
        """Make this person the owner, if the code is right and nobody was faster."""
        if self.claim_code is None or not _are_equal(code, self.claim_code):
            return False
        async with self._changing:
            if not await self._store.claim(person_id, language=language):
                return False
            await self._learn_admins()
        return True

    def language_of(self, admin_id: int) -> str | None:
        """Tell which language an admin spoke last, if they ever wrote."""
        admin = self._known.get(admin_id)
        return admin.language if admin is not None else None

    async def hear(self, person_id: int, language: str) -> None:
        """Remember the language of an admin."""
        if self.is_admin(person_id) and self.language_of(person_id) != language:
            async with self._changing:
                await self._store.note_language(person_id, language)
                await self._learn_admins()

    @property
    def menu_owners(self) -> frozenset[int]:
        """Those whose menu shows the commands of admins, be they admins still or not."""
        return frozenset(admin.person_id for admin in self._known.values() if admin.has_menu)

    async def note_menu(self, person_id: int, *, has_menu: bool) -> None:
        """Remember whether somebody's menu shows the commands of admins."""
        async with self._changing:
            await self._store.note_menu(person_id, has_menu=has_menu)
            await self._learn_admins()

    def move(self, old_chat_id: int, new_chat_id: int) -> Coroutine[object, object, None]:
        """Let what holds for a group hold for the supergroup that it became.

        It does from the call on, as what people write there may come next; awaiting it stores it.
        """
        known = self._rules.pop(old_chat_id, None)
        if self.standing_of(new_chat_id) in {None, Standing.ASKED}:
            if known is not None:
                self._note(new_chat_id, known.standing, known.name)
            elif old_chat_id in self.allowed_by_settings:
                self._note(new_chat_id, Standing.ALLOWED, None)
        return self._store_move(old_chat_id, new_chat_id)

    async def _store_move(self, old_id: int, new_id: int) -> None:
        async with self._changing:
            await self._store.move(old_id, new_id)
            if self.standing_of(new_id) is Standing.ALLOWED:
                # It may be the settings that allow it, and they know the old id only.
                await self._store.decide(new_id, Standing.ALLOWED, name=None)

    async def _learn_admins(self) -> None:
        self._known = {admin.person_id: admin for admin in await self._store.admins()}
        self.claim_code = None if self.admins else await self._store.claim_code()

    async def _decide(
        self,
        subject_id: int,
        standing: Standing,
        *,
        name: str | None,
        expected: Standing | None,
    ) -> bool:
        async with self._changing:
            if not await self._store.decide(subject_id, standing, name=name, expected=expected):
                return False
            self._note(subject_id, standing, name)
        return True

    def _is_allowed(self, subject_id: int | None) -> bool:
        if subject_id is None:
            return False
        return (
            subject_id in self.allowed_by_settings
            or self.standing_of(subject_id) is Standing.ALLOWED
        )

    def _note(self, subject_id: int, standing: Standing, name: str | None) -> None:
        self._rules[subject_id] = AccessRule(
            id=subject_id,
            standing=standing,
            name=self.name_of(subject_id) if name is None else name,
            changed_at=self._now(),
        )


def _are_equal(code: str, secret: str) -> bool:
    """Compare in a time that tells nothing of where they differ."""
    return compare_digest(code.encode(errors="replace"), secret.encode())
