"""Why a flow exists, or why not, and the way that there is instead."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from generator.derive.explain import Answer, UnknownError, explain
from generator.derive.flows import derive
from generator.derive.machines import MachineFlow, expand
from generator.derive.model import Derived
from generator.diagrams.site import site_drawings
from generator.lint.run import lint
from generator.load import Atlas
from generator.render.site_pages import page

from ..conftest import DATA, ROOT
from .sites import Data, derived, site_of

Ask = Callable[[str], Answer]


@pytest.fixture
def ask(atlas: Atlas) -> Ask:
    """Answer a question written as on the command line: site, from, to, port."""

    def answer(question: str) -> Answer:
        site, *rest = question.split()
        return explain(atlas.catalogue, derive(atlas.catalogue, site_of(atlas, site)), *rest)

    return answer


# ---- no flow --------------------------------------------------------------------------------

NOT = {
    "multi-geo emea01 cd01 8443": (
        "emea01 reaches zone default only through gateway hq-emea",
        "emea01 → gw-emea:7800 → gw-hq1:7800 → lb01:8443",
    ),
    "multi-geo emea01 lb01 8443": (
        "emea01 reaches zone default only through gateway hq-emea",
        "emea01 → gw-emea:7800 → gw-hq1:7800 → lb01:8443",
    ),
    "multi-geo emea01 repo01 8200": (
        "emea01 reaches zone default only through gateway hq-emea",
        "emea01 → gw-emea:7800 → gw-hq1:7800 → repo01:8200",
    ),
    "multi-geo emea01 apac01 7800": (
        "emea01 reaches zone apac only through gateways hq-emea and hq-apac",
        "emea01 → gw-emea:7800 → gw-hq1:7800 → gw-apac:7800 → apac:7800",
    ),
    # Gateways pass on what agents ask of servers, and mount no file server.
    "multi-geo emea01 nas01 2049": (
        "emea01 reaches zone default only through gateway hq-emea",
        None,
    ),
    # Nor do they pass on what a browser asks: no way begins at people.
    "multi-geo users-emea lb01 443": (
        "users-emea reaches zone default only through gateway hq-emea",
        None,
    ),
    "multi-geo emea01 emea02 7800": (
        "both are in zone emea, where agent-https goes only to or from a gateway's end",
        None,
    ),
    "multi-geo agent01 gw-hq1 7800": (
        "both are in zone default, the home zone, where no gateway passes it on",
        None,
    ),
    "single-server cd01 cd01 8443": (
        "same host: only loopback connections stay on one host",
        None,
    ),
    "clustered cd01 cd01 5445": ("same host: only loopback connections stay on one host", None),
    "clustered cd02 10.20.1.12 5445": (
        "same host: only loopback connections stay on one host",
        None,
    ),
    "single-server build01 cd01 9200": (
        "analytics-elasticsearch does not exist in release 2024.06.0",
        None,
    ),
    "clustered cd01 ana01 9201": ("analytics-opensearch does not exist in release 10.0", None),
    "clustered cd01 db01 1433": ("option database is oracle, not sql-server", None),
    "single-server cd01 build01 445": ("option file-sharing is nothing, not smb", None),
    "single-server build01 cd01 61613": ("feature file-transfer is off", None),
    "single-server cd01 cd01 2181": ("same host: only loopback connections stay on one host", None),
    "single-server cd01 build01 2181": ("condition clustered does not hold", None),
    "clustered agent01 agent02 8443": (
        "agent02 runs no cd-server, which listens on cd-server-https",
        None,
    ),
    "clustered zk01 cd01 8443": (
        "zk01 runs nothing that starts cd-server-https, only: agent, ectool, web-server",
        None,
    ),
    "clustered agent01 ana01 9600": (
        "agent01 runs nothing that starts analytics-logstash-api, only: nobody known",
        None,
    ),
    "clustered agent01 cd01 8443": (
        "cd01 is behind load balancer lb01, which is dialled instead",
        "agent01 → lb01:8443 → cd01:8000",
    ),
    "clustered users web02 80": (
        "web02 is behind load balancer lb01, which is dialled instead",
        "users → lb01:80",
    ),
    "clustered web01 web02 6800": ("agent-local is on loopback: it never leaves its host", None),
    "clustered web01 repo01 agent-local": (
        "agent-local is on loopback: it never leaves its host",
        None,
    ),
    "clustered lb01 cd01 8443": (
        "lb01 runs nothing that starts cd-server-https, only: agent, ectool, web-server",
        None,
    ),
    "kubernetes vm01 flow-server 8443": (
        "vm01 reaches zone default only through gateway default-external",
        "vm01 → ingress:17800 → gateway-default:7800 → ingress:8443",
    ),
}


@pytest.mark.parametrize("question", NOT)
def test_a_missing_flow_has_its_reason(question: str, ask: Ask) -> None:
    answer = ask(question)
    assert answer.flows == ()
    assert (answer.reason, answer.instead) == NOT[question]


# ---- a flow ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "flows"),
    [
        ("multi-geo emea01 gw-emea 7800", ["agent-https:emea.agent>gw-emea.agent"]),
        ("multi-geo emea gw-emea agent-https", ["agent-https:emea.agent>gw-emea.agent"]),
        ("multi-geo EMEA07.example.com 10.40.1.11 7800", ["agent-https:emea.agent>gw-emea.agent"]),
        ("multi-geo gw-emea gw-hq1 17613", ["agent-stomp:gw-emea.agent>gw-hq1.agent"]),
        ("multi-geo gw-emea gw-hq1 61613", ["agent-stomp:gw-emea.agent>gw-hq1.agent"]),
        ("multi-geo 10.40.1.11 203.0.113.10 17613", ["agent-stomp:gw-emea.agent>gw-hq1.agent"]),
        ("clustered 10.20.8.7 lb01 443", ["web-server-https:users.browser>lb01.load-balancer"]),
        ("clustered lb01 cd01 8000", ["cd-server-http:lb01.load-balancer>cd.cd-server"]),
        ("clustered cd01 cd02 5447", ["cd-server-cluster-jgroups:cd.cd-server>cd.cd-server"]),
        ("clustered cd cd 5446-5449", ["cd-server-cluster-jgroups:cd.cd-server>cd.cd-server"]),
        (
            "single-server cd01 cd01 6800",
            [
                "agent-local:cd01.repository-server>cd01.agent",
                "agent-local:cd01.web-server>cd01.agent",
            ],
        ),
        ("clustered web01 web01 6800", ["agent-local:web.web-server>web.agent"]),
        ("kubernetes vm01 ingress 17800", ["agent-https:vm.agent>ingress.load-balancer"]),
    ],
)
def test_a_flow_is_found_by_any_name(question: str, flows: list[str], ask: Ask) -> None:
    answer = ask(question)
    assert [flow.id for flow in answer.flows] == flows
    assert (answer.reason, answer.instead) == (None, None)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("multi-geo emea1 cd01 8443", 'no host "emea1" at multi-geo; did you mean "emea"?'),
        ("multi-geo emea21 cd01 8443", 'no host "emea21" at multi-geo; did you mean "emea"?'),
        ("multi-geo emea01 10.99.0.1 8443", 'no host "10.99.0.1" at multi-geo'),
        ("multi-geo emea01 cd01 8444", 'no port "8444"'),
        ("multi-geo emea01 cd01 ²", 'no port "²"'),
        ("multi-geo emea01 cd01 " + "9" * 5000, f'no port "{"9" * 57}…"'),
        ("multi-geo emea01 cd01 cd-server-htps", 'no port "cd-server-htps"; did you mean "cd-'),
    ],
)
def test_an_unknown_name_is_said_so(question: str, says: str, ask: Ask) -> None:
    with pytest.raises(UnknownError) as caught:
        ask(question)
    assert str(caught.value).startswith(says)


def test_a_changed_number_is_found(atlas: Atlas) -> None:
    data = yaml.safe_load((DATA / "sites" / "single-server.yaml").read_text("utf-8"))
    data["numbers"] = {"cd-server-https": 9443}
    found = explain(atlas.catalogue, derived(data, atlas.catalogue), "build01", "cd01", "9443")
    assert [flow.id for flow in found.flows] == ["cd-server-https:build.agent>cd01.cd-server"]


# ---- a zone behind a zone: what the guide promises ------------------------------------------


def guide() -> Data:
    """Return the YAML block of the guide's section on a remote zone."""
    text = (ROOT / "docs" / "guide" / "site" / "index.md").read_text("utf-8")
    _, _, section = text.partition("## A remote zone behind a gateway")
    block = re.search(r"```yaml\n(.*?)```", section, re.DOTALL)
    assert block is not None
    found: Data = yaml.safe_load(block[1])
    return found


