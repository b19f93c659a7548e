DROP TRIGGER entry_is_told;

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

DELETE FROM happening WHERE entry_id IN (SELECT id FROM audit_entry WHERE verb IN (
    'person.create', 'person.set-roles', 'person.disable', 'person.enable', 'person.reset-password',
    'second-factor.remove', 'invitation.create', 'invitation.revoke', 'mail.fail', 'agency.create', 'agency.change',
    'agency.close', 'agency.import', 'region.import', 'calendar.import'));
