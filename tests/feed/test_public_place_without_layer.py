from tests.feed.making import public_feature, published


def test_without_a_population_layer_no_place_is_public(db):
    """Nobody can say then that 5,000 people live around it."""
    shown = public_feature(published())
    assert shown["geometry"] is None
    assert shown["properties"]["place_basis"] == "withheld"
