def test_is_served_all_the_same(live_app):
    assert live_app.get("/").status == 200
