"""Judgements that turn on a detail: assertions, shared values, what two lines did at once."""

import re
from dataclasses import replace

import pytest

from generator.catalogue import Numbers
from generator.diagrams.diff import diff_drawing
from generator.diff.compare import Catalogues, Side, compare
from generator.diff.judge import judge
from generator.diff.review import Review
from generator.examples.changes import CATALOGUE, SITE, Example, before, change, review, side
from generator.examples.read import DAY
from generator.export.diff_html import html
from generator.export.diff_json import document
from generator.export.diff_markdown import markdown
from generator.export.diff_text import diff_text
from generator.export.diff_words import MINUS, sign, site_rows, to_know_of, verdict
from generator.export.diff_words import port as port_words
from generator.load import Atlas
from generator.policy import Policy
from generator.rules.diff import RULES
from generator.topology import Site

from ..conftest import CASES, DATA
from .test_cases import example

FORBIDDEN = """\
    from: {segment: office}
    to: {group: store01}
"""


def assertion(text: str) -> str:
    site = before()[SITE]
    assert FORBIDDEN in site
    return site.replace(FORBIDDEN, text)


ALL = "    from: {segment: office}\n    to: {group: store01}\n"
PORTS = ALL + "    ports: [store-sql, server-https]\n"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (ALL, ALL + "    ports: [store-sql]\n", "must-not-loosened"),
        (ALL + "    ports: [store-sql]\n", ALL, "must-not-tightened"),
        (PORTS, ALL + "    ports: [store-sql]\n", "must-not-loosened"),
        (ALL + "    ports: [store-sql]\n", PORTS, "must-not-tightened"),
        (ALL, ALL.replace("{group: store01}", "{segment: services}"), "must-not-tightened"),
        (ALL, ALL.replace("{group: store01}", "{zone: home}"), "must-not-tightened"),
        (ALL, ALL.replace("{segment: office}", "{zone: home}"), "must-not-tightened"),
        (ALL, ALL.replace("{segment: office}", "{group: staff}"), "must-not-loosened"),
        (ALL, ALL.replace("{group: store01}", "{group: directory01}"), "must-not-loosened"),
        (ALL, ALL.replace("{group: store01}", "{segment: core}"), "must-not-loosened"),
    ],
)
def test_what_an_assertion_still_forbids(old: str, new: str, rule: str) -> None:
    sides = [{**before(), SITE: assertion(text)} for text in (old, new)]
    assert [change.rule for change in review(Example(*sides)).changes] == [rule]


def test_a_shared_site_is_derived_again_with_another_catalogue() -> None:
    one = side("before", before())
    port = one.catalogue.ports["store-sql"]
    ports = {**one.catalogue.ports, port.id: replace(port, numbers=Numbers(5790, 5790))}
    other = Side("after", replace(one.catalogue, ports=ports), one.sites)
    ((changed,),) = [site.flows for site in compare(one, other).sites]
    assert changed.field("numbers") is not None


def test_a_dialled_address_is_not_hidden_by_the_group_s_own() -> None:
    found = review(example(CASES / "diff" / "dialled-and-own-address-changed"))
    (change,) = (change for change in found.changes if change.rule == "crossing-changed")
    assert change.what == "agent-https:press01.agent>gate.agent"


def test_a_split_hides_nothing_that_only_one_part_has() -> None:
    found = review(example(CASES / "diff" / "group-split-and-balanced-in-part"))
    lines = {(change.rule, change.what) for change in found.changes}
    assert ("flow-removed", "server-https:lb01.load-balancer>server.server") in lines


def test_a_folder_without_a_policy_is_as_one_that_says_nothing() -> None:
    with_one = {**before(), "policy.yaml": "schema: 1\n"}
    assert review(Example(before(), with_one)).changes == ()
    assert CATALOGUE in with_one


GATE = """\
  gate: {name: "gate[1:2]", addresses: ["192.0.2.[90:91]"], segment: core, roles: [agent]}
  far: {addresses: [198.51.100.70], segment: far, roles: [agent]}
gateways:
  way:
    ends:
      home: {group: gate, dialled: {agent-https: {address: 203.0.113.5, number: 7801}}}
      far: {group: far}
must_not:
"""


