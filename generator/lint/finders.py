"""What finds each rule."""

from collections.abc import Callable

from generator.catalogue import Catalogue
from generator.derive.model import Derived
from generator.lint import constraints, general
from generator.lint.model import Found
from generator.policy import Limits
from generator.rules import lint as rules
from generator.rules.model import Rule

FINDERS: tuple[tuple[Rule, Callable[[Catalogue, Derived, Limits], Found]], ...] = (
    (rules.BESIDE, constraints.beside),
    (rules.CLEAR_TEXT, general.clear_text),
    (rules.GATEWAY_END, general.gateway_end),
    (rules.GATEWAYS_BETWEEN_ZONES, constraints.gateways_between_zones),
    (rules.LONELY_HOST, general.lonely_host),
    (rules.MUST_NOT, general.must_not),
    (rules.NEEDED_WHEN, constraints.needed_when),
    (rules.NEVER_BESIDE, constraints.never_beside),
    (rules.NOBODY_THERE, general.nobody_there),
    (rules.NOT_WHEN, constraints.not_when),
    (rules.ODD_NUMBER, constraints.odd_number),
    (rules.ONE_SEGMENT, constraints.one_segment),
    (rules.ONLY_IN_ZONE, constraints.only_in_zone),
    (rules.OPTION_CHOICE, general.option_choice),
    (rules.PORT_CONFLICT, general.port_conflict),
    (rules.ROUTE_TO_ZONE, constraints.route_to_zone),
    (rules.SEGMENTS_OVERLAP, general.segments_overlap),
    (rules.WIDE_RANGE, general.wide_range),
)
