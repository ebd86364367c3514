"""The feed's pages for people: which is asked for, its map, its words."""
