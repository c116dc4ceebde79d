"""Every sentence that calsight says, by a stable code."""
