"""Snapshots in words: the state of a row, its facts, counts and buttons. Pure; the only home of such sentences.

Problems become sentences in `core.sentences`; here they become the few words that fit into a list.
"""
