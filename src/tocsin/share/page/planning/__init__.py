"""The page on portfolios: what they trade off, what they may be regretted for, what breaks them."""

from tocsin.share.page.planning.page import planning_page, timeline_page

__all__ = ["planning_page", "timeline_page"]
