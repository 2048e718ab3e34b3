"""What loadtest/run and loadtest/compare are made of."""
