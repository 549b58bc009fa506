"""LaTeX formulas as Unicode text, as far as text can."""

import re

MAX_LENGTH = 2000
"""The converter takes quadratic time; a longer formula stays as it is."""

FORMULA_SIGNS = re.compile(r"[\\^_={}<>+*/\d-]")
SHORT_NAME = re.compile(r"\s*\w{1,2}\s*")


def is_formula(content: str) -> bool:
    """Tell a formula between escaped brackets from brackets that were merely escaped."""
    return bool(FORMULA_SIGNS.search(content) or SHORT_NAME.fullmatch(content))


def to_unicode(formula: str) -> str:
    """Write a formula with Unicode letters, signs, powers and indices."""
    formula = " ".join(formula.split())
    if len(formula) > MAX_LENGTH:
        return formula
    # Its tables are large, and formulas rare.
    from telegramify_markdown.latex_escape.helper import LatexToUnicodeHelper  # noqa: PLC0415

    converter = LatexToUnicodeHelper()
    return str(converter.convert(formula)).strip()  # type: ignore[no-untyped-call]  # not typed
