"""The facts about the product, transcribed by hand a second time and held against the data."""

from collections.abc import Mapping

import pytest

from generator.catalogue import Catalogue, Check, Initiator, Port
from generator.derive.existence import exists_in
from generator.load import Atlas


@pytest.fixture
def catalogue(atlas: Atlas) -> Catalogue:
    return atlas.catalogue


ZONE_DATABASE = {("cd-server", "zone")}
SERVER_CLIENTS = {("agent", "zone"), ("web-server", "zone"), ("ectool", "zone")}
FILE_CLIENTS = {("agent", "zone"), ("web-server", "zone"), ("cd-server", "zone")}

WHO_STARTS_WHAT: tuple[tuple[str, str, str, set[tuple[str, str]]], ...] = (
    # number, transport, listener, initiators with their reach
    ("22", "tcp", "proxy-target", {("agent", "zone")}),
    ("25", "tcp", "mail-server", {("cd-server", "zone")}),
    ("80", "tcp", "web-server", {("browser", "zone")}),
    ("138", "udp", "file-server", FILE_CLIENTS),
    ("139", "tcp", "file-server", FILE_CLIENTS),
    ("389", "tcp", "directory-server", {("cd-server", "zone")}),
    ("443", "tcp", "web-server", {("browser", "zone")}),
    ("445", "tcp", "file-server", FILE_CLIENTS),
    ("465", "tcp", "mail-server", {("cd-server", "zone")}),
    ("636", "tcp", "directory-server", {("cd-server", "zone")}),
    ("1433", "tcp", "sql-server", ZONE_DATABASE),
    ("1521", "tcp", "oracle", ZONE_DATABASE),
    ("2049", "tcp", "file-server", FILE_CLIENTS),
    ("2181", "tcp", "zookeeper", {("cd-server", "zone")}),
    ("2888", "tcp", "zookeeper", {("zookeeper", "zone")}),
    ("3306", "tcp", "mysql", ZONE_DATABASE),
    ("3888", "tcp", "zookeeper", {("zookeeper", "zone")}),
    ("5432", "tcp", "postgresql", ZONE_DATABASE),
    ("5445", "tcp", "cd-server", {("cd-server", "zone")}),
    ("5446-5449", "tcp", "cd-server", {("cd-server", "zone")}),
    ("6800", "tcp", "agent", {("web-server", "host"), ("repository-server", "host")}),
    ("7080", "tcp", "web-server", {("browser", "zone")}),
    ("7443", "tcp", "web-server", {("browser", "zone")}),
    (
        "7800",
        "tcp",
        "agent",
        {
            ("cd-server", "zone"),
            ("agent", "gateway"),
            ("agent", "to-gateway"),
            ("agent", "from-gateway"),
        },
    ),
    ("8000", "tcp", "cd-server", SERVER_CLIENTS),
    ("8200", "tcp", "repository-server", {("agent", "zone"), ("ectool", "zone")}),
    ("8443", "tcp", "cd-server", SERVER_CLIENTS),
    ("8900", "tcp", "builtin-database", {("cd-server", "host")}),
    ("9200", "tcp", "analytics-server", {("cd-server", "zone")}),
    ("9201", "tcp", "analytics-server", {("cd-server", "zone")}),
    ("9300", "tcp", "analytics-server", {("analytics-server", "zone")}),
    ("9500", "tcp", "analytics-server", {("cd-server", "zone")}),
    ("9600", "tcp", "analytics-server", set()),
    ("32000", "tcp", "agent", set()),
    ("32001", "tcp", "cd-server", set()),
    ("32002", "tcp", "repository-server", set()),
    ("61613", "tcp", "cd-server", {("agent", "zone"), ("ectool", "zone")}),
    ("61613", "tcp", "agent", {("agent", "gateway"), ("agent", "to-gateway")}),
)


def row(port: Port) -> tuple[str, str, str, frozenset[tuple[str, str]]]:
    ends = frozenset((initiator.component, initiator.reach) for initiator in port.initiators)
    return str(port.numbers), port.transport, port.listener, ends


def test_who_starts_what(catalogue: Catalogue) -> None:
    facts = {(*row[:3], frozenset(row[3])) for row in WHO_STARTS_WHAT}
    assert len(facts) == len(WHO_STARTS_WHAT) == len(catalogue.ports)
    assert {row(port) for port in catalogue.ports.values()} == facts


def on(catalogue: Catalogue, number: int) -> Port:
    """Return the only port with a number."""
    (port,) = (port for port in catalogue.ports.values() if number in port.numbers)
    return port