def test_what_stood_between_and_went_widens_nothing() -> None:
    one = before()[SITE].replace("must_not:\n", GATE).replace("hosts:\n", FAR)
    other = one.replace(", dialled: {agent-https: {address: 203.0.113.5, number: 7801}}", "")
    found = review(Example({**before(), SITE: one}, {**before(), SITE: other}))
    rules = {change.rule for change in found.changes if change.severity != "info"}
    assert rules == {"crossing-changed"}


FAR = "  far: {networks: [198.51.100.0/24]}\nhosts:\n"


def test_a_split_does_not_hide_another_dialled_address() -> None:
    one = before()[SITE].replace("must_not:\n", GATE).replace("hosts:\n", FAR)
    gate = one.splitlines()[next(i for i, x in enumerate(one.splitlines()) if "gate[1" in x)]
    parts = "\n".join(
        f"  gate-{n}: {{name: gate{n}, addresses: [192.0.2.{89 + n}], "
        "segment: core, roles: [agent]}"
        for n in (1, 2)
    )
    split = one.replace(gate, parts).replace("group: gate,", "group: gate-1,")
    for other, opened in ((split, 0), (split.replace("203.0.113.5", "203.0.113.6"), 1)):
        found = review(Example({**before(), SITE: one}, {**before(), SITE: other}))
        new = [c for c in found.changes if c.what == "agent-https:far.agent>gate-1.agent"]
        assert len(new) == opened


def test_a_flow_turned_round_in_clear_text_is_still_to_be_closed() -> None:
    one = side("before", before())
    port = one.catalogue.ports["store-sql"]
    (initiator,) = port.initiators
    turned = replace(
        port,
        listener=initiator.component,
        initiators=(replace(initiator, component=port.listener),),
        encryption=replace(port.encryption, default="none"),
    )
    ports = {**one.catalogue.ports, port.id: turned}
    found = judge(compare(one, Side("after", replace(one.catalogue, ports=ports), one.sites)))
    lines = {(change.rule, change.what) for change in found.changes}
    assert ("new-clear-text", "store-sql:store01.store>server01.server") in lines
    assert ("flow-removed", "store-sql:server01.server>store01.store") in lines


def judged(old: str, new: str, policy: Policy | None = None) -> set[tuple[str, str, str]]:
    sides = [side(name, {**before(), SITE: text}) for name, text in (("a", old), ("b", new))]
    found = judge(compare(*sides), policy, DAY)
    return {(change.severity, change.rule, change.what) for change in found.changes}


PRESS = '{addresses: ["192.0.2.[80:81]"], segment: core,'


def test_a_group_moved_out_of_its_segment_opens_what_it_needs() -> None:
    one = before()[SITE]
    other = one.replace(PRESS, '{addresses: ["192.0.2.[150:151]"], segment: build,')
    found = judged(one, other)
    assert {rule for level, rule, _ in found if level == "error"} == {"mandatory-flow-added"}
    assert ("warning", "group-moved", "hosts.press") in found
    back = judged(other, one)
    assert not [rule for level, rule, _ in back if level == "error"]


def test_an_assertion_whose_group_is_moved_away_forbids_less() -> None:
    one = before()[SITE]
    wide = one.replace("hosts:\n", "  lobby: {networks: [198.51.100.0/24], zone: home}\nhosts:\n")
    other = wide.replace(
        "{network: 192.0.2.0/27, segment: office", "{network: 198.51.100.0/27, segment: lobby"
    )
    assert other not in (one, wide)
    line = ("must-not-loosened", "must_not.staff-store")
    assert line in {(rule, what) for _, rule, what in judged(one, other)}
    assert line not in {(rule, what) for _, rule, what in judged(other, one)}
    assert line not in {(rule, what) for _, rule, what in judged(one, wide)}
    renamed = one.replace("staff: {", "people: {")
    assert line not in {(rule, what) for _, rule, what in judged(one, renamed)}
    messages = [
        c.message for c in review(Example(*({**before(), SITE: t} for t in (one, other)))).changes
    ]
    assert "must_not staff-store: from does not mean staff any more" in messages


