"""Text for people and for search: folding, words, how it sounds, how wide it is on a terminal."""