@pytest.mark.parametrize(
    ("number", "listener", "initiator"),
    [
        (22, "proxy-target", "agent"),
        (6800, "agent", "web-server"),
        (6800, "agent", "repository-server"),
        (7800, "agent", "cd-server"),
        (8000, "cd-server", "agent"),
        (8000, "cd-server", "web-server"),
        (8000, "cd-server", "ectool"),
        (8200, "repository-server", "agent"),
    ],
)
def test_the_reversed_rows_are_the_right_way_round(
    catalogue: Catalogue, number: int, listener: str, initiator: str
) -> None:
    port = on(catalogue, number)
    assert port.listener == listener
    assert initiator in {entry.component for entry in port.initiators}


def test_nothing_listens_on_what_no_source_has(catalogue: Catalogue) -> None:
    left_out = (8400, 61616, 5672, 587, 3268, 3269, 1936)
    numbers = [port.numbers for port in catalogue.ports.values()]
    assert not [number for number in left_out if any(number in ours for ours in numbers)]


def test_udp_is_138_and_nothing_else(catalogue: Catalogue) -> None:
    udp = [port.numbers.first for port in catalogue.ports.values() if port.transport == "udp"]
    assert udp == [138]


def test_loopback_ports(catalogue: Catalogue) -> None:
    loopback = {port.numbers.first for port in catalogue.ports.values() if port.scope == "loopback"}
    # 8900 is reached with reach host, which goes with scope loopback.
    assert loopback == {6800, 8900, 32000, 32001, 32002}


def test_releases(catalogue: Catalogue) -> None:
    lifetimes = {
        port.numbers.first: (port.since, port.until)
        for port in catalogue.ports.values()
        if port.since or port.until
    }
    assert lifetimes == {
        8900: ("8.3", None),
        9200: (None, "2024.06.0"),
        9201: ("2024.06.0", None),
        9300: (None, "2024.06.0"),
        9500: (None, "10.6"),
        9600: (None, "10.6"),
    }


@pytest.mark.parametrize(
    ("release", "analytics"),
    [
        ("10.0", {9200, 9300, 9500, 9600}),
        ("10.11", {9200, 9300}),
        ("2024.03.1", {9200, 9300}),
        ("2024.06", {9201}),
        ("2024.06.0", {9201}),
        ("2025.12.0", {9201}),
    ],
)
def test_analytics_by_release(catalogue: Catalogue, release: str, analytics: set[int]) -> None:
    ports = [port for port in catalogue.ports.values() if port.listener == "analytics-server"]
    assert {port.numbers.first for port in ports if exists_in(port, release)} == analytics


def test_alternatives(catalogue: Catalogue) -> None:
    alternatives = {
        port.numbers.first: catalogue.ports[port.alternative_to].numbers.first
        for port in catalogue.ports.values()
        if port.alternative_to
    }
    assert alternatives == {7080: 80, 7443: 443, 9201: 9200, 465: 25, 636: 389, 2049: 445}


def test_encryption(catalogue: Catalogue) -> None:
    by_cipher: dict[str, set[int]] = {}
    for port in catalogue.ports.values():
        by_cipher.setdefault(port.encryption.default, set()).add(port.numbers.first)
    assert by_cipher["ssh"] == {22}
    assert by_cipher["none"] == {25, 80, 389, 6800, 7080, 8000}
    assert by_cipher["tls"] == {443, 465, 636, 7443, 7800, 8200, 8443, 9200, 9201, 61613}


def test_what_exists_only_sometimes(catalogue: Catalogue) -> None:
    def numbers(attribute: str, value: str) -> set[int]:
        return {
            port.numbers.first
            for port in catalogue.ports.values()
            if getattr(port, attribute) == value
        }

    assert numbers("condition", "clustered") == {2181, 2888, 3888, 5445, 5446}
    assert numbers("condition", "analytics-clustered") == {9300}
    assert numbers("feature", "file-transfer") == {61613}
    assert numbers("feature", "proxy-agents") == {22}
    counted = {key: (c.component, c.at_least) for key, c in catalogue.conditions.items()}
    assert counted == {
        "clustered": ("cd-server", 2),
        "analytics-clustered": ("analytics-server", 2),
    }


def test_clustered_servers_need_the_file_server(catalogue: Catalogue) -> None:
    shared: list[Initiator] = [
        initiator
        for number in (138, 139, 445, 2049)
        for initiator in on(catalogue, number).initiators
        if initiator.component == "cd-server"
    ]
    assert [initiator.condition for initiator in shared] == ["clustered"] * 4
    conditional = [i for p in catalogue.ports.values() for i in p.initiators if i.condition]
    assert len(conditional) == 4