WAIVED = """\
waivers:
  - rule: RULE
    what: "store-sql:server01.server>store01.store"
    owner: me
    reason: so
    expires: "DAY"
"""


def test_a_waiver_that_comes_or_holds_for_longer_is_told() -> None:
    one = before()[SITE]
    text = WAIVED.replace("RULE", "encryption-weakened")
    some = one + text.replace("DAY", "2027-01-01")
    longer = one + text.replace("DAY", "2027-02-01")
    other = some.replace("encryption-weakened", "new-clear-text")

    def levels(old: str, new: str) -> set[str]:
        return {level for level, rule, _ in judged(old, new) if rule == "waiver-changed"}

    assert levels(one, some) == levels(some, longer) == levels(some, other) == {"warning"}
    assert levels(some, one) == levels(longer, some) == set()


def test_a_site_called_otherwise_hides_no_other_change() -> None:
    one, other = before(), {**before()}
    other["sites/moved.yaml"] = other.pop(SITE).replace("192.0.2.200", "192.0.2.203")
    (site,) = compare(side("a", one), side("b", other)).sites
    assert (site.kind, site.was) == ("renamed", "example")
    assert [entry.what for entry in site.entries] == ["hosts.store01"]


def test_a_group_called_otherwise_is_compared_with_what_it_was() -> None:
    one = before()[SITE]
    other = one.replace("  store01: {", "  store02: {labels: {rack: r7}, ").replace(
        "{group: store01}", "{group: store02}"
    )
    found = judged(one, other)
    assert {rule for level, rule, _ in found if level != "info"} == set()
    (site,) = compare(
        *(side(n, {**before(), SITE: t}) for n, t in (("a", one), ("b", other)))
    ).sites
    assert dict(site.renames.groups) == {"store01": "store02"}


def test_a_new_site_in_clear_text_does_not_pass_unsaid() -> None:
    there = side("after", before())
    ports = {
        key: replace(port, encryption=replace(port.encryption, default="none"))
        for key, port in there.catalogue.ports.items()
    }
    catalogue = replace(there.catalogue, ports=ports)
    for known, errors in ((there.catalogue, False), (catalogue, True)):
        one = replace(there, sites=(), catalogue=known)
        found = judge(compare(one, replace(there, catalogue=known)))
        assert any(change.rule == "site-added" for change in found.changes)
        assert any(change.rule == "new-clear-text" for change in found.changes) is errors


def test_a_listener_that_leaves_its_host_is_a_change_of_a_default() -> None:
    one = side("a", before())
    port = one.catalogue.ports["store-sql"]
    ports = {**one.catalogue.ports, port.id: replace(port, scope="loopback")}
    inner = replace(one, catalogue=replace(one.catalogue, ports=ports))
    found = {change.rule for change in judge(compare(inner, one)).changes}
    assert "default-changed" in found


# ---- what no flow tells, and what is the same told twice ------------------------------------


def geo(atlas: Atlas, *, after: Site) -> Review:
    site = next(site for site in atlas.sites if site.id == after.id)
    sides = [Side(name, atlas.catalogue, (one,)) for name, one in (("a", site), ("b", after))]
    return judge(compare(*sides))


def test_a_balancer_that_opens_tls_is_told_though_no_flow_differs(atlas: Atlas) -> None:
    site = next(site for site in atlas.sites if site.id == "multi-geo")
    opened = tuple(
        replace(one, tls="ends") if one.port == "web-server-https" else one for one in site.balanced
    )
    assert opened != site.balanced
    found = geo(atlas, after=replace(site, balanced=opened))
    assert [change.rule for change in found.changes] == ["encryption-weakened"]
    back = judge(
        compare(
            Side("a", atlas.catalogue, (replace(site, balanced=opened),)),
            Side("b", atlas.catalogue, (site,)),
        )
    )
    assert [change.rule for change in back.changes] == ["entry-changed"]


