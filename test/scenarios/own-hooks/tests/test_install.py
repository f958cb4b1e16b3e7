def test_the_database_has_what_it_was_told(door):
    assert door.exec("db", "redis-cli get install") == "own-hooks"
