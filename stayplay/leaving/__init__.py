"""A borough leaves: exported whole, erased with a certificate, taken in by another installation. See docs/decisions."""