def plain(site: str) -> Data:
    found: Data = yaml.safe_load((DATA / "sites" / f"{site}.yaml").read_text("utf-8"))
    return found


def with_plant() -> Data:
    data = plain("multi-geo")
    for section, entries in guide().items():
        assert not set(entries) & set(data[section])
        data[section] |= entries
    return data


@pytest.fixture
def plant(atlas: Atlas) -> Derived:
    return derived(with_plant(), atlas.catalogue, "plant-copy")


def crossing(some: Derived) -> set[tuple[str, str, str, str]]:
    """Return what crosses segments, machine by machine, as port, from, to, number."""
    segment = {group.id: group.segment for group in some.site.groups.values()}
    return {
        (one.port, one.initiator.name, one.listener.name, one.numbers)
        for one in expand(some)
        if segment[one.initiator.group] != segment[one.listener.group]
    }


def test_a_zone_behind_a_zone_has_the_gateways_crossings_and_nothing_else(
    atlas: Atlas, plant: Derived
) -> None:
    before = derived(plain("multi-geo"), atlas.catalogue)
    emea, far = "gw-emea.example.com", "gw-plant.example.com"
    assert crossing(before) <= crossing(plant)
    assert crossing(plant) - crossing(before) == {
        ("agent-https", emea, far, "7800"),
        ("agent-https", far, emea, "7800"),
        ("agent-stomp", emea, far, "61613"),
        ("agent-stomp", far, emea, "61613"),
    }
    assert plant.site.groups["plant"].size == 20


