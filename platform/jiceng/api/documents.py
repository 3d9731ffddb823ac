"""Documents to hand in: Word from a template, PDF from a typst source, the font for Chinese."""

from jiceng.kernel.documents import NoFont, font_here, pdf, word

__all__ = ["NoFont", "font_here", "pdf", "word"]
