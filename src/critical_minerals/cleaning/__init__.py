"""Pure steps on frames that the notebooks share; judgements about figures stay in the notebooks."""
