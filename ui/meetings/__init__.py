"""Stories: put in order, presented and handed out; views that somebody kept."""
