"""What an upgrade opens and closes; the truth is the product's, written out here from its facts."""

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as some

from generator.catalogue import Catalogue
from generator.derive.flows import derive
from generator.derive.upgrade import Upgrade, at_release, between, boundaries, upgrade
from generator.load import Atlas, load
from generator.releases import is_release, release_key
from generator.render.upgrade_section import section
from generator.validate.structure import schema_text

from ..conftest import DATA
from .sites import made, site_of
from .test_cli_sites import on

RELEASES = ("8.0", "9.2", "10.0", "10.6", "2024.03.0", "2024.06.0", "2025.12.0")


def validated(text: str) -> Any:
    found = json.loads(text)
    flows = jsonschema_rs.Registry(
        [("json-schema:///flows.json", json.loads(schema_text("flows")))]
    )
    schema = json.loads(schema_text("upgrade")) | {"$id": "json-schema:///upgrade.json"}
    jsonschema_rs.Draft202012Validator(schema, registry=flows).validate(found)
    return found


def of(atlas: Atlas, site: str, start: str, end: str) -> Upgrade:
    here = site_of(atlas, site)
    return upgrade(*(at_release(atlas.catalogue, here, one) for one in (start, end)))


# ---- the documented upgrade -----------------------------------------------------------------


def test_clustered_from_10_to_2024_06() -> None:
    found = validated(
        on(
            DATA, "upgrade", "clustered", "--from", "10.0", "--to", "2024.06.0", "--format", "json"
        ).stdout
    )

    def lines(which: str) -> list[str]:
        return [
            f"{f['from']['group']} → {f['to']['group']}:{f['numbers']}/{f['transport']} "
            f"{' '.join(f['to']['addresses'])}"
            for f in found[which]
        ]

    assert lines("open") == ["cd → ana:9201/tcp 10.20.1.[51:53]"]
    assert lines("close") == [
        "cd → ana:9200/tcp 10.20.1.[51:53]",
        "ana → ana:9300/tcp 10.20.1.[51:53]",
        "cd → ana:9500/tcp 10.20.1.[51:53]",
    ]
    assert [(one["group"], one["numbers"]) for one in found["stops"]] == [("ana", "9600")]
    assert (found["starts"], found["otherwise"]) == ([], [])
    assert found["passes"] == ["10.6", "2024.06.0"]
    flows = json.loads(on(DATA, "flows", "clustered", "--format", "json").stdout)["flows"]
    assert found["remaining"] == len(flows) - len(found["close"])


def test_the_text_says_who_acts_what_is_doubtful_and_what_remains() -> None:
    text = on(DATA, "upgrade", "clustered", "--to", "2024.06.0").stdout
    assert text.splitlines()[0] == "clustered: 10.0 → 2024.06.0"
    assert "Open before the upgrade: 1\n" in text
    assert "Close after the upgrade: 3\n" in text
    assert "Not sure: analytics-logstash until 10.6: " in text
    assert "(unconfirmed)\n" in text
    assert "Not sure: analytics-opensearch" not in text
    assert "\n46 flows stay as documented.\n" in text
    assert "0 cross segments (the network team's), and 4 stay within one" in text


def test_a_balanced_port_that_comes_is_opened_to_the_balancer_and_behind_it(atlas: Atlas) -> None:
    site = made(
        {
            "schema": 1,
            "title": "Analytics behind a load balancer",
            "release": "10.0",
            "segments": {"core": {"zone": "default"}, "lab": {"zone": "default"}},
            "hosts": {
                "cd": {"segment": "core", "roles": ["cd-server"]},
                "lb": {"segment": "lab", "addresses": ["10.0.0.9"], "roles": ["load-balancer"]},
                "ana": {"segment": "lab", "roles": ["analytics-server"]},
            },
            "load_balancers": {
                "lb": [{"port": "analytics-opensearch", "groups": ["ana"], "tls": "passes"}]
            },
        },
        atlas.catalogue,
    )
    found = upgrade(*(at_release(atlas.catalogue, site, one) for one in ("10.0", "2024.06.0")))
    assert [(str(f.initiator), str(f.listener), f.addresses) for f in found.opens] == [
        ("cd.cd-server", "lb.load-balancer", ("10.0.0.9",)),
        ("lb.load-balancer", "ana.analytics-server", ()),
    ]
    assert {str(f.listener) for f in found.closes} == {"ana.analytics-server"}


