"""Meetings kept in a CSV logbook, for calsight."""
