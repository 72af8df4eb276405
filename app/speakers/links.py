"""The link to a speaker's own page.

A guest has a link of this feature's purpose. A participant has the link of the registration,
which opens this page as well: so it ends with the registration's links, and nobody has two.
"""

from app.agenda.models import Speaker
from app.outbox.service import SecretLink
from app.registration import links
from app.workshops.models import Workshop

LINK_PURPOSE = "speaker"


def own_link(workshop: Workshop, speaker: Speaker) -> SecretLink:
    """The link to draw when a mail to this speaker goes out."""
    participates = speaker.registration_id is not None
    return SecretLink(
        purpose=links.LINK_PURPOSE if participates else LINK_PURPOSE,
        subject_id=speaker.registration_id or speaker.id,
        path=f"/{workshop.slug}/speaker/{{token}}",
        expires_at=links.link_expiry(workshop),
    )