def test_the_gateways_of_multi_geo_stay(atlas: Atlas) -> None:
    found = of(atlas, "multi-geo", "10.0", "2024.06.0")
    changed = {f.port.id for f in (*found.opens, *found.closes)}
    assert {port for port in changed if not port.startswith("analytics")} == set()
    assert found.remaining > 50


# ---- for all sites and releases -------------------------------------------------------------

ATLAS = load(DATA)


@given(
    some.sampled_from([site.id for site in ATLAS.sites]),
    some.lists(some.sampled_from(RELEASES), min_size=2, max_size=2, unique=True).map(
        lambda pair: sorted(pair, key=release_key)
    ),
)
def test_opening_and_closing_makes_one_release_of_the_other(site: str, pair: list[str]) -> None:
    found = of(ATLAS, site, *pair)
    before, after = found.before.flows, found.after.flows
    assert set(before) - set(found.closes) | set(found.opens) == set(after) | {
        one for one, _ in found.otherwise
    } - {other for _, other in found.otherwise}
    assert found.remaining + len(found.closes) + len(found.otherwise) == len(before)
    assert found.remaining + len(found.opens) + len(found.otherwise) == len(after)
    back = upgrade(found.after, found.before)
    assert (back.opens, back.closes) == (found.closes, found.opens)
    if not between(ATLAS.catalogue, *pair):
        assert (found.opens, found.closes, found.starts, found.stops) == ((), (), (), ())


def test_boundaries_are_in_order(atlas: Atlas) -> None:
    assert boundaries(atlas.catalogue) == ("8.3", "10.6", "2024.06.0")
    assert between(atlas.catalogue, "8.3", "2024.06.0") == ("10.6", "2024.06.0")
    assert between(atlas.catalogue, "10.6.0", "2024.05.0") == ()


@given(some.lists(some.integers(0, 9999), min_size=1, max_size=4))
def test_what_is_a_release_can_be_ordered(numbers: list[int]) -> None:
    text = ".".join(map(str, numbers))
    assert is_release(text)
    assert release_key(text) < release_key("10000")


# ---- wrong usage, and the page --------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("clustered",), "Missing option '--to'"),
        (("clustered", "--to", "next"), '"next" is no release such as 2024.06.0'),
        (("clustered", "--to", "1.2.3.4.5"), '"1.2.3.4.5" is no release such as 2024.06.0'),
        (("clustered", "--from", "", "--to", "11"), '"" is no release such as 2024.06.0'),
        (("clustered", "--from", "11", "--to", "10.0"), "no upgrade: 11 is later than 10.0\n"),
        (("clustered", "--to", "9.2"), "no upgrade: 10.0 is later than 9.2\n"),
        (("clustered", "--to", "10"), "no upgrade: 10.0 is 10\n"),
        (("clusterd", "--to", "11"), 'no site "clusterd"; did you mean "clustered"?\n'),
    ],
    ids=str,
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_wrong_usage(arguments: tuple[str, ...], says: str, form: str) -> None:
    result = on(DATA, "upgrade", *arguments, "--format", form)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


def test_the_page_of_a_site_has_the_upgrade(atlas: Atlas) -> None:
    text = "\n".join(_section(atlas.catalogue, atlas, "clustered"))
    opens, closes = text.split("### Open before the upgrade")[1].split("### Close after")
    assert "[9201](../../ports/9201/index.md#analytics-opensearch)" in opens
    for number in (9200, 9300, 9500):
        assert f"[{number}](../../ports/{number}/index.md#" in closes
    assert "Not sure: `analytics-logstash` until 10.6." in closes


def test_the_page_of_a_new_site_says_that_nothing_is_known(atlas: Atlas) -> None:
    assert _section(atlas.catalogue, atlas, "kubernetes") == [
        "## Upgrade",
        "",
        "The catalogue knows of no port that comes or goes after release 2025.12.0.",
        "",
    ]


def _section(catalogue: Catalogue, atlas: Atlas, site: str) -> list[str]:
    derived = derive(catalogue, site_of(atlas, site))
    return list(section(catalogue, f"sites/{site}/index.md", derived))
