-- What changed for somebody since they were last here: the entries of the log that tell of a happening, apart from the many
-- that tell of a look. Kept by the database beside the log, in its order.
CREATE TABLE happening (
    entry_id BLOB NOT NULL REFERENCES audit_entry (id),
    PRIMARY KEY (entry_id)
);

CREATE TRIGGER entry_is_told AFTER INSERT ON audit_entry
WHEN NEW.outcome = 'done' AND NEW.verb IN (
    'lead.assign', 'lead.hand_over', 'lead.submit', 'lead.approve', 'lead.return', 'lead.withdraw', 'lead.reopen', 'lead.trash',
    'lead.restore', 'review.withdraw', 'dossier.package', 'transfer.send', 'transfer.acknowledge',
    'transfer.receipt', 'transfer.accept', 'transfer.refuse', 'transfer.return', 'transfer.request_supplement',
    'transfer.forward', 'transfer.not_ours', 'transfer.not_pass_on', 'transfer.withdraw', 'transfer.file',
    'transfer.not_file', 'transfer.message', 'transfer.extend_deadline', 'transfer.serve_no_filing',
    'transfer.waive_reconsideration', 'transfer.ask_reconsideration', 'transfer.decide_reconsideration',
    'transfer.waive_review', 'transfer.ask_review', 'transfer.decide_review', 'case.step', 'case.reopen',
    'case.paper', 'outcome.propose', 'outcome.take_back', 'outcome.confirm', 'outcome.reject')
BEGIN INSERT INTO happening (entry_id) VALUES (NEW.id); END;

-- What somebody has told the first page: up to when they have seen what changed, and that they need no hint any more.
CREATE TABLE person_mark (
    person_id BLOB NOT NULL REFERENCES person (id),
    seen_until BIGINT,
    hint_away_at BIGINT,
    PRIMARY KEY (person_id)
);

-- What is looked for by number alone, whosever it is.
CREATE INDEX transfer_number_agency_id ON transfer (number, agency_id);

CREATE INDEX dossier_folder ON dossier (folder);
