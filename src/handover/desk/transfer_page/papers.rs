//! The dossier's files, its evidence list, how it was delivered.

use super::{DeliveryLine, ItemLine, Paper, Sight};
use crate::{
    casework::dossier::{encrypted as package, receipt::Strength},
    directory::{
        agencies::keys::{model::short, pages::shorts},
        people::Recorder,
        reference::categories,
    },
    handover::{
        delivery::{
            replacement::{
                actions::{Of, Rest},
                pages::{Original, ScanLine, Scans},
            },
            store::{DeliveryRow, DossierRow},
        },
        desk::{detail::Detail, items::Item},
        remedy::model::Remedy,
        transfer::{model::State, papers::PaperRow},
    },
    platform::{db::Id, file_size, http::view::Link, paths},
};

/// The files of a signed receipt; where there are none, or not all, a sentence says why.
pub struct SignedReceipt {
    pub files: Vec<Link>,
    /// How it was signed; empty: it is not known, or there is none.
    pub kind: String,
    pub note: String,
}

/// How many items of evidence the agency has and how many it was not given; `None`: it has all.
fn kept_back(s: &Sight<'_>) -> Option<(String, String)> {
    let withheld = s.d.items.iter().filter(|item| item.commitment.is_some()).count();
    (withheld > 0).then(|| ((s.d.items.len() - withheld).to_string(), withheld.to_string()))
}

/// What stands above the evidence list.
pub(super) fn items_title(s: &Sight<'_>) -> String {
    match kept_back(s) {
        Some((given, withheld)) => {
            s.c.ta("transfer-items-partly", &[("given", &given), ("withheld", &withheld)])
        }
        None => s.c.tn("transfer-items", s.d.items.len()),
    }
}

pub(super) fn papers(s: &Sight<'_>) -> Vec<Paper> {
    let Some((_, dossier)) = s.d.deliveries.first().filter(|_| !is_taken_back(s)) else { return Vec::new() };
    let at = paths::dossier(dossier.id);
    let paper = |file: &str, key: &str, note: String| Paper {
        href: format!("{at}/{file}"),
        label: s.c.t(format!("transfer-paper-{key}")),
        note,
    };
    let mut papers = vec![
        paper("package.zip", "package", s.d.package.map_or_else(String::new, size)),
        paper("letter.pdf", "letter", "PDF".into()),
        paper("dossier.pdf", "dossier", "PDF".into()),
    ];
    if let Some((given, withheld)) = kept_back(s) {
        papers[0].label =
            s.c.ta("transfer-paper-package-partly", &[("given", &given), ("withheld", &withheld)]);
    }
    if let Some(encrypted) = encrypted(s) {
        // What somebody else may find on its way is the encrypted one; the other one stays, told for what it is.
        papers[0].note = format!("{} · {}", papers[0].note, s.c.t("transfer-paper-plain"));
        papers.insert(0, encrypted);
    }
    // What was delivered before stays the agency's to read; what came twice is one paper, of the last time.
    let mut listed = vec![dossier.id];
    for (delivery, earlier) in &s.d.deliveries {
        if listed.contains(&earlier.id) {
            continue;
        }
        listed.push(earlier.id);
        papers.push(Paper {
            href: paths::dossier(earlier.id),
            label: s.c.tv("transfer-paper-earlier", "version", earlier.version),
            note: s.time(delivery.sent_at),
        });
    }
    papers
}

/// The package encrypted to the keys of the transfer's agency, where it has some. What was forwarded is encrypted to its
/// keys for itself alone: to the platform the dossier is that of the agency it was made for.
fn encrypted(s: &Sight<'_>) -> Option<Paper> {
    let (_, dossier) = s.d.deliveries.first().filter(|_| !is_taken_back(s))?;
    let is_theirs = s.is_agency() || dossier.agency_id == s.d.row.agency_id;
    (is_theirs && !s.d.keys.is_empty()).then(|| Paper {
        href: format!("{}/{}", paths::dossier(dossier.id), package::NAME),
        label: s.c.t("transfer-paper-encrypted"),
        note: shorts(&s.d.keys).iter().map(|key| format!("{key} …")).collect::<Vec<_>>().join(" · "),
    })
}

/// How the encrypted package is opened; empty: there is none.
pub(super) fn encrypted_note(s: &Sight<'_>) -> String {
    encrypted(s).map(|_| s.c.t("dossier-encrypted-text")).unwrap_or_default()
}

/// Whether the agency can't have the files any more, because the platform took the transfer back.
fn is_taken_back(s: &Sight<'_>) -> bool {
    s.is_agency() && s.d.standing.state == State::Withdrawn
}

fn size(bytes: i64) -> String {
    file_size::short(bytes.cast_unsigned())
}

pub(super) fn items(s: &Sight<'_>) -> Vec<ItemLine> {
    if is_taken_back(s) {
        return Vec::new();
    }
    let lang = s.c.language;
    let line = |item: &Item| ItemLine {
        number: item.number,
        name: if item.commitment.is_some() { s.c.t("transfer-item-withheld") } else { item.name.clone() },
        category: categories().get(&item.category).map_or(item.category.clone(), |k| k.name(lang).to_owned()),
        size: if item.commitment.is_some() { String::new() } else { size(item.size) },
        withheld: item.commitment.is_some(),
    };
    s.d.items.iter().map(line).collect()
}