def test_within_the_zone_everything_goes_to_or_from_its_gateway(plant: Derived) -> None:
    inside = {"plant", "gw-plant"}
    agents = [f"plant{number:02}.example.com" for number in range(1, 21)]
    own: list[MachineFlow] = [
        one for one in expand(plant) if {one.initiator.group, one.listener.group} <= inside
    ]
    gateway = "gw-plant.example.com"
    assert {(one.initiator.name, one.listener.name, one.numbers) for one in own} == {
        *((agent, gateway, "7800") for agent in agents),
        *((agent, gateway, "61613") for agent in agents),
        *((gateway, agent, "7800") for agent in agents),
    }


def test_the_chain_is_the_way(atlas: Atlas, plant: Derived) -> None:
    answer = explain(atlas.catalogue, plant, "plant01", "cd01", "8443")
    assert answer.reason == (
        "plant01 reaches zone default only through gateways emea-plant and hq-emea"
    )
    assert answer.instead == ("plant01 → gw-plant:7800 → gw-emea:7800 → gw-hq1:7800 → lb01:8443")
    back = explain(atlas.catalogue, plant, "cd01", "plant20", "7800")
    assert back.instead == "cd01 → gw-hq1:7800 → gw-emea:7800 → gw-plant:7800 → plant:7800"


def test_two_gateway_agents_of_a_zone_talk_to_each_other(atlas: Atlas) -> None:
    """As any agent with its zone's gateway (domain §2): over 7800 and 61613, each way."""
    data = with_plant()
    data["hosts"]["gw-emea2"] = {"segment": "emea", "roles": ["agent"]}
    data["gateways"]["emea-plant"]["ends"]["emea"]["group"] = "gw-emea2"
    found = derived(data, atlas.catalogue)
    pair = {"gw-emea", "gw-emea2"}
    assert {
        flow.id for flow in found.flows if {flow.initiator.group, flow.listener.group} == pair
    } == {
        "agent-https:gw-emea.agent>gw-emea2.agent",
        "agent-https:gw-emea2.agent>gw-emea.agent",
        "agent-stomp:gw-emea.agent>gw-emea2.agent",
        "agent-stomp:gw-emea2.agent>gw-emea.agent",
    }
    way = explain(atlas.catalogue, found, "plant01", "cd01", "8443").instead
    assert way == (
        "plant01 → gw-plant:7800 → gw-emea2:7800 → gw-emea:7800 → gw-hq1:7800 → lb01:8443"
    )


def test_nothing_is_found_wrong_with_it(atlas: Atlas, plant: Derived) -> None:
    assert lint(atlas.catalogue, plant, "2026-11-23").findings == ()


def test_the_page_and_the_diagram_show_the_crossings(atlas: Atlas, plant: Derived) -> None:
    drawings = site_drawings(atlas.catalogue, plant)
    shown = page(atlas, plant, lint(atlas.catalogue, plant), drawings, None)
    titles = {"emea": "EMEA", "plant": "Plant"}
    headings = re.findall(r"^### (.*) → (.*)$", shown, re.MULTILINE)
    assert [pair for pair in headings if "Plant" in pair] == [("EMEA", "Plant"), ("Plant", "EMEA")]
    for start, end in (("emea", "plant"), ("plant", "emea")):
        _, _, rest = shown.partition(f"\n### {titles[start]} → {titles[end]}\n")
        table = rest.partition("\n#")[0]
        assert table.count(f"[gw-{start}](#host-gw-{start})") == 2
        assert table.count(f"[gw-{end}](#host-gw-{end})") == 2
        assert "[7800](" in table
        assert "[61613](" in table
    every = dict(drawings.others)
    every[drawings.shows] = drawings.default
    edges = every["segment plant"].edges
    across = {(e.tail, e.head) for e in edges if {e.tail, e.head} == {"gw-emea", "gw-plant"}}
    assert across == {("gw-emea", "gw-plant"), ("gw-plant", "gw-emea")}
    for drawing in every.values():
        for edge in drawing.edges:
            ends = {edge.tail, edge.head}
            if ends & {"plant", "gw-plant"} and not ends <= {"plant", "gw-plant"}:
                assert ends == {"gw-emea", "gw-plant"}, drawing.id


def test_the_real_files_are_not_touched() -> None:
    assert "plant" not in Path(DATA / "sites" / "multi-geo.yaml").read_text("utf-8")
