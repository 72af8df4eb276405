"""How connections are served: the web server takes requests in whole and answers at its leisure."""
