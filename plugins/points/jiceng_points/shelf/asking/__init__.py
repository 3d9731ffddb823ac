"""Pages of residents' needs: the clerk's list, the QR forms, and the public form behind them."""
