"""The simulator of rates: change a scenario, see what it costs where and who gains or loses, save it, compare it, take it away."""
