"""Which examples a WHERE clause selects, and what there is to count and show of them."""

from dataimp_gui.core.query.counting import Facet, Histogram
from dataimp_gui.core.query.query import Query

__all__ = ["Facet", "Histogram", "Query"]