pub(super) fn deliveries(s: &Sight<'_>) -> Vec<DeliveryLine> {
    let line = |(delivery, dossier): &(DeliveryRow, DossierRow)| {
        let parts = [
            delivery.handed_on.map(|day| s.day(day)).unwrap_or_default(),
            delivery.handed_by.clone(),
            delivery.handed_to.clone(),
            delivery.tracking_number.clone(),
        ];
        let receipt = format!("{}/receipt/{}", paths::transfer(s.d.row.id), delivery.id);
        let has_receipt = delivery.receipt_blob_id.is_some() && !s.is_agency();
        let acknowledged = s.d.steps.iter().any(|step| step.receives(delivery.id));
        let on_paper = delivery.is_by_hand() || (!s.d.has_accounts && !acknowledged);
        let upload = delivery.receipt_blob_id.is_none() && on_paper && !s.is_agency();
        let upload = upload.then(|| Link::new(s.c.t("transfer-do-receipt"), format!("{receipt}/new")));
        let first = Original {
            id: delivery.id,
            href: receipt.clone(),
            name: &delivery.receipt_name,
            at: delivery.receipt_at,
            by: None,
        };
        let replace = may_replace(s, Of::Receipt(delivery.id)).then(|| format!("{receipt}/replace"));
        let receipt = has_receipt.then(|| replaced(s).line(&first, replace));
        DeliveryLine {
            version: s.c.tv("dossier-version", "n", dossier.version),
            sent: s.time(delivery.sent_at),
            sent_iso: delivery.sent_at.to_string(),
            channel: s.c.t(format!("transfer-channel-{}", delivery.channel)),
            hand: parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · "),
            hash: dossier.manifest.as_deref().map(|m| data_encoding::HEXLOWER.encode(m)).unwrap_or_default(),
            encrypted: s.d.encrypted.get(&delivery.id).into_iter().flatten().map(|key| short(key)).collect(),
            dossier_href: paths::dossier(dossier.id),
            acknowledged,
            receipt,
            upload,
            signed: acknowledged.then(|| signed(s, delivery.id)),
        }
    };
    s.d.deliveries.iter().map(line).collect()
}

/// The signed receipt of an acknowledged delivery, for both sides.
fn signed(s: &Sight<'_>, delivery: Id) -> SignedReceipt {
    let at = format!("{}/receipts/{delivery}", paths::transfer(s.d.row.id));
    let file = |ending: &str, label: &str| Link::new(label, format!("{at}.{ending}"));
    let signature = || file("sig", "receipt.sig");
    let receipt = s.d.receipts.get(&delivery);
    let (mut files, note) = match receipt {
        Some(one) if one.is_there => {
            let paper = file("pdf", &s.c.t("transfer-signed-paper"));
            (vec![paper, file("json", "receipt.json"), signature()], "transfer-signed-hint")
        }
        Some(_) => (vec![signature()], "transfer-signed-erased"),
        None => (Vec::new(), "transfer-signed-none"),
    };
    let strength = receipt.and_then(|one| one.strength.parse::<Strength>().ok());
    if strength == Some(Strength::Passkey) && receipt.is_some_and(|one| one.is_there) {
        files.push(file("pem", &s.c.t("transfer-signed-key")));
    }
    let kind = strength.map(|strength| match strength {
        Strength::Passkey => "transfer-signed-by-passkey",
        Strength::PasswordAndCode => "transfer-signed-by-code",
        Strength::Paper => "transfer-signed-by-paper",
    });
    SignedReceipt { files, kind: kind.map(|key| s.c.t(key)).unwrap_or_default(), note: s.c.t(note) }
}

fn replaced<'a>(s: &'a Sight<'_>) -> Scans<'a> {
    Scans {
        c: s.c,
        zone: s.at.zone,
        names: &s.d.names,
        texts: &s.d.texts,
        replaced: &s.d.replaced,
        base: paths::transfer(s.d.row.id),
    }
}

/// Whether the reader can hand in another scan for a wrong one.
fn may_replace(s: &Sight<'_>, of: Of) -> bool {
    let longer = s.d.extensions.iter().filter_map(Rest::of_extension);
    let decided = s.d.remedy.iter().flat_map(Remedy::all);
    let decided = decided.filter_map(|taken| Some(Rest { paper: taken.paper?, at: taken.at }));
    let others: Vec<Rest> = longer.chain(decided).collect();
    let is_own = matches!(of, Of::Paper(id) if s.d.own_answers.contains(&id));
    !s.is_agency()
        && s.me.has_any(Recorder::ROLES)
        && !is_own
        && !of.is_of_sender(&s.d.steps, &others, &s.d.first_senders, s.me.id)
}

/// The scanned papers that steps were recorded from.
pub(super) fn scans(s: &Sight<'_>) -> Vec<ScanLine> {
    let at = format!("{}/papers", paths::transfer(s.d.row.id));
    let line = |paper: &PaperRow| {
        let first = Original {
            id: paper.id,
            href: format!("{at}/{}", paper.id),
            name: &paper.name,
            at: Some(paper.at),
            by: Some(paper.uploaded_by),
        };
        let replace = may_replace(s, Of::Paper(paper.id)).then(|| format!("{at}/{}/replace", paper.id));
        replaced(s).line(&first, replace)
    };
    s.d.scans.iter().map(line).collect()
}

/// A hash of the newest dossier that was delivered, as hex digits; empty: there is none.
pub(super) fn newest_hash(d: &Detail, of: impl Fn(&DossierRow) -> Option<&[u8]>) -> String {
    let newest = d.deliveries.first().and_then(|(_, dossier)| of(dossier));
    newest.map(|hash| data_encoding::HEXLOWER.encode(hash)).unwrap_or_default()
}
