"""Who gets which session: as many wishes as possible, by min-cost flow."""

from collections.abc import Mapping
from hashlib import sha256

FIRST, SECOND, ANY = 1, 2, 3

# Longer than any tie: two distributions with the same sum of lots will not be met.
_LOT_BITS = 64


def assign(
    people: Mapping[int, Mapping[int, int]], seats: Mapping[int, int], draw: str
) -> dict[int, int]:
    """Person → session for all who get one; the same for the same input.

    `people` maps each to the sessions they want, with a rank (`FIRST`, `SECOND`, `ANY`); `seats`
    maps each session to what it has free; `draw` names the draw. As many people as can be get a
    first or second choice; among such results, as many as can be their first; then as many as can
    be of the others any session. Of several equally good results the one is taken whose lots add
    up to most: each wish draws its own. That makes the result unique (the isolation lemma of
    Mulmuley, Vazirani and Vazirani, 1987), so it does not depend on the order of the people or on
    how it was found.
    """
    # Loaded here, because few processes ever distribute seats.
    import networkx as nx

    graph = nx.DiGraph()
    worth = _worth(len(people))
    graph.add_node("all", demand=len(people))
    graph.add_edge("nothing", "all", weight=0)
    for session, free in sorted(seats.items()):
        graph.add_edge(session, "all", capacity=free, weight=0)
    for person, wishes in sorted(people.items()):
        node = ("person", person)
        graph.add_node(node, demand=-1)
        graph.add_edge(node, "nothing", capacity=1, weight=0)
        for session, rank in sorted(wishes.items()):
            weight = -(worth[rank] + lot(draw, person, session))
            graph.add_edge(node, session, capacity=1, weight=weight)
    _cost, flow = nx.network_simplex(graph)
    return {
        person: session
        for person, wishes in people.items()
        for session in wishes
        if flow["person", person][session]
    }


def lot(draw: str, person: int, session: int) -> int:
    """The number that decides between equals: random, yet the same whenever it is drawn."""
    digest = sha256(f"{draw}/{person}/{session}".encode()).digest()
    return int.from_bytes(digest[: _LOT_BITS // 8])


def _worth(people: int) -> dict[int, int]:
    """What each rank counts: so far apart that no sum of a lesser one reaches a greater."""
    more = people + 1
    any_ = more << _LOT_BITS
    return {ANY: any_, FIRST: any_ * more * more + any_ * more, SECOND: any_ * more * more}
