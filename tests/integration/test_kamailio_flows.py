"""Flows of the dialect once more, with Kamailio between: REFER both ways, Replaces, hold and retrieve, events
in dialogs, consultation and what follows. The tests themselves are those of the modules named."""

import test_hold
import test_switchboard_refer


class Hold(test_hold.Hold):
    settings = {"kamailio_count": 1}


class ReferIn(test_switchboard_refer.ReferIn):
    settings = {"kamailio_count": 1}


class ReferOut(test_switchboard_refer.ReferOut):
    settings = {"kamailio_count": 1}
