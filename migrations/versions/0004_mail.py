"""Mail: one form of every address and domain; a sender's name per workshop

Revision ID: 0004
Revises: 0003
"""

import unicodedata
from collections.abc import Callable

import idna
import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

ADDRESSES = {
    'accounts': ('email',),
    'registrations': ('email', 'new_email'),
    'speakers': ('email',),
    'workshops': ('contact_email',),
    'outbox_messages': ('recipient', 'reply_to'),
}
NAME = sa.String(length=200)


def upgrade() -> None:
    for table in ('workshops', 'outbox_messages'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('sender_name', NAME, server_default='', nullable=False))
    for table, columns in ADDRESSES.items():
        for column in columns:
            rewrite(table, column, canonical_address)
    rewrite('organisations', 'mail_domains', canonical_domains)


def downgrade() -> None:
    # The code before compares domains as they stand, and its form takes those in ASCII alone.
    rewrite('organisations', 'mail_domains', wire_domains)
    for table in ('workshops', 'outbox_messages'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('sender_name')


def rewrite(name: str, column: str, change: Callable[[str], str]) -> None:
    """Change a column's values where the change makes another one of them."""
    table = sa.table(name, sa.column('id'), sa.column(column))
    connection = op.get_bind()
    values = connection.execute(
        sa.select(table.c.id, table.c[column]).where(table.c[column].is_not(None))
    ).all()
    for row_id, value in values:
        changed = change(value)
        if changed != value:
            connection.execute(
                table.update().where(table.c.id == row_id).values({column: changed})
            )


def canonical_address(address: str) -> str:
    """As app/web/mail_addresses.py stores it from now on; what is no address stays."""
    local, at, domain = address.rpartition('@')
    return f'{local.lower()}@{canonical_domain(domain)}' if at else address


def canonical_domains(domains: str) -> str:
    return ' '.join(dict.fromkeys(canonical_domain(domain) for domain in domains.split()))


def canonical_domain(domain: str) -> str:
    try:
        labels = idna.encode(domain, uts46=True, std3_rules=True).decode().split('.')
        return '.'.join(shown(label) for label in labels)
    except ValueError:
        return domain


def shown(label: str) -> str:
    readable = idna.decode(label)
    return readable if all(is_latin(char) for char in readable) else label


def is_latin(char: str) -> bool:
    return char.isascii() or unicodedata.name(char, '').startswith(('LATIN', 'COMBINING'))


def wire_domains(domains: str) -> str:
    return ' '.join(wire_domain(domain) for domain in domains.split())


def wire_domain(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode()
    except ValueError:
        return domain
