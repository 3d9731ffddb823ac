"""Who a result is about, or who answers for him, objects to it and reads the answer."""
