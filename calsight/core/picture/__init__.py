"""The picture around the verdict: the four situations, the index of visibility, and when meetings are."""
