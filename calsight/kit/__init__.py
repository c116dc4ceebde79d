"""For connectors, public: what every connector that asks a service needs, written once."""
