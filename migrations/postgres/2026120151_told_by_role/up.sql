-- What changed is told to every role: the entries about accounts, mail, agencies and reference data too are kept apart from
-- the looks, for administrators. Those on record already are taken in.
DROP TRIGGER entry_is_told ON audit_entry;

CREATE TRIGGER entry_is_told AFTER INSERT ON audit_entry
FOR EACH ROW WHEN (NEW.outcome = 'done' AND NEW.verb IN (
    'lead.assign', 'lead.hand_over', 'lead.submit', 'lead.approve', 'lead.return', 'lead.withdraw', 'lead.reopen', 'lead.trash',
    'lead.restore', 'review.withdraw', 'dossier.package', 'transfer.send', 'transfer.acknowledge',
    'transfer.receipt', 'transfer.accept', 'transfer.refuse', 'transfer.return', 'transfer.request_supplement',
    'transfer.forward', 'transfer.not_ours', 'transfer.not_pass_on', 'transfer.withdraw', 'transfer.file',
    'transfer.not_file', 'transfer.message', 'transfer.extend_deadline', 'transfer.serve_no_filing',
    'transfer.waive_reconsideration', 'transfer.ask_reconsideration', 'transfer.decide_reconsideration',
    'transfer.waive_review', 'transfer.ask_review', 'transfer.decide_review', 'case.step', 'case.reopen',
    'case.paper', 'outcome.propose', 'outcome.take_back', 'outcome.confirm', 'outcome.reject',
    'person.create', 'person.set-roles', 'person.disable', 'person.enable', 'person.reset-password',
    'second-factor.remove', 'invitation.create', 'invitation.revoke', 'mail.fail', 'agency.create', 'agency.change',
    'agency.close', 'agency.import', 'region.import', 'calendar.import'))
EXECUTE FUNCTION entry_is_told();

INSERT INTO happening (entry_id) SELECT id FROM audit_entry
WHERE outcome = 'done' AND verb IN (
    'person.create', 'person.set-roles', 'person.disable', 'person.enable', 'person.reset-password',
    'second-factor.remove', 'invitation.create', 'invitation.revoke', 'mail.fail', 'agency.create', 'agency.change',
    'agency.close', 'agency.import', 'region.import', 'calendar.import');
