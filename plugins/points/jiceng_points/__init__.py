"""Points management 积分制 (「党建超市」)."""
