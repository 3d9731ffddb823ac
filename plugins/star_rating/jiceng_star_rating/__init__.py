"""Star-rated organizations 星级党组织创评: schemes with presets, stars over the years, plaques and awards."""
