"""Classification of organizations and the programmes that follow: 分类定级, 示范、提升、治弱."""
