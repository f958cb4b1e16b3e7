def test_is_served(live_app):
    assert live_app.get("/").status == 200
