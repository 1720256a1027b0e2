"""What shows that a bundle is the one that was exported: manifest, hashes, golden rows."""
