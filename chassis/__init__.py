"""What every service stands on. Knows no word of the domain but the borough, which is the tenant."""
