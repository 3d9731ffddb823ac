"""Where organizations stand: classes of a year, who moved since the year before, who was turned round."""
