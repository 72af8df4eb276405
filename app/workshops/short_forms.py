"""Short forms under which people look for an organisation, beyond its own name and short name.

Words for a Land are its code (ISO 3166-2) and what newspapers and authorities write.
"""

from app.workshops.models import OrganisationKind

_LAENDER = {
    "DE-BW": "BW BaWü BaWue Baden-Württemberg",
    "DE-BY": "BY Bay Bayern",
    "DE-BE": "BE Bln Berlin",
    "DE-BB": "BB Bbg Brb Brandenburg",
    "DE-HB": "HB Bremen",
    "DE-HH": "HH Hamburg",
    "DE-HE": "HE Hessen",
    "DE-MV": "MV MeckPomm McPomm Meck-Pomm Mecklenburg-Vorpommern",
    "DE-NI": "NI Nds Niedersachsen",
    "DE-NW": "NW NRW Nordrhein-Westfalen",
    "DE-RP": "RP RLP Rheinland-Pfalz",
    "DE-SL": "SL Saarland",
    "DE-SN": "SN Sachsen",
    "DE-ST": "ST LSA Sachsen-Anhalt",
    "DE-SH": "SH Schleswig-Holstein",
    "DE-TH": "TH Thür Thüringen",
}
_KINDS = {
    OrganisationKind.STATE_POLICE: (
        "LKA Landeskriminalamt Landespolizei PP Polizeipräsidium PD Polizeidirektion LaPo"
    ),
    OrganisationKind.MINISTRY: "IM MI Innenministerium Ministerium des Innern",
}
# By the short name, because the name may be written in more than one way.
_FEDERAL = {
    "BPOL": "BuPo BuPol BPolP BPolD Bundespolizeipräsidium Bundespolizeidirektion",
    "BKA": "Bundeskriminalamt",
    "BMI": "Bundesinnenministerium BMI",
    "PBT": "Bundestagspolizei",
    "ZOLL": "GZD Generalzolldirektion HZA Hauptzollamt Zollfahndung",
    "ZKA": "Zollkriminalamt Zollfahndung",
    "DHPOL": "Polizeihochschule",
}


def short_forms(kind: OrganisationKind, state: str | None, short_name: str) -> str:
    """Words that find the organisation: 'NW LKA Landeskriminalamt … NRW'."""
    words = [short_name, _KINDS.get(kind, "") if state else ""]
    words += [_LAENDER.get(state or "", ""), _FEDERAL.get(short_name.upper(), "")]
    return " ".join(dict.fromkeys(" ".join(words).split()))
