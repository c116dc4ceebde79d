"""The web app that `calsight serve` opens: one person's calendar, kept in memory while its owner answers and corrects."""
