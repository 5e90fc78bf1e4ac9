"""Text for display and for search: folding, words, phonetic matching, width on a terminal."""
