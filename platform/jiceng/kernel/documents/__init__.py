"""Documents to hand in: Word from a template, PDF from a typst source; both take values, never markup."""

from jiceng.kernel.documents.fonts import NoFont, font_here
from jiceng.kernel.documents.printing import pdf
from jiceng.kernel.documents.word import word

__all__ = ["NoFont", "font_here", "pdf", "word"]
