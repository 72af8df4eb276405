"""The closed circle: who may register, approvals, and who holds an unproved seat

Whoever stood in the queue without having proved the address leaves it, and comes back into it by
proving: the queue is for proved addresses. Workshops that are there stay open to everybody.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

BEFORE = ('held', 'confirmed', 'waiting', 'cancelled', 'expired')
AFTER = ('held', 'confirmed', 'waiting', 'unproved', 'pending', 'cancelled', 'expired', 'declined')
ACTIVE = sa.text("status IN ('held', 'confirmed', 'waiting')")
CURRENT = sa.text("status IN ('held', 'confirmed', 'waiting', 'unproved', 'pending')")
QUEUE = "status NOT IN ('waiting', 'pending') OR address_proved_at IS NOT NULL"


def upgrade() -> None:
    with op.batch_alter_table('workshops', schema=None) as batch_op:
        batch_op.add_column(sa.Column('access', sa.Enum('open', 'listed', name='access', native_enum=False, create_constraint=True, length=20), server_default='open', nullable=False))
    with op.batch_alter_table('workshops', schema=None) as batch_op:
        batch_op.alter_column('access', server_default=None)

    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.drop_index('uq_registrations_active_email')
        batch_op.drop_constraint('status', type_='check')
        batch_op.add_column(sa.Column('client', sa.String(length=32), server_default='', nullable=False))
    op.execute(
        "UPDATE registrations SET status = 'unproved', queue_number = NULL"
        " WHERE status = 'waiting' AND address_proved_at IS NULL"
    )
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.create_check_constraint('status', one_of(AFTER))
        batch_op.create_check_constraint('queue_is_proved', QUEUE)
        batch_op.create_check_constraint('client_while_held', "client = '' OR status = 'held'")
        batch_op.create_index('uq_registrations_current_email', ['workshop_id', 'email'], unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT)


def downgrade() -> None:
    # What the older version does not know has ended, as it sees it.
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.drop_index('uq_registrations_current_email')
        batch_op.drop_constraint('client_while_held', type_='check')
        batch_op.drop_constraint('queue_is_proved', type_='check')
        batch_op.drop_constraint('status', type_='check')
        batch_op.drop_column('client')
    op.execute("UPDATE registrations SET status = 'expired', hold_until = NULL WHERE status IN ('unproved', 'pending')")
    op.execute("UPDATE registrations SET status = 'cancelled', cancelled_at = updated_at WHERE status = 'declined'")
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.create_check_constraint('status', one_of(BEFORE))
        batch_op.create_index('uq_registrations_active_email', ['workshop_id', 'email'], unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE)
    with op.batch_alter_table('workshops', schema=None) as batch_op:
        batch_op.drop_constraint('access', type_='check')
        batch_op.drop_column('access')


def one_of(statuses: tuple[str, ...]) -> str:
    return "status IN ({})".format(", ".join(f"'{status}'" for status in statuses))
