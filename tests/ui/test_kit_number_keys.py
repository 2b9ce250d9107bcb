from dataimp_gui.ui.kit.number_keys import KEYS, NumberKeys


def test_classes_have_the_keys_in_their_order_and_keep_them():
    keys = NumberKeys(["bag", "coat"])
    keys.use("hat")
    keys.refresh(["bag", "boot", "coat", "hat"])
    assert keys.held == {"1": "bag", "2": "coat", "3": "hat", "4": "boot"}
    assert keys.recent[0] == "hat"


def test_past_ten_a_new_class_takes_the_key_that_was_used_longest_ago():
    keys = NumberKeys("abcdefghij")
    for name in "jihgfedcab":
        keys.use(name)
    keys.use("new")
    assert keys.label("0") == "new"
    assert "".join(keys.held) == KEYS


def test_a_class_that_is_called_like_a_key_has_that_key():
    assert NumberKeys("0123456789").held == {key: key for key in KEYS}
    mixed = NumberKeys(["cat", "1", "dog"])
    assert (mixed.label("1"), mixed.label("2"), mixed.label("3")) == ("1", "cat", "dog")
    mixed.use("3")  # its key is taken
    assert (mixed.label("3"), mixed.label("4")) == ("dog", "3")
    assert NumberKeys(["cat", "12"]).label("1") == "cat"  # 12 is not the name of a key
