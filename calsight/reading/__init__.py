"""From the word that a person types to events: plugins, sources, the local store, and which days are meant."""
