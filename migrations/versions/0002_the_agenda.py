"""The agenda: drafts and releases, people, sign-up, contributions, feedback

Revision ID: 0002
Revises: 0001
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Before all that points to it: the pairs that keep everything within one workshop.
    with op.batch_alter_table('agenda_sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('language', sa.String(length=2), server_default='de', nullable=False))
        batch_op.add_column(sa.Column('minutes', sa.Integer(), server_default='60', nullable=False))
        batch_op.add_column(sa.Column('seats', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('sign_up', sa.Enum('none', 'open', 'wishes', name='sign_up', native_enum=False, create_constraint=True, length=20), server_default='none', nullable=False))
        batch_op.add_column(sa.Column('deleted_at', INSTANT, nullable=True))
        batch_op.alter_column('starts_at', existing_type=INSTANT, nullable=True)
        batch_op.alter_column('ends_at', existing_type=INSTANT, nullable=True)
        batch_op.create_unique_constraint(batch_op.f('uq_agenda_sessions_id_workshop_id'), ['id', 'workshop_id'])
        batch_op.create_check_constraint('placed_or_not', '(starts_at IS NULL) = (ends_at IS NULL)')
        batch_op.create_check_constraint('minutes_sensible', 'minutes BETWEEN 5 AND 1440')
        batch_op.create_check_constraint('seats_positive', 'seats IS NULL OR seats > 0')
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.create_index('uq_registrations_id_workshop_id', ['id', 'workshop_id'], unique=True)
    with op.batch_alter_table('workshops', schema=None) as batch_op:
        batch_op.add_column(sa.Column('agenda_is_private', sa.Boolean(), server_default=sa.false(), nullable=False))

    op.create_table('agenda_imports',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_agenda_imports_account_id_accounts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshops.id'], name=op.f('fk_agenda_imports_workshop_id_workshops'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_imports'))
    )
    with op.batch_alter_table('agenda_imports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agenda_imports_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_agenda_imports_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('agenda_releases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_agenda_releases_account_id_accounts'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshops.id'], name=op.f('fk_agenda_releases_workshop_id_workshops'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_releases')),
    sa.UniqueConstraint('workshop_id', 'number', name=op.f('uq_agenda_releases_workshop_id_number'))
    )
    op.create_table('calls',
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('intro', sa.Text(), nullable=False),
    sa.Column('lengths', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('closes_at > opens_at', name=op.f('ck_calls_closes_after_opening')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshops.id'], name=op.f('fk_calls_workshop_id_workshops'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('workshop_id', name=op.f('pk_calls'))
    )
    op.create_table('session_distributions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_session_distributions_account_id_accounts'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshops.id'], name=op.f('fk_session_distributions_workshop_id_workshops'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_distributions')),
    sa.UniqueConstraint('id', 'workshop_id', name=op.f('uq_session_distributions_id_workshop_id'))
    )
    with op.batch_alter_table('session_distributions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_distributions_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('agenda_edits',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_agenda_edits_account_id_accounts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['agenda_sessions.id'], name=op.f('fk_agenda_edits_session_id_agenda_sessions'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshops.id'], name=op.f('fk_agenda_edits_workshop_id_workshops'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_edits'))
    )
    with op.batch_alter_table('agenda_edits', schema=None) as batch_op:
        batch_op.create_index('ix_agenda_edits_editor', ['workshop_id', 'account_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_agenda_edits_session_id'), ['session_id'], unique=False)

    op.create_table('distributed_sessions',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('distribution_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['distribution_id', 'workshop_id'], ['session_distributions.id', 'session_distributions.workshop_id'], name='fk_distributed_sessions_distribution', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id', 'workshop_id'], ['agenda_sessions.id', 'agenda_sessions.workshop_id'], name='fk_distributed_sessions_session', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', name=op.f('pk_distributed_sessions'))
    )
    with op.batch_alter_table('distributed_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_distributed_sessions_distribution_id'), ['distribution_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_distributed_sessions_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('feedback',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('rating', sa.Integer(), nullable=False),
    sa.Column('good', sa.Text(), nullable=False),
    sa.Column('better', sa.Text(), nullable=False),
    sa.CheckConstraint('rating BETWEEN 1 AND 5', name=op.f('ck_feedback_rating_known')),
    sa.ForeignKeyConstraint(['session_id', 'workshop_id'], ['agenda_sessions.id', 'agenda_sessions.workshop_id'], name='fk_feedback_session', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('feedback', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_session_id'), ['session_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_feedback_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('feedback_given',
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['registration_id', 'workshop_id'], ['registrations.id', 'registrations.workshop_id'], name='fk_feedback_given_registration', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id', 'workshop_id'], ['agenda_sessions.id', 'agenda_sessions.workshop_id'], name='fk_feedback_given_session', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('registration_id', 'session_id', name=op.f('pk_feedback_given')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('feedback_given', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_given_session_id'), ['session_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_feedback_given_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('proposals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('track_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('abstract', sa.Text(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('speaks_self', sa.Boolean(), nullable=False),
    sa.Column('others', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('submitted', 'accepted', 'declined', 'withdrawn', name='state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("speaks_self OR others <> ''", name=op.f('ck_proposals_somebody_speaks')),
    sa.CheckConstraint('minutes BETWEEN 5 AND 1440', name=op.f('ck_proposals_minutes_sensible')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['accounts.id'], name=op.f('fk_proposals_decided_by_id_accounts'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['registration_id', 'workshop_id'], ['registrations.id', 'registrations.workshop_id'], name='fk_proposals_registration', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['agenda_sessions.id'], name=op.f('fk_proposals_session_id_agenda_sessions'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['track_id'], ['tracks.id'], name=op.f('fk_proposals_track_id_tracks'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposals'))
    )
    with op.batch_alter_table('proposals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposals_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_proposals_session_id'), ['session_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_proposals_track_id'), ['track_id'], unique=False)
        batch_op.create_index('ix_proposals_workshop', ['workshop_id', 'state'], unique=False)

    op.create_table('session_picks',
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['registration_id', 'workshop_id'], ['registrations.id', 'registrations.workshop_id'], name='fk_session_picks_registration', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id', 'workshop_id'], ['agenda_sessions.id', 'agenda_sessions.workshop_id'], name='fk_session_picks_session', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('registration_id', 'session_id', name=op.f('pk_session_picks'))
    )
    with op.batch_alter_table('session_picks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_picks_session_id'), ['session_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_session_picks_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('session_sign_ups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('seated', 'waiting', name='state', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('queue_number', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'waiting') = (queue_number IS NOT NULL)", name=op.f('ck_session_sign_ups_queue_number_while_waiting')),
    sa.ForeignKeyConstraint(['registration_id', 'workshop_id'], ['registrations.id', 'registrations.workshop_id'], name='fk_session_sign_ups_registration', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id', 'workshop_id'], ['agenda_sessions.id', 'agenda_sessions.workshop_id'], name='fk_session_sign_ups_session', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_sign_ups')),
    sa.UniqueConstraint('session_id', 'queue_number', name=op.f('uq_session_sign_ups_session_id_queue_number')),
    sa.UniqueConstraint('session_id', 'registration_id', name=op.f('uq_session_sign_ups_session_id_registration_id'))
    )
    with op.batch_alter_table('session_sign_ups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_sign_ups_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_session_sign_ups_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('session_wishes',
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.CheckConstraint('rank BETWEEN 1 AND 3', name=op.f('ck_session_wishes_rank_known')),
    sa.ForeignKeyConstraint(['registration_id', 'workshop_id'], ['registrations.id', 'registrations.workshop_id'], name='fk_session_wishes_registration', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id', 'workshop_id'], ['agenda_sessions.id', 'agenda_sessions.workshop_id'], name='fk_session_wishes_session', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('registration_id', 'session_id', name=op.f('pk_session_wishes'))
    )
    with op.batch_alter_table('session_wishes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_wishes_session_id'), ['session_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_session_wishes_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('speakers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_speakers_registration_id_registrations'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshops.id'], name=op.f('fk_speakers_workshop_id_workshops'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_speakers')),
    sa.UniqueConstraint('id', 'workshop_id', name=op.f('uq_speakers_id_workshop_id'))
    )
    with op.batch_alter_table('speakers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_speakers_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_speakers_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('proposal_comments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_proposal_comments_account_id_accounts'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_proposal_comments_proposal_id_proposals'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal_comments'))
    )
    with op.batch_alter_table('proposal_comments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_comments_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('proposal_scores',
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.CheckConstraint('score BETWEEN 1 AND 5', name=op.f('ck_proposal_scores_score_known')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_proposal_scores_account_id_accounts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_proposal_scores_proposal_id_proposals'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('proposal_id', 'account_id', name=op.f('pk_proposal_scores'))
    )
    with op.batch_alter_table('proposal_scores', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_scores_account_id'), ['account_id'], unique=False)

    op.create_table('session_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('speaker_id', sa.Integer(), nullable=True),
    sa.Column('filename', sa.String(length=120), nullable=False),
    sa.Column('content_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('shared_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('size > 0', name=op.f('ck_session_files_not_empty')),
    sa.ForeignKeyConstraint(['session_id', 'workshop_id'], ['agenda_sessions.id', 'agenda_sessions.workshop_id'], name='fk_session_files_session', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['speaker_id'], ['speakers.id'], name=op.f('fk_session_files_speaker_id_speakers'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_files')),
    sa.UniqueConstraint('session_id', 'filename', name=op.f('uq_session_files_session_id_filename'))
    )
    with op.batch_alter_table('session_files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_files_speaker_id'), ['speaker_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_session_files_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('session_people',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('speaker_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('speaker', 'chair', name='role', native_enum=False, create_constraint=True, length=20), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['session_id', 'workshop_id'], ['agenda_sessions.id', 'agenda_sessions.workshop_id'], name='fk_session_people_session', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['speaker_id', 'workshop_id'], ['speakers.id', 'speakers.workshop_id'], name='fk_session_people_speaker', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', 'speaker_id', 'role', name=op.f('pk_session_people'))
    )
    with op.batch_alter_table('session_people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_people_speaker_id'), ['speaker_id'], unique=False)

    op.create_table('speaker_concerns',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('speaker_id', sa.Integer(), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['session_id', 'workshop_id'], ['agenda_sessions.id', 'agenda_sessions.workshop_id'], name='fk_speaker_concerns_session', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['speaker_id'], ['speakers.id'], name=op.f('fk_speaker_concerns_speaker_id_speakers'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', 'speaker_id', name=op.f('pk_speaker_concerns'))
    )
    with op.batch_alter_table('speaker_concerns', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_speaker_concerns_speaker_id'), ['speaker_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_speaker_concerns_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('session_file_contents',
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['session_files.id'], name=op.f('fk_session_file_contents_file_id_session_files'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('file_id', name=op.f('pk_session_file_contents'))
    )

    move_speakers()
    release_what_is_shown()
    with op.batch_alter_table('agenda_sessions', schema=None) as batch_op:
        batch_op.drop_column('speakers')


def downgrade() -> None:
    op.execute("DELETE FROM agenda_sessions WHERE starts_at IS NULL OR deleted_at IS NOT NULL")
    with op.batch_alter_table('agenda_sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('speakers', sa.String(length=300), nullable=True))
    move_speakers_back()
    op.drop_table('session_file_contents')
    with op.batch_alter_table('speaker_concerns', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_speaker_concerns_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_speaker_concerns_speaker_id'))

    op.drop_table('speaker_concerns')
    with op.batch_alter_table('session_people', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_people_speaker_id'))

    op.drop_table('session_people')
    with op.batch_alter_table('session_files', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_files_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_session_files_speaker_id'))

    op.drop_table('session_files')
    with op.batch_alter_table('proposal_scores', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposal_scores_account_id'))

    op.drop_table('proposal_scores')
    with op.batch_alter_table('proposal_comments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposal_comments_proposal_id'))

    op.drop_table('proposal_comments')
    with op.batch_alter_table('speakers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_speakers_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_speakers_registration_id'))

    op.drop_table('speakers')
    with op.batch_alter_table('session_wishes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_wishes_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_session_wishes_session_id'))

    op.drop_table('session_wishes')
    with op.batch_alter_table('session_sign_ups', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_sign_ups_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_session_sign_ups_registration_id'))

    op.drop_table('session_sign_ups')
    with op.batch_alter_table('session_picks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_picks_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_session_picks_session_id'))

    op.drop_table('session_picks')
    with op.batch_alter_table('proposals', schema=None) as batch_op:
        batch_op.drop_index('ix_proposals_workshop')
        batch_op.drop_index(batch_op.f('ix_proposals_track_id'))
        batch_op.drop_index(batch_op.f('ix_proposals_session_id'))
        batch_op.drop_index(batch_op.f('ix_proposals_registration_id'))

    op.drop_table('proposals')
    with op.batch_alter_table('feedback_given', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_given_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_feedback_given_session_id'))

    op.drop_table('feedback_given')
    with op.batch_alter_table('feedback', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_feedback_session_id'))

    op.drop_table('feedback')
    with op.batch_alter_table('distributed_sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_distributed_sessions_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_distributed_sessions_distribution_id'))

    op.drop_table('distributed_sessions')
    with op.batch_alter_table('agenda_edits', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agenda_edits_session_id'))
        batch_op.drop_index('ix_agenda_edits_editor')

    op.drop_table('agenda_edits')
    with op.batch_alter_table('session_distributions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_distributions_workshop_id'))

    op.drop_table('session_distributions')
    op.drop_table('calls')
    op.drop_table('agenda_releases')
    with op.batch_alter_table('agenda_imports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agenda_imports_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_agenda_imports_account_id'))

    op.drop_table('agenda_imports')
    with op.batch_alter_table('workshops', schema=None) as batch_op:
        batch_op.drop_column('agenda_is_private')
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.drop_index('uq_registrations_id_workshop_id')
    with op.batch_alter_table('agenda_sessions', schema=None) as batch_op:
        batch_op.alter_column('speakers', existing_type=sa.String(length=300), nullable=False)
        batch_op.drop_constraint('seats_positive', type_='check')
        batch_op.drop_constraint('minutes_sensible', type_='check')
        batch_op.drop_constraint('placed_or_not', type_='check')
        batch_op.drop_constraint('sign_up', type_='check')
        batch_op.drop_constraint(batch_op.f('uq_agenda_sessions_id_workshop_id'), type_='unique')
        batch_op.alter_column('ends_at', existing_type=INSTANT, nullable=False)
        batch_op.alter_column('starts_at', existing_type=INSTANT, nullable=False)
        batch_op.drop_column('deleted_at')
        batch_op.drop_column('sign_up')
        batch_op.drop_column('seats')
        batch_op.drop_column('minutes')
        batch_op.drop_column('language')


def _table(name: str, *columns: str, **typed: Any) -> sa.TableClause:
    return sa.table(
        name, *(sa.column(c) for c in columns), *(sa.column(c, kind) for c, kind in typed.items())
    )


SESSIONS = _table(
    *('agenda_sessions', 'id', 'workshop_id', 'track_id', 'room_id', 'uid', 'kind', 'title'),
    *('abstract', 'speakers', 'version'),
    starts_at=INSTANT,
    ends_at=INSTANT,
    updated_at=INSTANT,
)
SPEAKERS = _table(
    *('speakers', 'id', 'workshop_id', 'name', 'organisation', 'email', 'about', 'version'),
    created_at=INSTANT,
)
WORKSHOPS = _table('workshops', 'id', agenda_released_at=INSTANT)
TRACKS = _table('tracks', 'id', 'workshop_id', 'name', 'summary', 'colour', 'position')
ROOMS = _table('rooms', 'id', 'workshop_id', 'name', 'seats', 'equipment', 'position')
RELEASES = _table(
    *('agenda_releases', 'workshop_id', 'number', 'comment'), released_at=INSTANT, content=sa.JSON()
)
PEOPLE = _table('session_people', 'session_id', 'speaker_id', 'role', 'workshop_id', 'position')


def move_speakers() -> None:
    """Speakers that stood as text become people, one for each part between semicolons."""
    connection = op.get_bind()
    known: dict[tuple[int, str, str], int] = {}
    found = sa.select(SESSIONS.c.id, SESSIONS.c.workshop_id, SESSIONS.c.speakers)
    for session in connection.execute(found.where(SESSIONS.c.speakers != '')).all():
        here: list[int] = []
        for part in session.speakers.split(';'):
            name, _comma, organisation = (piece.strip() for piece in part.partition(','))
            if not name:
                continue
            key = (session.workshop_id, name, organisation)
            if key not in known:
                known[key] = connection.execute(
                    SPEAKERS.insert()
                    .values(
                        workshop_id=session.workshop_id,
                        name=name[:200],
                        organisation=organisation[:200],
                        email='',
                        about='',
                        version=1,
                        created_at=datetime.now(UTC),
                    )
                    .returning(SPEAKERS.c.id)
                ).scalar_one()
            if known[key] not in here:
                here.append(known[key])
        for position, speaker_id in enumerate(here):
            connection.execute(
                PEOPLE.insert().values(
                    session_id=session.id,
                    speaker_id=speaker_id,
                    role='speaker',
                    workshop_id=session.workshop_id,
                    position=position,
                )
            )


def release_what_is_shown() -> None:
    """An agenda that was published becomes release 1, in format 1 of app/agenda/releases/snapshot.py."""
    connection = op.get_bind()
    shown = sa.select(WORKSHOPS.c.id, WORKSHOPS.c.agenda_released_at)
    for workshop in connection.execute(shown.where(WORKSHOPS.c.agenda_released_at.isnot(None))):
        content = {
            'format': 1,
            'topics': _rows(TRACKS, workshop.id, 'id', 'name', 'summary', 'colour'),
            'rooms': _rows(ROOMS, workshop.id, 'id', 'name', 'seats', 'equipment'),
            'speakers': [],
            'sessions': _frozen_sessions(workshop.id),
            'cancelled': [],
        }
        connection.execute(
            RELEASES.insert().values(
                workshop_id=workshop.id,
                number=1,
                comment='',
                released_at=_utc(workshop.agenda_released_at),
                content=content,
            )
        )


def _rows(table: Any, workshop_id: int, *columns: str) -> list[dict[str, Any]]:
    query = sa.select(*(table.c[name] for name in columns)).where(table.c.workshop_id == workshop_id)
    found = op.get_bind().execute(query.order_by(table.c.position, table.c.name))
    return [dict(row._mapping) for row in found]


def _frozen_sessions(workshop_id: int) -> list[dict[str, Any]]:
    connection = op.get_bind()
    people: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(
        sa.select(PEOPLE.c.session_id, SPEAKERS.c.id, SPEAKERS.c.name, SPEAKERS.c.organisation)
        .join_from(PEOPLE, SPEAKERS, SPEAKERS.c.id == PEOPLE.c.speaker_id)
        .where(PEOPLE.c.workshop_id == workshop_id)
        .order_by(PEOPLE.c.session_id, PEOPLE.c.position)
    ):
        person = {'id': row.id, 'name': row.name, 'organisation': row.organisation}
        people.setdefault(row.session_id, []).append({**person, 'role': 'speaker'})
    found = sa.select(SESSIONS).where(SESSIONS.c.workshop_id == workshop_id)
    return [
        {
            **{name: getattr(s, name) for name in ('id', 'uid', 'kind', 'title', 'abstract')},
            **{'track_id': s.track_id, 'room_id': s.room_id, 'language': 'de'},
            **{'seats': None, 'sign_up': 'none', 'people': people.get(s.id, [])},
            'starts_at': _utc(s.starts_at).isoformat(),
            'ends_at': _utc(s.ends_at).isoformat(),
            # Calendars have seen the session's version as its sequence until now.
            'sequence': s.version,
            'changed_at': _utc(s.updated_at).isoformat(),
        }
        for s in connection.execute(found.order_by(SESSIONS.c.starts_at, SESSIONS.c.id))
    ]


def _utc(at: datetime) -> datetime:
    """SQLite forgets that its instants are UTC."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def move_speakers_back() -> None:
    """People become text again."""
    connection = op.get_bind()
    names: dict[int, list[str]] = {}
    for row in connection.execute(
        sa.select(PEOPLE.c.session_id, SPEAKERS.c.name, SPEAKERS.c.organisation)
        .join_from(PEOPLE, SPEAKERS, SPEAKERS.c.id == PEOPLE.c.speaker_id)
        .where(PEOPLE.c.role == 'speaker')
        .order_by(PEOPLE.c.session_id, PEOPLE.c.position)
    ):
        label = ', '.join(filter(None, (row.name, row.organisation)))
        names.setdefault(row.session_id, []).append(label)
    connection.execute(SESSIONS.update().values(speakers=''))
    for session_id, labels in names.items():
        text = '; '.join(labels)[:300]
        connection.execute(
            SESSIONS.update().where(SESSIONS.c.id == session_id).values(speakers=text)
        )
