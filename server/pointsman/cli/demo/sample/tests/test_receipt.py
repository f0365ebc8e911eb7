from splitbill.receipt import receipt

EXPECTED = """\
Ada        13.20
Grace      13.20
Edsger     13.20
total      39.60"""


def test_receipt():
    assert receipt("36.00", ["Ada", "Grace", "Edsger"], tip=10) == EXPECTED
