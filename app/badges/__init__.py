"""Name badges: label stock, rendering, sheets, and which badge was printed when."""
