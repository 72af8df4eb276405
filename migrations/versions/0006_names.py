"""Names are found in every form in which people type them; half rings do not count in their order

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from app.sorting import name_sort_key, search_text

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

registrations = sa.table(
    'registrations',
    *map(sa.column, ('id', 'first_name', 'last_name', 'badge_name', 'email', 'department')),
    *map(sa.column, ('organisation_id', 'other_organisation', 'sort_key', 'search_text')),
)
organisations = sa.table('organisations', *map(sa.column, ('id', 'name', 'short_name')))
messages = sa.table(
    'outbox_messages', *map(sa.column, ('id', 'recipient', 'recipient_name', 'search_text'))
)


def upgrade() -> None:
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('search_text', sa.Text(), server_default='', nullable=False))
    connection = op.get_bind()
    _index_mails(connection)
    _index_people(connection)
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        batch_op.alter_column('search_text', existing_type=sa.Text(), server_default=None)


def downgrade() -> None:
    # What people are sorted and searched by stays: earlier versions read it as it is.
    with op.batch_alter_table('outbox_messages', schema=None) as batch_op:
        batch_op.drop_column('search_text')


def _index_mails(connection: sa.Connection) -> None:
    found = connection.execute(sa.select(messages.c.id, messages.c.recipient, messages.c.recipient_name))
    texts = [{'key': row.id, 'text': search_text(row.recipient, row.recipient_name)} for row in found]
    if texts:
        change = messages.update().where(messages.c.id == sa.bindparam('key'))
        connection.execute(change.values(search_text=sa.bindparam('text')), texts)


def _index_people(connection: sa.Connection) -> None:
    joined = registrations.outerjoin(organisations, organisations.c.id == registrations.c.organisation_id)
    person = registrations.c
    found = connection.execute(
        sa.select(
            person.id, person.first_name, person.last_name, person.badge_name, person.email,
            sa.func.coalesce(organisations.c.name, person.other_organisation).label('organisation'),
            sa.func.coalesce(organisations.c.short_name, '').label('short_name'), person.department,
        ).select_from(joined)
    )
    texts = [
        {'key': row.id, 'order': name_sort_key(row.last_name, row.first_name)[:200], 'text': search_text(*row[1:])}
        for row in found
    ]
    if texts:
        change = registrations.update().where(person.id == sa.bindparam('key'))
        connection.execute(
            change.values(sort_key=sa.bindparam('order'), search_text=sa.bindparam('text')), texts
        )
