"""A data folder without its host names and addresses: for a site that anybody may read.

Taken out before anything is derived, so that no output can have them. Ids stay; choose them so
that they may be seen.
"""

from collections.abc import Mapping
from dataclasses import replace

from generator.load import Atlas
from generator.topology import Dialled, Gateway, GatewayEnd, HostGroup, Segment, Site


def public(atlas: Atlas) -> Atlas:
    """Return the same without host names, addresses and networks, site files and observations."""
    own = {site.place.file for site in atlas.sites}
    return replace(
        atlas,
        sites=tuple(_site(site) for site in atlas.sites),
        files=tuple(file for file in atlas.files if file.name not in own),
        observed={},
    )


def _site(site: Site) -> Site:
    return replace(
        site,
        segments={key: _segment(segment) for key, segment in site.segments.items()},
        groups={key: _group(group) for key, group in site.groups.items()},
        gateways={key: _gateway(gateway) for key, gateway in site.gateways.items()},
    )


def _segment(segment: Segment) -> Segment:
    return replace(segment, networks=())


def _group(group: HostGroup) -> HostGroup:
    return replace(group, name=None, addresses=(), network=None)


def _gateway(gateway: Gateway) -> Gateway:
    one, other = gateway.ends
    return replace(gateway, ends=(_end(one), _end(other)))


def _end(end: GatewayEnd) -> GatewayEnd:
    dialled: Mapping[str, Dialled] = {
        port: replace(value, address=None) for port, value in end.dialled.items()
    }
    return replace(end, dialled=dialled)
