"""The one way to the network: polite, bounded, and to public addresses only."""
