import re
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import Metric
from pydantic import BaseModel

from bot import web
from tests.counts import count_everything
from tests.web.house import open_house

FILE = Path(web.__file__).with_name("grafana.json")
ROWS = ["Is it well", "People", "Money", "Telegram", "Elumenta", "Orders"]
BRACKETS = [("(", ")"), ("[", "]"), ("{", "}")]
NAMES = re.compile(r"\b(?:elumenta_bot|process)_\w+")


class Target(BaseModel):
    expr: str


class Place(BaseModel):
    x: int
    y: int
    w: int
    h: int

    @property
    def cells(self) -> set[tuple[int, int]]:
        return {
            (self.x + right, self.y + down) for right in range(self.w) for down in range(self.h)
        }


class Panel(BaseModel):
    id: int
    type: str
    title: str
    description: str = ""
    gridPos: Place  # noqa: N815 - Grafana's name
    targets: list[Target] = []


class Variable(BaseModel):
    name: str
    type: str


class Templating(BaseModel):
    list: list[Variable]


class Dashboard(BaseModel):
    uid: str
    title: str
    schemaVersion: int  # noqa: N815 - Grafana's name
    templating: Templating
    panels: list[Panel]


DASHBOARD = Dashboard.model_validate_json(FILE.read_bytes())
SHOWN = [panel for panel in DASHBOARD.panels if panel.type != "row"]
QUERIES = [target.expr for panel in SHOWN for target in panel.targets]
FAMILIES = list(count_everything().registry.collect())


def name_of(family: Metric) -> str:
    """The name under which it is asked for."""
    endings = {"counter": "_total", "histogram": "_bucket"}
    return family.name + endings.get(family.type, "")


def labels_of(family: Metric) -> set[str]:
    return {label for sample in family.samples for label in sample.labels}


def labels_in(query: str) -> Iterator[str]:
    for listed in re.findall(r"by \(([^)]*)\)", query):
        yield from re.split(r",\s*", listed)
    for chosen in re.findall(r"\{([^}]*)\}", query):
        yield from re.findall(r"(\w+)!?=", chosen)


async def test_everything_it_asks_for_is_counted() -> None:
    async with open_house() as visitor:
        told = (await visitor.get("/metrics")).text

    counted = {name_of(family) for family in FAMILIES}
    counted |= set(re.findall(r"^process_\w+", told, re.MULTILINE))
    asked = {name for query in QUERIES for name in NAMES.findall(query)}
    assert asked - counted == set()


def test_everything_that_is_counted_is_shown() -> None:
    asked = {name for query in QUERIES for name in NAMES.findall(query)}

    assert {name_of(family) for family in FAMILIES} - asked == set()


def test_it_tells_apart_by_labels_that_there_are() -> None:
    wrong = [
        (query, label)
        for query in QUERIES
        for family in FAMILIES
        if name_of(family) in NAMES.findall(query)
        for label in labels_in(query)
        if label not in {*labels_of(family), "instance"}
    ]

    assert wrong == []


def test_rates_are_of_what_only_grows() -> None:
    gauges = {name_of(family) for family in FAMILIES if family.type == "gauge"}
    growing = [
        name for query in QUERIES for name in re.findall(r"(?:rate|increase)\((\w+)", query)
    ]

    assert gauges.isdisjoint(growing)


def test_every_bracket_is_closed() -> None:
    pairs = [
        (query.count(left), query.count(right)) for query in QUERIES for left, right in BRACKETS
    ]

    assert all(opened == closed for opened, closed in pairs)


def test_it_has_its_rows_in_order() -> None:
    rows = [panel.title for panel in DASHBOARD.panels if panel.type == "row"]

    assert rows == ROWS


def test_no_panel_hides_another() -> None:
    cells = [cell for panel in DASHBOARD.panels for cell in panel.gridPos.cells]

    assert len(cells) == len(set(cells))
    assert max(right for right, _ in cells) < 24


def test_it_can_be_loaded_into_any_grafana() -> None:
    variables = {variable.name: variable.type for variable in DASHBOARD.templating.list}

    assert DASHBOARD.schemaVersion >= 39
    assert variables == {"datasource": "datasource", "instance": "query"}
    assert len({panel.id for panel in DASHBOARD.panels}) == len(DASHBOARD.panels)


def test_every_panel_says_what_it_shows() -> None:
    assert [panel.title for panel in SHOWN if not panel.description or not panel.targets] == []


def test_no_panel_is_bound_to_one_source() -> None:
    sources = re.findall(r'"uid": "([^"]*)"', FILE.read_text(encoding="utf-8"))

    assert set(sources) == {DASHBOARD.uid, "${datasource}"}
