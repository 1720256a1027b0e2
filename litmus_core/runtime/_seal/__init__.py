"""The proof that a bundle is unchanged since its export: manifest, hashes, golden rows."""
