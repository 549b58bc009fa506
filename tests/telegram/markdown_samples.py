"""Markdown of every kind, well formed and torn, for the property tests."""

from dataclasses import dataclass

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

UNHURRIED = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
"""For properties: a busy machine proves nothing."""

LETTERS = "QжמمЖ漢한𐍈"
"""Letters that no formula has a power or an index for; the last is a surrogate pair."""

BLOCKS = [
    "# {}",
    "{}\n===",
    "> {}",
    "> {}\n> > {}\n>\n> - {}",
    "- {}\n  - {}\n- {}",
    "7. {}\n9. {}\n\n   {}",
    "- [ ] {}\n- [x] {}",
    "```py\n{}\n    {}\n```",
    "- ```\n  {}\n  ```\n  {}",
    "~~~\n\t{}",
    "    {}",
    "<div>\n{} **{}**\n</div>",
    "<pre>{}</pre>",
    "<!-- {}\n\n{} -->",
    "<details><summary>{}</summary>\n\n{}\n</details>",
    "[{}]: {}",
    "[^1]: {}",
    "$$\n{}\n- {}\n$$",
    "\\[\n{} = {}\n\\]",
    "---",
]
TABLES = ["| {} | {} |\n|---|--:|\n| {} | {} |", "|{}|\n|-|\n|{}|{}|{}|\n|\n"]
INLINES = [
    "{} {}",
    "{}, {}.",
    "**{}**",
    "*{}*",
    "__{}__",
    "_{}_",
    "***{} `{}` {}***",
    "~~{}~~",
    "~{}~",
    "||{}||",
    "||{} **{}**||",
    "`{}`",
    "``{}`{}``",
    "[{}](https://example.com/page)",
    "[{} `{}`](https://example.com)",
    "[{}](javascript:{})",
    "[{}](#{})",
    "[{}](mailto:{}@example.com)",
    "![{}](https://example.com/a.png)",
    "<https://example.com/{}>",
    "List<{}>",
    "<{}>",
    "<b>{}</b>",
    "<i>{}",
    "<code>{} **{}**</code>",
    "<b>**{}</b>**",
    "{}<br>{}",
    "<think>{}</think>",
    "${}$",
    "$5 {} $7",
    "\\({}\\)",
    "\\[{}\\]",
    "{}[^1]",
    "[{}]",
    "{}\\\n{}",
    "{} 👨‍👩‍👧 {} 🇩🇪🇫🇷 ❤️",
    "é̂{}́",
]
TORN = [
    *["*", "**", "_", "~~", "||", "`", "``", "```\n", "~~~\n", "$", "$$", "[", "![", "](", ")"],
    *["<", ">", "<!--", "<b>", "</i>", "<pre>", "</think>", "\\(", "\\)", "\\[", "\\]", "\\"],
    *[
        "|",
        "|--|",
        "#",
        "-",
        "1.",
        "=",
        "{",
        "}",
        "&",
        "&amp;",
        "\t",
        "\u200b",
        "\u202e",
        "\ufe0f",
    ],
]
LINE_BREAKS = ["\n", "\n\n", "\n    ", "\n> ", "\n- "]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Markdown, and the words in it that a reader has to see, in order."""

    markdown: str
    words: tuple[str, ...]


@st.composite
def samples(draw: st.DrawFn, *, templates: tuple[str, ...], max_size: int = 25) -> Sample:
    """Fill templates with words, none of which occurs twice."""
    pieces: list[str] = []
    words: list[str] = []
    for template in draw(st.lists(st.sampled_from(templates), max_size=max_size)):
        letter = draw(st.sampled_from(LETTERS))
        count = template.count("{}")
        fresh = [f"{letter}{len(words) + index}{letter}" for index in range(count)]
        words += fresh
        pieces += [template.format(*fresh) if fresh else template]
        # A word right after a fence would be its language, which is not shown.
        separators = LINE_BREAKS if template.endswith("```") else [" ", *LINE_BREAKS]
        pieces += [draw(st.sampled_from(separators))]
    return Sample(markdown="".join(pieces), words=tuple(words))


def wild_markdown() -> st.SearchStrategy[str]:
    """Mix Markdown with any characters at all, halves of surrogate pairs included."""
    everything = samples(templates=(*BLOCKS, *TABLES, *INLINES, *TORN), max_size=8)
    text = st.text(st.characters(categories=("L", "M", "N", "P", "S", "Z", "C")), max_size=40)
    pieces = st.one_of(everything.map(lambda sample: sample.markdown), text, st.sampled_from(TORN))
    return st.lists(pieces, max_size=8).map("".join)
