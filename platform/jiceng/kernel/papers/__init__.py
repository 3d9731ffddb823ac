"""Papers to hand in: Word files from a template, PDF from a typst source; both take values, never markup."""

from jiceng.kernel.papers.fonts import NoFont, font_here
from jiceng.kernel.papers.printing import pdf
from jiceng.kernel.papers.word import word

__all__ = ["NoFont", "font_here", "pdf", "word"]
