"""The one place where events are wired to handlers, and where the sealers are listed."""

from ledger.consumers import Consumer

CONSUMERS = (
    Consumer(
        name="scoring.exposure",
        kinds=frozenset({"incident.opened", "incident.changed"}),
        handler="scoring.handlers.incidents_changed",
        queue="scoring",
    ),
    Consumer(
        name="scoring.layer",
        kinds=frozenset({"layer.activated", "layer.put_beside"}),
        handler="scoring.handlers.layer_activated",
        queue="scoring",
    ),
    Consumer(
        name="scoring.rescore",
        kinds=frozenset({"exposure.requested"}),
        handler="scoring.handlers.exposure_requested",
        queue="scoring",
        batch=1,
    ),
    Consumer(
        name="scoring.questions",
        kinds=frozenset({"exposure.asked"}),
        handler="scoring.handlers.question_asked",
        queue="scoring",
        batch=1,
    ),
    Consumer(
        name="matching",
        kinds=frozenset({"incident.opened", "incident.changed"}),
        handler="incidents.handlers.incidents_changed",
        queue="scoring",  # as much arithmetic as scoring; publishing must not wait behind an import
    ),
    Consumer(
        name="incidents.working_copies",
        kinds=frozenset({"evidence.received", "working_copy.requested"}),
        handler="incidents.handlers.evidence_arrived",
        batch=1,  # one picture may take seconds, or kill its reader
    ),
    Consumer(
        name="feed.publish",
        # One consumer: what becomes of an incident is written in the order it happened.
        kinds=frozenset(
            {
                "publication.requested",
                "incident.merged",
                "incident.redacted",
                "incident.split",
                "incident.taken_back",
                "incident.withdrawn",
            }
        ),
        handler="feed.handlers.incidents_decided",
        batch=200,
    ),
)

SEALERS = ("ledger.sealing.seal", "feed.sealing.seal")
