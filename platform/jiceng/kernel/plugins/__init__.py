"""Which installed plugins this process may load: in production those of a signed list only (threat T62)."""

from jiceng.kernel.plugins.judging import Judged, RefusedPlugin, entry_points, judge, judged, refused_plugins

__all__ = ["Judged", "RefusedPlugin", "entry_points", "judge", "judged", "refused_plugins"]
