"""The OpenAI protocol: Dateline as a model that any chat front end can be pointed at."""
