"""What every page stands in: frame, navigation, words, figures."""
