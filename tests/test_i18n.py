import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from bot.errors import BotError
from bot.i18n import LocaleBroken, Translator

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "locales"


class Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802
        self.names.add(node.id.name)


def messages(language: str) -> dict[str, set[str]]:
    """Every key of a language with the variables its text uses."""
    resource = FluentParser().parse((LOCALES / language / "bot.ftl").read_text(encoding="utf-8"))
    found = {}
    for entry in resource.body:
        if isinstance(entry, ftl.Message):
            variables = Variables()
            variables.visit(entry)
            found[entry.id.name] = variables.names
    return found


def calls() -> Iterator[tuple[str, set[str]]]:
    """Every `t("key", name=...)` and `Note(key="key", arguments={"name": ...})` in the program."""
    for file in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="t"), args=[ast.Constant(value=str(key))], keywords=keywords
                ):
                    yield key, {keyword.arg for keyword in keywords if keyword.arg}
                case ast.Call(
                    func=ast.Name(id="Note"),
                    keywords=[
                        ast.keyword(arg="key", value=ast.Constant(value=str(key))),
                        *arguments,
                    ],
                ):
                    yield key, {name for one in arguments for name in _names(one.value)}


def _names(arguments: ast.expr) -> Iterator[str]:
    assert isinstance(arguments, ast.Dict)
    for name in arguments.keys:
        assert isinstance(name, ast.Constant)
        yield str(name.value)


def test_all_languages_have_the_same_keys_and_variables() -> None:
    english = messages("en")

    for language in Translator(LOCALES).languages:
        assert messages(language) == english


def test_every_call_names_a_key_and_its_variables() -> None:
    english = messages("en")

    found = list(calls())

    assert len(found) > 10
    assert [(key, names) for key, names in found if english.get(key) != names] == []


def test_every_error_that_a_person_can_be_told_has_a_text() -> None:
    keys = {BotError.key, *(error.key for error in BotError.__subclasses__())}

    assert keys <= messages("en").keys()


def test_every_text_is_used() -> None:
    named = {key for key, _ in calls()}
    errors = {BotError.key, *(error.key for error in BotError.__subclasses__())}

    assert messages("en").keys() == named | errors


@pytest.mark.parametrize(
    ("code", "language"),
    [("ru", "ru"), ("ru-RU", "ru"), ("RU", "ru"), ("de", "en"), ("", "en"), (None, "en")],
)
def test_an_unknown_language_falls_back_to_the_default(code: str | None, language: str) -> None:
    assert Translator(LOCALES).for_locale(code).language == language


def test_the_owner_chooses_the_default_language() -> None:
    assert Translator(LOCALES, default="ru").for_locale("de").language == "ru"


@pytest.mark.parametrize(
    ("count", "ending"),
    [
        (1, "1 вопрос;"),
        (2, "2 вопроса;"),
        (5, "5 вопросов;"),
        (11, "11 вопросов;"),
        (21, "21 вопрос;"),
        (22, "22 вопроса;"),
        (25, "25 вопросов;"),
        (111, "111 вопросов;"),
    ],
)
def test_russian_plurals_are_right(count: int, ending: str) -> None:
    t = Translator(LOCALES).for_locale("ru")

    assert ending in t("error-too-busy", count=count)


def test_a_text_that_a_language_lacks_is_taken_from_english(tmp_path: Path) -> None:
    for language, content in (("en", "both = Both\nonly = Only"), ("ru", "both = Оба")):
        (tmp_path / language).mkdir()
        (tmp_path / language / "bot.ftl").write_text(content, encoding="utf-8")

    t = Translator(tmp_path).for_locale("ru")

    assert (t("both"), t("only"), t("neither")) == ("Оба", "Only", "neither")


def test_a_broken_entry_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "bot.ftl").write_text("fine = Fine\nbroken entry\n", encoding="utf-8")

    with pytest.raises(LocaleBroken, match="broken entry"):
        Translator(tmp_path)
