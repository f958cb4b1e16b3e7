def test_the_page_of_the_config_is_served(live_app):
    assert "About us." in live_app.get("/about.html").text


def test_the_database_keeps_what_it_is_told(door):
    door.exec("db", "redis-cli set greeting hello")
    assert door.exec("db", "redis-cli get greeting") == "hello"
