# lead-handoff evidence migrate: what a move of the stored files says
migrate-progress-file = Stored file { $done } of { $all }
migrate-progress-piece = Piece { $done } of { $all }
migrate-file = stored file { $id }
migrate-piece = piece { $id } of a file on its way
migrate-files = { $n ->
    [one] 1 file
   *[other] { $n } files
}
migrate-bytes = { $n ->
    [one] 1 byte
   *[other] { $n } bytes
}
migrate-or = { $from } or { $to }
migrate-told = { $store }: { $why }
migrate-told-with-cause = { $store }: { $why }: { $cause }
migrate-why-full = the evidence store is full
migrate-why-away = the evidence store can’t be reached
migrate-why-no-folder = there is no folder { $folder }
migrate-why-setting = the evidence store’s address must be a folder or s3://bucket/prefix: { $setting }
migrate-missing = { $object }: it is neither in { $from } nor in { $to }
migrate-damaged = { $object }: it is not in { $from } as it was registered, nor in { $to }
migrate-arrives-damaged = { $object }: what arrives in { $to } is damaged
migrate-same-place = { $from } and { $to } are the same place, or one lies in the other
migrate-empty = { $from } is empty, and something should be there ({ $files }): is it the right store?
migrate-held = evidence is being moved into { $to } by another run of this command: let it come to its end. One that was killed is forgotten after { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
}
migrate-lost = { $to }: another run has begun meanwhile, as nothing was heard of this one. Once it has ended, run this again with --deep: what arrived last was not read back
migrate-brought = Brought to { $to }: { $files }, { $bytes }. There before: { $there }.
migrate-pieces = Pieces of files that are still on their way are among them: { $pieces }.
migrate-again = What has arrived stays there. Run this again when that is mended: it goes on from here.
migrate-not-brought = Not brought: { $files }. Leave { $from } as it is; `lead-handoff check` says more.
migrate-switch = Everything is there. To switch:
migrate-switch-set = Set LEAD_HANDOFF_EVIDENCE_URL={ $to }
migrate-switch-fallback = and LEAD_HANDOFF_EVIDENCE_FALLBACK_URL={ $from }, and restart every server.
migrate-switch-again = Run this command once more: it brings what came meanwhile.
migrate-switch-end = Take LEAD_HANDOFF_EVIDENCE_FALLBACK_URL out, and restart every server.
migrate-switched = Everything is there, and evidence is kept there. If every server was restarted with it, LEAD_HANDOFF_EVIDENCE_FALLBACK_URL can be taken out; { $from } is needed no longer.
migrate-done = Everything is there.
# lead-handoff evidence stamp: what asking for missing time stamps says
stamp-unset = no authority for time stamps is configured (LEAD_HANDOFF_TIMESTAMP_URL)
stamp-progress = Stamp { $done } of { $all }
stamp-asked = { $n ->
    [one] 1 stamp
   *[other] { $n } stamps
} asked for.
stamp-none = No stamp is missing: every stored file of an item and every seal was asked for.
stamp-standing = Asked for so far: { $asked }. Waited for: { $outstanding }. Given up: { $failed }.
