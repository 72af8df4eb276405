"""The wordings that a new workshop starts with. Organisers change them in the settings.

German only, on purpose: a consent is given to one wording, and that is the one kept as proof.
"""

from app.workshops.models import ConsentKind

DEFAULT_TEXTS = {
    ConsentKind.LISTING: (
        "Mein Name, meine Organisation, meine Dienststelle und meine Funktion dürfen in der"
        " Teilnahmeliste stehen, die alle Teilnehmenden erhalten."
    ),
    ConsentKind.PHOTOS: (
        "Fotos und Filmaufnahmen vom Workshop, auf denen ich zu erkennen bin, dürfen für die"
        " interne Dokumentation und die Öffentlichkeitsarbeit der ausrichtenden Behörde"
        " verwendet werden."
    ),
    ConsentKind.NEEDS: (
        "Meine Angaben zu Unverträglichkeiten und Barrierefreiheit dürfen gespeichert und für"
        " die Vorbereitung verwendet werden. Das Catering erhält nur Anzahlen, keine Namen."
    ),
    ConsentKind.MAILING: (
        "Meine dienstliche E-Mail-Adresse darf für die Einladung zu künftigen Workshops dieser"
        " Reihe gespeichert werden."
    ),
}
