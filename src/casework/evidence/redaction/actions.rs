//! Registering what a redaction made.

use serde_json::Value;

use super::{
    model::{Material, Words},
    store::{self, New},
};
use crate::{
    audit::{self, Entry},
    casework::{
        evidence::{
            actions::{ALARM, Arrived, changeable, insert_item, keep_blob, set_withheld},
            model::{Details, Kind},
            scrub::open_among,
            store::Item,
        },
        lead,
    },
    directory::people::Compiler,
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        vault::Stored,
    },
};

/// A file that lacks something, in the vault.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub stored: Stored,
    pub name: String,
    pub material: Material,
    /// Where it was that is not there any more.
    pub plan: Value,
    /// How many rectangles, columns or passages that is.
    pub removed: usize,
}

/// Registers it beside its original, and withholds that where it is to be. Gives the new item, and whether its bytes were
/// stored before.
///
/// # Errors
/// `NotFound` for an item that isn't there; `Conflict` where the lead is not the actor's or no draft, or an alarm is open about
/// the same bytes.
pub(super) fn register(
    tx: &mut Tx<'_>,
    me: &Compiler,
    original_id: Id,
    words: &Words,
    made: &Made,
) -> Result<(Id, bool)> {
    let original = changeable(tx, me, original_id)?;
    if !open_among(tx.conn(), &[original.blob_id])?.is_empty() {
        return Err(AppError::Conflict(ALARM));
    }
    let lead = lead::store::find_visible(tx.conn(), me, original.lead_id)?;
    let (blob, is_surplus) = keep_blob(tx, &made.stored)?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == original.kind).unwrap_or(Kind::File);
    let arrived = Arrived { name: made.name.clone(), kind, stored: made.stored.clone() };
    let details = details(&original, me, tx);
    let id = insert_item(tx, Some(me.id), original.lead_id, &arrived, blob, &details, lead.synthetic)?;
    let plan = serde_json_canonicalizer::to_string(&made.plan)?;
    let new = New {
        evidence_id: id,
        original: &original,
        kind: made.material.as_str(),
        plan: &plan,
        reason: &words.reason,
        by: me.id,
    };
    store::insert(tx, &new)?;
    let entry = Entry::new("evidence.redact")
        .object("evidence", id)
        .object("redacted", original_id)
        .object("lead", original.lead_id)
        .fact("sha256", data_encoding::HEXLOWER.encode(&made.stored.sha256))
        .fact("original_sha256", original.blob.sha256_hex())
        .fact("material", made.material.as_str())
        .fact("removed", made.removed)
        .private("reason", words.reason.as_str());
    audit::record(tx, entry)?;
    if words.withholds && !original.withheld {
        set_withheld(tx, me, original_id, Some(&words.reason))?;
    }
    Ok((id, is_surplus))
}

/// What is said of the new item, in the language of the papers that it goes out with. Description, medium, holder, quantity,
/// remark and witness are left out: those of the original may say what was removed.
fn details(original: &Item, me: &Compiler, tx: &Tx<'_>) -> Details {
    let number = original.position;
    Details {
        category: original.category.clone(),
        description: String::new(),
        // It goes along to the agency, unlike the original: of a withheld file its hash lets anybody try what was removed.
        source: format!("遮蔽自本线索证据第{number}项"),
        collected_by: me.name.clone(),
        collected_at: Some(tx.now()),
        method: "遮蔽处理".into(),
        tool: concat!("Lead Handoff ", env!("CARGO_PKG_VERSION")).into(),
        medium: String::new(),
        holder: String::new(),
        quantity: String::new(),
        remark: String::new(),
        witness: String::new(),
        withheld: false,
        withheld_reason: String::new(),
    }
}
