"""Which records may be the same person or company: what is compared, the pairs to compare, the score and the reasons.

A score is a probability, from 0 to 1. It is computed as Fellegi and Sunter describe ("A Theory for Record Linkage",
1969): each field that agrees or differs adds or subtracts bits of evidence; `evidence.py` adds them up. Only pairs
with a common key (`keys.py`) are compared, so that the work grows with the number of records (`blocks.py`).
"""