def test_flows_to_other_addresses_are_other_changes() -> None:
    def prints(address: str) -> set[str]:
        text = before()[SITE].replace(
            "hosts:\n",
            f"hosts:\n  new: {{addresses: [{address}], segment: services, roles: [store]}}\n",
        )
        found = review(Example(before(), {**before(), SITE: text})).changes
        return {change.fingerprint for change in found if change.rule != "entry-changed"}

    assert prints("192.0.2.210")
    assert not prints("192.0.2.210") & prints("192.0.2.211")


def edited_catalogue(old: str, new: str) -> tuple[Review, int]:
    """Return the review of an edit of the catalogue, and the line that it begins at."""
    text = before()[CATALOGUE]
    assert text.count(old) == 1
    line = text[: text.index(old)].count("\n") + 1
    return review(Example(before(), {**before(), CATALOGUE: text.replace(old, new)})), line


def test_a_change_of_the_catalogue_names_the_line_of_the_field() -> None:
    found, line = edited_catalogue("    numbers: 4743\n", "    numbers: 4744\n")
    flows = [change for change in found.changes if change.what.startswith("server-https:")]
    (entry,) = (change for change in found.changes if change.what == "ports.server-https")
    assert flows
    for told in (*flows, entry):
        assert [(p.file, p.line) for p in told.before] == [(CATALOGUE, line)]
        assert [(p.file, p.line) for p in told.after] == [(CATALOGUE, line)]
        assert told.anchor.line == told.place.line == line
    rows = site_rows(found)["example"]
    assert {place.line for row in rows for place in row.places} == {line}
    (site,) = document(found)["sites"]
    causes = [cause for flow in site["flows"] for cause in flow["causes"]]
    assert {(c["before"]["line"], c["after"]["line"]) for c in causes} == {(line, line)}


def test_of_several_fields_each_flow_names_the_one_that_made_it() -> None:
    text = before()[CATALOGUE]
    port = text.index("  web-https:")
    line = text[:port].count("\n") + 1
    edited = text[:port] + text[port:].replace("title: Web pages", "title: Pages", 1).replace(
        "encryption: {default: tls}", "encryption: {default: none}", 1
    )
    found = review(Example(before(), {**before(), CATALOGUE: edited}))
    rows = edited.splitlines()
    told = next(c for c in found.changes if c.what.startswith("web-https:"))
    assert rows[told.place.line - 1].strip() == "encryption: {default: none}"
    entry = next(c for c in found.changes if c.what == "ports.web-https")
    assert [rows[place.line - 1].strip() for place in entry.after] == [
        "title: Pages",
        "encryption: {default: none}",
    ]
    assert entry.after[0].line == line + 1


def test_a_field_that_came_is_named_where_it_is_and_the_entry_where_it_was_not() -> None:
    found, line = edited_catalogue("    numbers: 4743\n", '    numbers: 4743\n    since: "2.0"\n')
    entry = next(c for c in found.changes if c.what == "ports.server-https")
    assert [place.line for place in entry.after] == [line + 1]
    assert [place.line for place in entry.before] == [line - 2]
    gone = next(c for c in found.changes if c.what.startswith("server-https:"))
    assert gone.place.line == line + 1


def test_an_initiator_is_named_at_its_own_line() -> None:
    found, line = edited_catalogue(
        "{component: web, reach: zone, why: asks", "{component: web, reach: site, why: asks"
    )
    entry = next(c for c in found.changes if c.what == "ports.server-https")
    assert [place.line for place in entry.after] == [line]


NOTHING = "No flow differs on the network. Nobody must act."


@pytest.mark.parametrize(
    "name", ["group-split-in-two", "groups-joined", "host-passes-to-another-group"]
)
def test_the_same_hosts_in_other_groups_open_and_close_nothing(name: str) -> None:
    found = review(example(CASES / "diff" / name))
    every = [row for some in site_rows(found).values() for row in some]
    assert every
    assert not any(row.opens or row.closes or row.readdressed for row in every)
    assert {row.acts for row in every} == {("nobody",)}
    assert {row.others for row in every} == {("the same hosts",)}
    assert {change.rule for change in found.changes} == {"group-split"}
    assert verdict(found, every).endswith(NOTHING)


