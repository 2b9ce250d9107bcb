"""What a person would say about a medium in numbers: dark, blurred, loud, clipped, long, in another language.

`STATISTICS` says which there are, with unit and formula; `measure_all` measures many, `measure` one.
"""

from dataimp_gui.core.media.statistics.batch import Source
from dataimp_gui.core.media.statistics.measuring import Measured, measure, measure_all
from dataimp_gui.core.media.statistics.table import STATISTICS, VERSION, Statistic

__all__ = ["STATISTICS", "VERSION", "Measured", "Source", "Statistic", "measure", "measure_all"]
