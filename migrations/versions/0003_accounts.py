"""Versions of organisations and accounts; entries of the journal by deleted accounts

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('organisations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), server_default='1', nullable=False))
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), server_default='1', nullable=False))
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.add_column(sa.Column('by_deleted_account', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.drop_column('by_deleted_account')
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_column('version')
    with op.batch_alter_table('organisations', schema=None) as batch_op:
        batch_op.drop_column('version')