def test_options(catalogue: Catalogue) -> None:
    options: Mapping[str, tuple[str, str | None, list[set[int]]]] = {
        option.id: (
            option.choose,
            option.default,
            sorted(
                (
                    {catalogue.ports[port].numbers.first for port in choice.ports}
                    for choice in option.choices
                ),
                key=sorted,
            ),
        )
        for option in catalogue.options.values()
    }
    assert options == {
        "database": ("exactly-one", None, [{1433}, {1521}, {3306}, {5432}, {8900}]),
        "directory": ("at-most-one", None, [{389}, {636}]),
        "file-sharing": ("at-most-one", None, [{138, 139, 445}, {2049}]),
        "mail": ("at-most-one", None, [{25}, {465}]),
        "web-ports": ("exactly-one", "root", [{80, 443}, {7080, 7443}]),
    }


CLUSTER = "clustered"

RULES: Mapping[int, set[Check]] = {
    # The rules of a deployment by their numbers; None is advice that no topology can break.
    1: {
        Check("only_in_zone", ("cd-server",), zone="default"),
        Check("route_to_zone", zone="default"),
    },
    2: {Check("one_zone", ("agent",))},
    3: {Check("gateways_between_zones", ("agent",), count=1)},
    6: {Check("beside", ("web-server", "repository-server"), ("agent",))},
    7: {
        Check("needed_when", ("load-balancer",), condition=CLUSTER, count=1),
        Check("odd_number", ("zookeeper",), condition=CLUSTER),
        Check("never_beside", ("zookeeper",), ("cd-server", "load-balancer")),
        Check("not_when", ("builtin-database",), condition=CLUSTER),
        Check("needed_when", ("file-server",), condition=CLUSTER, count=1),
        Check("needed_when", ("agent",), condition=CLUSTER, count=2),
    },
    8: {Check("one_segment", ("load-balancer", "cd-server"), condition=CLUSTER)},
    9: {Check("distinct_numbers", ("agent",))},
}


def test_rules_of_a_deployment(catalogue: Catalogue) -> None:
    checks = [rule.check for rule in catalogue.constraints.values() if rule.check]
    assert len(checks) == len(set(checks))
    assert set(checks) == {check for rule in RULES.values() for check in rule}
    advice = {key for key, rule in catalogue.constraints.items() if rule.check is None}
    assert advice == {"gateway-address", "gateway-load-balancer"}  # rules 4 and 5


def test_the_home_zone_is_that_of_the_servers(catalogue: Catalogue) -> None:
    assert catalogue.product.home_zone == "default"
    zones = {rule.check.zone for rule in catalogue.constraints.values() if rule.check}
    assert zones == {None, "default"}


def test_confidence_is_earned(catalogue: Catalogue) -> None:
    """Confirmed needs a source besides the article and third-party code; article-only is it."""
    weak = {"KB41", "COMM"}
    for port in catalogue.ports.values():
        for evidence in port.evidence:
            sources = set(evidence.sources)
            if evidence.confidence == "confirmed":
                assert sources - weak, (port.id, evidence)
            elif evidence.confidence == "community":
                assert "COMM" in sources <= weak, (port.id, evidence)
            elif evidence.confidence == "article-only":
                assert sources == {"KB41"}, (port.id, evidence)


def test_how_sure_the_numbers_are(catalogue: Catalogue) -> None:
    least: dict[str, set[int]] = {}
    for port in catalogue.ports.values():
        (fact,) = (evidence for evidence in port.evidence if evidence.about == "numbers")
        least.setdefault(fact.confidence, set()).add(port.numbers.first)
    assert least["community"] == {5445, 5446}
    assert least["article-only"] == {25, 138, 139, 389, 445, 465, 636, 1433, 1521, 3306}
    assert least["inferred"] == {5432}
    assert set(least) == {"confirmed", "community", "article-only", "inferred"}


def test_how_to_change_a_port(catalogue: Catalogue) -> None:
    ways = {
        (port.numbers.first, change.name)
        for port in catalogue.ports.values()
        for change in port.change
    }
    assert {
        (80, "--webHttpPort"),
        (443, "--webHttpsPort"),
        (7080, "--nonRoot"),
        (7443, "--nonRoot"),
        (6800, "--agentLocalPort"),
        (7800, "--agentPort"),
        (7800, "--agentProtocol"),
        (7800, "conf/agent.conf"),
        (8000, "--serverHttpPort"),
        (8000, "COMMANDER_PORT"),
        (8443, "--serverHttpsPort"),
        (8443, "COMMANDER_HTTPS_PORT"),
        (8200, "--repositoryPort"),
        (8200, "--repositoryProtocol"),
        (61613, "COMMANDER_STOMP_PORT"),
        (61613, "stompClientUri"),
        (61613, "stompSecure"),
        (2181, "--serverZooKeeperConnection"),
        (8900, "--databasePort"),
        (9200, "--elasticsearchPort"),
        (9201, "analyticsServerUrl"),
        (9300, "--elasticsearchInternalPort"),
        (9500, "--logstashPort"),
    } <= ways