def asked(name: str) -> set[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Return what a network team is asked for: sign, group, addresses to open for and to close."""
    found = review(example(CASES / "diff" / name))
    return {
        (sign(row), party.group, party.shift.came, party.shift.went)
        for some in site_rows(found).values()
        for row in some
        if "network team" in row.acts
        for party in (*row.initiators, row.listener)
        if party.group.startswith("agent")
    }


def test_who_stays_of_a_group_that_is_gone_is_not_closed() -> None:
    """Closing for all of its addresses would stop those that are in another group now."""
    name = "group-dissolved-one-gone"
    assert asked(name) == {(f"{MINUS} closes", "agent", (), ("192.0.2.132",))}
    text = diff_text(review(example(CASES / "diff" / name)))
    assert "not needed any more from build to core for 192.0.2.132 (network team)" in text
    assert "; close for 192.0.2.132 " in text


def test_a_new_group_with_hosts_of_another_is_opened_for_its_new_ones() -> None:
    assert asked("group-dissolved-one-new") == {("+ opens", "agent-b", ("192.0.2.133",), ())}


def test_a_host_in_a_new_group_of_another_owner_opens_nothing() -> None:
    assert asked("host-moved-to-a-new-group") == {("~ changed", "agent", (), ("192.0.2.132",))}


def test_a_listener_that_moved_is_to_be_opened_where_it_goes_and_closed_where_it_was() -> None:
    found = review(example(CASES / "diff" / "listener-moved-to-another-segment"))
    flow = "store-sql:server01.server>store01.store"
    (error,) = (change for change in found.changes if change.severity == "error")
    assert (error.rule, error.what) == ("mandatory-flow-added", flow)
    assert error.message.endswith(": crosses from core to build now, no more from core to services")
    (group,) = (change for change in found.changes if change.rule == "group-moved")
    assert group.message.endswith(" (1 flow, 1 to open and 1 to close)")
    (row,) = site_rows(found)["example"]
    assert sign(row) == "~ moves"
    catalogue = side("any", before()).catalogue
    comment = markdown(found, Catalogues(catalogue, catalogue))
    for text in (diff_text(found), html(found, {}), comment):
        assert "open core → build; close core → services; " in text


def test_a_listener_that_moved_beside_its_initiator_is_to_be_closed_where_it_was() -> None:
    found = review(example(CASES / "diff" / "listener-moved-beside-its-initiator"))
    (change,) = found.changes
    assert (change.rule, change.acts) == ("group-moved", "network team")
    assert change.message.endswith(" (1 flow, 1 to close)")
    (row,) = site_rows(found)["example"]
    assert sign(row) == "~ closes"
    assert "; close core → services; " in diff_text(found)
    assert "open" not in diff_text(found)


def test_a_segment_cut_in_two_is_no_error() -> None:
    """Its hosts stay where they are, with their addresses: so do the rules of firewalls."""
    found = review(example(CASES / "diff" / "segment-cut-addresses-kept"))
    assert "group-moved" in {change.rule for change in found.changes}
    assert "error" not in {change.severity for change in found.changes}


def test_without_addresses_a_listener_in_another_segment_has_moved() -> None:
    here = "addresses: [192.0.2.200], segment: services"
    assert here in before()[SITE]
    sides = (
        {**before(), SITE: before()[SITE].replace(here, there)}
        for there in ("segment: services", "segment: build")
    )
    found = review(Example(*sides))
    assert [c.rule for c in found.changes] == ["mandatory-flow-added", "group-moved"]


def test_what_a_role_more_dials_is_not_opened_twice() -> None:
    """The agent of the same host dials the server on the same number already."""
    found = review(example(CASES / "diff" / "host-moved-out-with-a-role-more"))
    judged = {c.what: c for c in found.changes}
    known = judged["server-https:agent-b.web>server01.server"]
    assert (known.rule, known.severity) == ("inside-segment", "info")
    assert known.message.endswith("new, from build to core: let through for another flow")
    opened = [row for some in site_rows(found).values() for row in some if row.opens]
    assert [str(row.numbers) for row in opened] == ["4744"]


def test_a_waiver_that_covers_nothing_of_the_change_is_told() -> None:
    site = before()[SITE]
    waived = site + WAIVED.replace("RULE", "flow-removed").replace("DAY", "2026-02-01")
    idle = "waivers.flow-removed: store-sql:server01.server>store01.store"
    titled = waived.replace("title: Parcels", "title: Letters")
    assert ("info", "waiver-idle", idle) in judged(waived, titled)
    assert not judged(waived, waived)
    inside = waived.replace("store: outside", "store: own")
    assert "waiver-idle" not in {rule for _, rule, _ in judged(waived, inside)}
    misspelt = inside.replace("server01.server>", "server1.server>")
    sides = Example({**before(), SITE: waived}, {**before(), SITE: misspelt})
    told = [change.message for change in review(sides).changes if change.rule == "waiver-idle"]
    assert [line.partition(" covers nothing here; ")[2] for line in told] == [
        'did you mean "store-sql:server01.server>store01.store"?'
    ]


def test_of_the_waivers_of_lint_a_diff_says_nothing() -> None:
    site = before()[SITE]
    waived = site + WAIVED.replace("RULE", "clear-text").replace("DAY", "2026-02-01")
    titled = waived.replace("title: Parcels", "title: Letters")
    assert [rule for _, rule, _ in judged(waived, titled)] == ["words"]


def test_another_transport_is_told_with_the_old_one() -> None:
    sides = before(), {**before()}
    port = "    numbers: 4790\n    transport: tcp\n"
    assert sides[1][CATALOGUE].count(port) == 1
    sides[1][CATALOGUE] = sides[1][CATALOGUE].replace(port, port.replace("tcp", "udp"))
    found = review(Example(*sides))
    (row,) = site_rows(found)["example"]
    assert port_words(row) == "4790/udp ← 4790/tcp"
    catalogues = Catalogues(side("a", sides[0]).catalogue, side("b", sides[1]).catalogue)
    (edge,) = diff_drawing(catalogues, found.diff.sites[0], context=False).drawing.edges
    assert "4790/udp ← 4790/tcp" in edge.label


def test_a_flow_that_came_as_a_line_went_shows_the_line_that_went() -> None:
    line = "    - {port: cd-server-stomp, groups: [cd], tls: passes}\n"
    text = (DATA / "sites" / "multi-geo.yaml").read_text("utf-8")
    number = text.splitlines(keepends=True).index(line) + 1
    catalogue = (DATA / "ports.yaml").read_text("utf-8")
    sides = [
        side(name, {CATALOGUE: catalogue, "sites/multi-geo.yaml": site})
        for name, site in (("a", text), ("b", text.replace(line, "")))
    ]
    there, back = (judge(compare(*some)) for some in (sides, sides[::-1]))
    came = [c for c in there.changes if c.rule == "mandatory-flow-added"]
    assert [(c.place.file, c.place.line) for c in came] == [("sites/multi-geo.yaml", number)] * 2
    assert {c.anchor.file for c in came} == {"sites/multi-geo.yaml"}
    assert {c.place.line for c in back.changes if c.rule == "flow-removed"} == {number}


def test_what_opens_a_firewall_concerns_its_team_whatever_else_is_worse() -> None:
    """Clear text in the place of TLS is for the application team; the new crossing is not."""
    folder = before()
    port = folder[CATALOGUE].index("  directory-plain:")
    end = folder[CATALOGUE].index("requirement: ", port)
    line = folder[CATALOGUE][end:].partition("\n")[0]
    catalogue = folder[CATALOGUE][:end] + folder[CATALOGUE][end:].replace(
        line, "requirement: optional", 1
    )
    sides = [
        {**folder, CATALOGUE: catalogue},
        {
            **folder,
            CATALOGUE: catalogue,
            SITE: folder[SITE].replace("directory: tls", "directory: plain"),
        },
    ]
    found = review(Example(*sides))
    judged = {c.rule: c.acts for c in found.changes if c.what.startswith("directory-plain:")}
    assert judged == {
        "encryption-weakened": "application team",
        "optional-flow-added": "network team",
    }
    (row,) = (row for row in site_rows(found)["example"] if row.opens)
    assert row.acts == ("network team", "application team")
    assert "network team, application team" in diff_text(found)


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_who_opens_or_closes_is_the_network_team(rule: str) -> None:
    found = review(change(rule, "wrong"))
    for rows in site_rows(found).values():
        for row in rows:
            if (row.opens or row.closes or row.readdressed) and row.rules != ("group-split",):
                assert row.acts[0] == "network team"


def test_what_is_optional_is_not_told_to_be_opened_like_the_rest(atlas: Atlas) -> None:
    """A new site has both clear text that it works without, and TLS that it needs."""
    site = next(site for site in atlas.sites if site.id == "clustered")
    sides = (Side("a", atlas.catalogue, ()), Side("b", atlas.catalogue, (site,)))
    found = judge(compare(*sides))
    rows = [row for row in site_rows(found)["clustered"] if row.opens]
    asked = {(str(row.numbers), row.requirement) for row in rows}
    assert {("8000", "optional"), ("8443", "always")} <= asked
    count = sum(row.flows for row in rows if row.requirement == "optional")
    assert f"crossings opened ({count} optional)" in verdict(found, rows)
    lines = [line for line in diff_text(found).splitlines() if "+ opens" in line]
    for number, word in (("8000", "; optional"), ("8443", "; always")):
        assert all(word in line for line in lines if f" {number}/tcp" in line)
    catalogues = Catalogues(atlas.catalogue, atlas.catalogue)
    assert re.search(r"`8000/tcp`.*\| optional \|", markdown(found, catalogues))
    assert re.search(r"<code>8000/tcp</code>.*>optional</td>", html(found, {}))


def test_what_listens_behind_a_balancer_is_in_the_row(atlas: Atlas) -> None:
    found = review(example(CASES / "diff" / "balancer-ends-tls"))
    rows = [row for some in site_rows(found).values() for row in some]
    assert ("listener behind on 4780 ← 4743",) in {row.others for row in rows}
    assert "; listener behind on 4780 ← 4743" in diff_text(found)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("segment-readdressed", "No flow differs on the network, but 1 other thing does."),
        ("waiver-changed", "No flow differs on the network, but 1 other thing does."),
    ],
)
def test_something_to_act_on_is_no_flow(rule: str, said: str) -> None:
    shown = verdict(found := review(change(rule, "wrong")), site_rows(found)["example"])
    assert f" {said} Who must act: network team." in shown


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_format_has_the_same_to_know_of(rule: str) -> None:
    found = review(change(rule, "wrong"))
    count = len(to_know_of(found))
    catalogue = side("before", before()).catalogue
    comment = markdown(found, Catalogues(catalogue, catalogue))
    said = f"{count} change{'' if count == 1 else 's'} to know of"
    assert (said in comment) == bool(count)
    page = html(found, {}).partition("<h2>To know of</h2>")[2].partition("<h2>")[0]
    assert page.count("<tr class=") == count
    text = diff_text(found).partition("To know of:\n")[2].partition("\n\n")[0]
    assert len(text.splitlines()) == count


def test_a_new_gateway_is_told_in_words(atlas: Atlas) -> None:
    site = next(site for site in atlas.sites if site.id == "multi-geo")
    key, gateway = next(iter(site.gateways.items()))
    others = {name: one for name, one in site.gateways.items() if name != key}
    sides = (replace(site, gateways=others), site)
    found = judge(
        compare(*(Side(n, atlas.catalogue, (s,)) for n, s in zip("ab", sides, strict=True)))
    )
    (told,) = (change for change in found.changes if change.what == f"gateways.{key}")
    one, other = gateway.ends
    joined = f"{one.group} ({one.role}) in zone {one.zone} and {other.group} ({other.role})"
    assert told.message.startswith(f"gateways {key} is new: {joined} in zone {other.zone}")


def test_a_changed_gateway_is_told_in_words() -> None:
    found = review(example(CASES / "diff" / "dialled-address-changed"))
    (told,) = (c for c in found.changes if c.what.startswith("gateways."))
    assert re.search(r": dialled [a-z-]+ address in zone [a-z]+ [0-9.]+ → [0-9.]+", told.message)
